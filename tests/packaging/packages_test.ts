// The packages as users get them: installed, run, upgraded and removed in a root of their own; the unit's capabilities.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { runs } from "../../scripts/compile/toolchain.ts";
import { placeExecutable } from "../support/executable.ts";
import { buildPackages } from "../../scripts/package.ts";
import { ARCHITECTURES } from "../../scripts/package/about.ts";
import type { PackageFormat } from "../../scripts/package/files.ts";
import { PACKAGE_NEEDS } from "../../scripts/package/needs.ts";
import type { PackageRequest } from "../../scripts/package/package_request.ts";
import { liveRefusal } from "../live/falco_process.ts";
import { call, InstallRoot } from "./install_root.ts";
import { PROJECT } from "../support/program.ts";

const UNIT = `${PROJECT}packaging/systemd/falco-modern-bpf.service`;
const CALLED_FIRST = ["enable falco-modern-bpf.service", "restart falco-modern-bpf.service"];

const folder = Deno.makeTempDirSync({ prefix: "falco-packages-" });
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const executable = join(folder, "falco");
const { deb: debArchitecture, rpm: rpmArchitecture } = ARCHITECTURES[Deno.build.arch];
const DEB = `falco_0.0.1_${debArchitecture}.deb`;
const RPM = `falco-0.0.1-1.${rpmArchitecture}.rpm`;

const TOOLS: Readonly<Record<string, boolean>> = {
  root: Deno.uid() === 0,
  busybox: runs("busybox", "true"),
  "dpkg-deb": PACKAGE_NEEDS.deb.isMet(),
  rpmbuild: PACKAGE_NEEDS.rpm.isMet(),
  "systemd-analyze": runs("systemd-analyze", "--version"),
  setpriv: runs("setpriv", "--version"),
  "a kernel with BTF": await liveRefusal() === null,
};

function test(name: string, tools: readonly string[], fn: () => Promise<void>): void {
  const missing = tools.filter((tool) => !TOOLS[tool]);
  const reason = missing.length === 0 ? "" : ` (skipped: needs ${missing.join(", ")})`;
  Deno.test({ name: `${name}${reason}`, ignore: reason !== "", fn });
}

/** In place of the executable, where only the packages' scripts ask it whether /etc/falco is fine: not with these rules. */
const STAND_IN = join(folder, "stand_in");
const MISFIT = "# does not fit";
Deno.writeTextFileSync(
  STAND_IN,
  `#!/bin/sh\nif grep -q '${MISFIT}' /etc/falco/falco_rules.yaml; then echo 'no such rule'; exit 1; fi\n`,
);
Deno.chmodSync(STAND_IN, 0o755);

function build(formats: readonly PackageFormat[], request: Partial<PackageRequest> = {}): Promise<string[]> {
  return buildPackages(formats, {
    root: PROJECT,
    executable: STAND_IN,
    version: "0.0.1",
    output: join(folder, "packages"),
    isQuick: true,
    ...request,
  });
}

function digest(path: string): string {
  return createHash("sha256").update(Deno.readFileSync(path)).digest("hex");
}

/** A later version whose settings and rules have another last line. */
async function laterDeb(version: string, line: string): Promise<string> {
  const [deb] = await build(["deb"], { version }) as [string];
  const tree = join(folder, version);
  const later = join(folder, `${version}.deb`);
  assert.equal((await call("dpkg-deb", ["-R", deb, tree])).code, 0);
  for (const name of ["falco.yaml", "falco_rules.yaml"]) {
    Deno.writeTextFileSync(join(tree, "usr/share/falco/etc", name), `${line}\n`, { append: true });
  }
  assert.equal((await call("dpkg-deb", ["-Zgzip", "-z1", "--build", tree, later])).code, 0);
  return later;
}

const formats = (["deb", "rpm"] as const).filter((format) => PACKAGE_NEEDS[format].isMet());

test("the same inputs give the same packages", [], async () => {
  const first = await build(formats, { isQuick: false });
  const second = await build(formats, { isQuick: false, output: join(folder, "again") });
  assert.deepEqual(first.map(digest), second.map(digest));
});

test("packages are made of the executable", [], async () => {
  await placeExecutable(executable);
  assert.equal((await build(formats, { executable })).length, formats.length);
});

