// Directories of which the open was left out: what rules see of files below them, and of calls that take them, has the same fields with the
// kernel's filter as without it, whatever programs do with directories in between.

import assert from "node:assert/strict";
import { compileRules } from "../../rules/compile.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";
import { FalcoProcess, liveRefusal } from "./falco_process.ts";
import { must } from "./lab.ts";
import { PROJECT } from "../support/program.ts";

const refusal = await liveRefusal();
const NAME = "fdirs";
const STEPS = 3000;
const SEEDS = ["1", "2", "3", "4"];

const FIELDS = [
  ...["evt.type", "evt.rawres", "evt.args", "evt.abspath", "fd.num", "fd.name", "fd.directory", "fd.type"],
  ...["fd.typechar", "fs.path.name", "fs.path.source", "fs.path.target", "proc.cwd", "fd.ino"],
];
const OUTPUT = FIELDS.map((field) => `%${field}`).join(" ");

const COMPARED: ReadonlySet<string> = new Set(["Opens", "Paths", "Folders"]);
const RULES = `
- rule: Opens
  desc: of what is wanted
  condition: >
    evt.type in (open, openat) and proc.name = ${NAME} and
    (fd.name endswith /secret or fd.name startswith /wanted or fd.name contains "/away/")
  output: "${OUTPUT}"
  priority: info
- rule: Paths
  desc: every one of the program
  condition: >
    evt.type in (mkdirat, unlinkat, renameat, fchmodat) and evt.rawres >= 0 and proc.name = ${NAME}
  output: "${OUTPUT}"
  priority: info
- rule: Folders
  desc: where it is
  condition: evt.type in (chdir, fchdir) and evt.rawres >= 0 and proc.name = ${NAME}
  output: "%evt.type %proc.cwd"
  priority: info
- rule: End
  desc: of what is to be seen
  condition: evt.type = chdir and proc.name = ${NAME}_end
  output: "%evt.type"
  priority: info
`;

async function makeFolder(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "falco_directories_" });
  await Deno.mkdir(`${folder}/spared/deep/er`, { recursive: true });
  await Deno.mkdir(`${folder}/wanted`);
  await Deno.symlink("wanted", `${folder}/other`);
  for (const below of ["", "/spared", "/spared/deep", "/spared/deep/er", "/wanted"]) {
    for (const file of ["file", "secret"]) await Deno.writeTextFile(`${folder}${below}/${file}`, "");
  }
  return folder;
}

Deno.test({
  name: `alerts about paths below directories are the same with the kernel's filter as without it${
    refusal ? ` (skipped: ${refusal})` : ""
  }`,
  ignore: refusal !== null,
  async fn() {
    const folder = await makeFolder();
    try {
      const program = `${folder}/${NAME}`;
      await must("cc", "-O1", "-static", "-o", program, `${PROJECT}tests/live/filtered_directories.c`);
      await Deno.copyFile("/bin/sh", `${folder}/${NAME}_end`);
      await Deno.writeTextFile(`${folder}/rules.yaml`, RULES);
      const { kernelFilter } = compileRules(loadRules([makeSource("r.yaml", RULES)]).rules, {
        matching: "all",
      });
      assert.equal(kernelFilter.opens?.directories, true);
      const start = (mode: string) =>
        FalcoProcess.start([
          ...["-r", `${folder}/rules.yaml`, "-o", `engine.kernel_filter=${mode}`, "-o", "rule_matching=all"],
        ]);
      const falcos = [await start("off"), await start("auto")];
      for (const seed of SEEDS) await must(program, folder, seed, String(STEPS));
      await must(program, folder, "0", "0");
      await must(`${folder}/${NAME}_end`, "-c", "cd /");
      for (const falco of falcos) await falco.alert("End");
      for (const falco of falcos) await falco.stop();
      const [whole, filtered] = falcos.map(({ alerts }) =>
        alerts.filter(({ rule }) => COMPARED.has(rule)).map(({ rule, output_fields }) =>
          [rule, ...FIELDS.map((field) => output_fields[field])].join(" ")
        )
      );
      assert.ok(whole!.length > 500, `${whole!.length} alerts`);
      assert.deepEqual(filtered, whole);
      const [all, reported] = falcos.map(({ log }) => Number(/\b(\d+) events in /.exec(log.join("\n"))?.[1]));
      assert.ok(reported! < all! * 0.6, `${reported} of ${all} events are reported`);
      assert.ok(falcos.every(({ log }) => !log.some((line) => line.includes("is without effect"))));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
