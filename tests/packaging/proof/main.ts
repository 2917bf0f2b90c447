// Proof that our packages take the place of Falco's on a host with real systemd: apt and dnf refuse nothing and ask
// nothing, /etc/falco stays, alerts go on, and removed nothing is left.
// In: formats (`deb`, `rpm`; both when none is named). Out: a line for each step; exit code 1 after the first that fails.
// Slow and root's: deno task packages-proof. Elsewhere: the scripts by themselves (tests/packaging/packages_test.ts).

import { VERSION } from "../../../base/versions.ts";
import { buildExecutable } from "../../../scripts/compile/executable.ts";
import type { PackageFormat } from "../../../scripts/package/files.ts";
import { buildPackages } from "../../../scripts/package.ts";
import { must } from "../../live/lab.ts";
import { foreignSteps, ownSteps, type Step } from "./steps.ts";
import { Host } from "./host.ts";
import { standInDeb, standInRpms } from "./stand_in.ts";
import { systemRoot } from "./system_root.ts";
import { SystemdContainer } from "./systemd_container.ts";
import { PROJECT } from "../../support/program.ts";

/** Later by version, with other rules. */
const LATER = "99.0.0";

async function prove(format: PackageFormat, folder: string): Promise<void> {
  const build = async (version: string, root: string) => {
    const output = `${folder}/${version}`;
    const request = { root, executable: `${folder}/falco`, version, output, isQuick: true };
    return (await buildPackages([format], request))[0]!;
  };
  const own = await build(VERSION, PROJECT);
  if (format === "deb") {
    await must("lintian", "--fail-on", "error,warning", own);
    console.log("ok  deb: lintian finds no error and no warning");
  }
  const later = await build(LATER, await laterTree(folder));
  const rpms = format === "rpm" ? await standInRpms(folder) : undefined;
  const foreign = rpms?.falco ?? await standInDeb(folder);
  const root = await systemRoot();
  const suites: Readonly<Record<string, readonly Step[]>> = {
    "over Falco's package": foreignSteps({ own, later, foreign }),
    "own versions": ownSteps({ own, later, foreign }),
  };
  for (const [suite, steps] of Object.entries(suites)) {
    const container = await SystemdContainer.start(root);
    try {
      const host = new Host(container, format);
      if (rpms !== undefined) await host.install(rpms.base);
      for (const { name, run } of steps) {
        await run(host);
        console.log(`ok  ${format}, ${suite}: ${name}`);
      }
    } finally {
      await container.close();
    }
  }
}

/** The source tree as far as packages are made of it, with a rule renamed that hosts may have changed. */
async function laterTree(folder: string): Promise<string> {
  const tree = `${folder}/tree/`;
  for (const name of ["packaging", "rules", "LICENSE"]) {
    await Deno.mkdir(tree, { recursive: true });
    await new Deno.Command("cp", { args: ["-a", PROJECT + name, tree] }).output();
  }
  const rules = `${tree}rules/bundled/falco_rules.yaml`;
  const text = await Deno.readTextFile(rules);
  await Deno.writeTextFile(
    rules,
    text.replaceAll("Read sensitive file untrusted", "Read of a sensitive file"),
  );
  return tree;
}

async function main(): Promise<number> {
  const formats = (["deb", "rpm"] as const).filter((format) =>
    Deno.args.length === 0 || Deno.args.includes(format)
  );
  const folder = await Deno.makeTempDir({ prefix: "falco-proof-", dir: "/var/tmp" });
  try {
    await buildExecutable(PROJECT, { output: `${folder}/falco`, kind: "launcher" });
    for (const format of formats) await prove(format, folder);
    return 0;
  } catch (error) {
    console.error(`packages-proof: ${error instanceof Error ? error.stack : error}`);
    return 1;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) Deno.exit(await main());
