// The rpm package, made by rpmbuild.
// In: the source tree, the executable. Out: falco-VERSION-1.ARCHITECTURE.rpm; its path.
// Elsewhere: what it installs (files.ts), its description and scripts (packaging/rpm/falco.spec).

import { join } from "node:path";
import { ABOUT, ARCHITECTURES, EPOCH } from "./about.ts";
import { buildTimeS } from "./build_time.ts";
import { type PackagedFile, packagedFiles } from "./files.ts";
import { scriptParts } from "./maintainer_scripts.ts";
import type { PackageRequest } from "./package_request.ts";
import { runTool } from "./run_tool.ts";
import { filled, stage } from "./stage.ts";

export async function buildRpm(
  { root, executable, version, output, isQuick }: PackageRequest,
): Promise<string> {
  const architecture = ARCHITECTURES[Deno.build.arch].rpm;
  const name = `falco-${version}-1.${architecture}.rpm`;
  const folder = Deno.makeTempDirSync({ prefix: "falco-rpm-" });
  try {
    const files = packagedFiles(root, executable, "rpm");
    stage(join(folder, "stage"), files);
    const spec = filled(Deno.readTextFileSync(join(root, "packaging", "rpm", "falco.spec")), {
      ...scriptParts(root),
      EPOCH: `${EPOCH}`,
      VERSION: version,
      MAINTAINER: ABOUT.maintainer,
      SUMMARY: ABOUT.summary,
      DESCRIPTION: ABOUT.description.join("\n"),
      PAYLOAD: isQuick ? "w1.gzdio" : "w1T2.xzdio",
      STAGE: join(folder, "stage"),
      FILES: fileLines(files),
    });
    Deno.writeTextFileSync(join(folder, "falco.spec"), spec);
    await runTool("rpmbuild", {
      args: [
        ...["-bb", "--quiet", "--target", architecture],
        ...["--define", `_topdir ${folder}`, "--define", `_tmppath ${folder}`],
        join(folder, "falco.spec"),
      ],
      env: { SOURCE_DATE_EPOCH: `${buildTimeS()}`, HOME: folder },
    });
    const target = join(output, name);
    Deno.copyFileSync(join(folder, "RPMS", architecture, name), target);
    return target;
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function fileLines(files: readonly PackagedFile[]): string {
  return files.map(({ path, content, mode }) => {
    if (content !== undefined && "link" in content) return path;
    const attributes = `%attr(${mode.toString(8).padStart(4, "0")}, root, root)`;
    const kind = content === undefined
      ? "%dir "
      : path.startsWith("/usr/share/man/")
      ? "%doc "
      : path.startsWith("/usr/share/licenses/")
      ? "%license "
      : "";
    return `${attributes} ${kind}${path}`;
  }).join("\n");
}