test("the .deb: installed it runs, an upgrade keeps what was changed, purged nothing is left", [
  "root",
  "busybox",
  "dpkg-deb",
], async () => {
  using root = new InstallRoot();
  const deb = join(folder, "packages", DEB);
  await root.dpkg("--install", deb);
  assert.deepEqual(root.systemctlCalls(), ["daemon-reload", ...CALLED_FIRST]);
  const check = await root.falco("-c", "/etc/falco/falco.yaml", "--dry-run");
  assert.equal(check.code, 0, check.stderr);
  assert.match((await root.falco("list", "rules")).stdout, /\/etc\/falco\/falco_rules\.yaml:\d+/);

  const local = "- list: mine\n  items: []\n";
  root.write("etc/falco/falco_rules.local.yaml", local);
  root.write("etc/falco/rules.d/more.yaml", local);
  root.write("etc/falco/falco.yaml", "priority: warning\n");
  const later = await root.dpkg("--install", await laterDeb("0.0.2", "# later"));
  assert.deepEqual(root.systemctlCalls(), ["daemon-reload", "try-restart falco-modern-bpf.service"]);
  assert.equal(root.read("etc/falco/falco.yaml"), "priority: warning\n");
  assert.match(
    later.stdout,
    /falco: kept \/etc\/falco\/falco\.yaml; the one of this version is \/usr\/share/,
  );
  assert.equal(root.read("etc/falco/falco_rules.local.yaml"), local);
  assert.match(root.read("etc/falco/falco_rules.yaml"), /# later/, "what nobody has changed is renewed");
  assert.match(later.stdout, /falco: renewed \/etc\/falco\/falco_rules\.yaml/);
  assert.match(later.stdout, /falco: settings and rules in \/etc\/falco are fine/);

  const misfit = await root.dpkg("--install", await laterDeb("0.0.3", MISFIT));
  assert.match(
    root.read("etc/falco/falco_rules.yaml"),
    /# later\n$/,
    "with the new ones there would be mistakes",
  );
  assert.match(
    misfit.stdout,
    /falco: kept falco_rules\.yaml in \/etc\/falco as before: .*mistakes:\nno such rule/,
  );
  Deno.removeSync(root.at("etc/falco/k8s_audit_rules.yaml"));
  await root.dpkg("--install", await laterDeb("0.0.4", "# better"));
  assert.match(root.read("etc/falco/falco_rules.yaml"), /# better\n$/);
  assert.equal(root.has("etc/falco/k8s_audit_rules.yaml"), false, "what was removed stays away");
  root.systemctlCalls();

  Deno.mkdirSync(root.at("var/lib/falco/spool"), { recursive: true });
  await root.dpkg("--remove", "falco");
  const calls = ["stop falco-modern-bpf.service", "disable falco-modern-bpf.service", "daemon-reload"];
  assert.deepEqual(root.systemctlCalls(), calls);
  assert.equal(root.has("usr/bin/falco"), false);
  assert.equal(root.read("etc/falco/falco.yaml"), "priority: warning\n");
  await root.dpkg("--purge", "falco");
  assert.equal(root.has("var/lib/falco"), false);
  assert.deepEqual([...Deno.readDirSync(root.at("etc/falco"))].map(({ name }) => name), ["rules.d"]);
});

test("the .rpm: installed it runs, an upgrade keeps what was changed, erased only that is left", [
  "root",
  "busybox",
  "rpmbuild",
], async () => {
  using root = new InstallRoot();
  const rpm = join(folder, "packages", RPM);
  const [later] = await build(["rpm"], { version: "0.0.2" }) as [string];
  await root.rpm("--install", rpm);
  assert.deepEqual(root.systemctlCalls(), ["daemon-reload", ...CALLED_FIRST]);
  const check = await root.falco("-c", "/etc/falco/falco.yaml", "--dry-run");
  assert.equal(check.code, 0, check.stderr);

  root.write("etc/falco/falco.yaml", "priority: warning\n");
  await root.rpm("--upgrade", later);
  // first that of the old version's end
  const upgraded = ["daemon-reload", "daemon-reload", "try-restart falco-modern-bpf.service"];
  assert.deepEqual(root.systemctlCalls(), upgraded);
  assert.equal(root.read("etc/falco/falco.yaml"), "priority: warning\n");

  await root.rpm("--erase", "falco");
  const calls = ["stop falco-modern-bpf.service", "disable falco-modern-bpf.service", "daemon-reload"];
  assert.deepEqual(root.systemctlCalls(), calls);
  assert.equal(root.has("usr/bin/falco"), false);
  assert.deepEqual([...Deno.readDirSync(root.at("etc/falco"))].map(({ name }) => name), ["falco.yaml"]);
  assert.equal(root.read("etc/falco/falco.yaml"), "priority: warning\n");
});

test(
  "systemd finds nothing wrong with the unit, and little that it exposes",
  ["systemd-analyze"],
  async () => {
    const { stderr } = await call("systemd-analyze", ["verify", "--man=no", UNIT]);
    const problems = stderr.split("\n").filter((line) =>
      line !== "" && !line.includes("/usr/bin/falco is not exec")
    );
    assert.deepEqual(problems.filter((line) => line.includes("falco")), []);
    const security = await call("systemd-analyze", [
      "security",
      "--offline=true",
      "--threshold=30",
      "--no-pager",
      UNIT,
    ]);
    assert.equal(security.code, 0, security.stdout);
  },
);

test("with the unit's capabilities and no other it watches the whole host", [
  "root",
  "setpriv",
  "a kernel with BTF",
], async () => {
  const set = /^CapabilityBoundingSet=(.+)$/m.exec(Deno.readTextFileSync(UNIT))![1]!;
  const bound = ["-all", ...set.split(" ").map((name) => `+${name.replace("CAP_", "").toLowerCase()}`)].join(
    ",",
  );
  const alerts = join(folder, "alerts.txt");
  const child = new Deno.Command("setpriv", {
    args: [
      ...["--bounding-set", bound, "--inh-caps", bound, "--no-new-privs", executable, "-M", "30"],
      ...[
        "-o",
        "stdout_output.enabled=false",
        "-o",
        "file_output.enabled=true",
        "-o",
        `file_output.filename=${alerts}`,
      ],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let log = "";
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
    log += text;
    if (!/watching system calls/.test(log)) continue;
    await call("cat", ["/etc/shadow"]);
    child.kill("SIGTERM");
    break;
  }
  const { code } = await child.status;
  assert.equal(code, 0, log);
  assert.match(Deno.readTextFileSync(alerts), /Sensitive file .*\/etc\/shadow/);
});
