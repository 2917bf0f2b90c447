// The Debian package, made by dpkg-deb.
// In: the source tree, the executable. Out: falco_VERSION_ARCHITECTURE.deb; its path.
// Elsewhere: what it installs (files.ts), its scripts (packaging/debian/).

import { createHash } from "node:crypto";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { ABOUT, ARCHITECTURES, EPOCH } from "./about.ts";
import { buildDateTime, buildTimeS } from "./build_time.ts";
import { packagedFiles } from "./files.ts";
import { scriptParts } from "./maintainer_scripts.ts";
import type { PackageRequest } from "./package_request.ts";
import { runTool } from "./run_tool.ts";
import { filled, settle, stage } from "./stage.ts";

const SCRIPTS = ["preinst", "postinst", "prerm", "postrm"];

export async function buildDeb(
  { root, executable, version, output, isQuick }: PackageRequest,
): Promise<string> {
  const architecture = ARCHITECTURES[Deno.build.arch].deb;
  const target = join(output, `falco_${version}_${architecture}.deb`);
  const folder = Deno.makeTempDirSync({ prefix: "falco-deb-" });
  try {
    const source = (name: string) => Deno.readTextFileSync(join(root, "packaging", "debian", name));
    const about = {
      VERSION: `${EPOCH}:${version}`,
      PROGRAM_VERSION: version,
      MAINTAINER: ABOUT.maintainer,
      SUMMARY: ABOUT.summary,
      DATE: buildDateTime(),
    };
    const changelog = gzipSync(filled(source("changelog"), about), { level: 9 });
    const files = [
      ...packagedFiles(root, executable, "deb"),
      { path: "/usr/share/doc/falco/changelog.gz", content: new Uint8Array(changelog), mode: 0o644 },
    ];
    stage(folder, files);
    const control = join(folder, "DEBIAN");
    Deno.mkdirSync(control);
    const write = (name: string, text: string, mode = 0o644) => {
      Deno.writeTextFileSync(join(control, name), text);
      Deno.chmodSync(join(control, name), mode);
    };
    const sums = files.filter(({ content }) => content !== undefined && !("link" in content)).map(
      ({ path }) => {
        const bytes = Deno.readFileSync(join(folder, path));
        const sum = createHash("md5").update(bytes).digest("hex");
        return { bytes: bytes.length, line: `${sum}  ${path.slice(1)}\n` };
      },
    );
    const bytes = sums.reduce((sum, file) => sum + file.bytes, 0);
    write(
      "control",
      filled(source("control"), {
        ...about,
        ARCHITECTURE: architecture,
        INSTALLED_KIB: `${Math.ceil(bytes / 1024)}`,
        DESCRIPTION: ABOUT.description.map((line) => ` ${line}`).join("\n"),
      }),
    );
    write("md5sums", sums.map(({ line }) => line).join(""));
    for (const name of SCRIPTS) write(name, filled(source(name), scriptParts(root)), 0o755);
    settle(folder);
    await runTool("dpkg-deb", {
      args: [
        ...["--root-owner-group", ...isQuick ? ["-Zgzip", "-z1"] : ["-Zxz", "-z1"]],
        ...["--build", folder, target],
      ],
      env: { SOURCE_DATE_EPOCH: `${buildTimeS()}` },
    });
    return target;
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}
