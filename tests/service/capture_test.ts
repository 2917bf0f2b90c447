// Captures of a live run: a match records what happens around it. Needs root and BTF.

import { deepEqual, equal, match } from "node:assert/strict";
import { falco, withRules } from "../cli/falco_command.ts";
import { FalcoProcess, liveRefusal } from "../live/falco_process.ts";

const refusal = await liveRefusal();

function rule(mark: string): string {
  return `
- rule: Marked file
  desc: a test
  condition: evt.type in (open, openat, openat2) and fd.name endswith ${mark}-match
  output: opened %fd.name
  priority: WARNING
  capture: true
  capture_duration: 1000
`;
}

Deno.test({
  name: refusal === null
    ? "capture: true records what came before a match, and what follows for its time"
    : `captures: skipped, ${refusal}`,
  ignore: refusal !== null,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const mark = `${folder}/mark`;
    try {
      await withRules(rule(mark), async (path) => {
        const options = ["capture.enabled=true", `capture.path_prefix=${folder}/capture`];
        const run = await FalcoProcess.start(["-r", path, ...options.flatMap((option) => ["-o", option])]);
        const script =
          `echo > ${mark}-before; sleep 0.3; echo > ${mark}-match; sleep 0.3; echo > ${mark}-after
          sleep 1.5; echo > ${mark}-late`;
        await new Deno.Command("sh", { args: ["-c", script] }).output();
        const { output } = await run.alert("Marked file");
        match(output, /Warning opened \S+-match/);
        equal(await run.stop("SIGTERM"), 0);
        match(run.log.join("\n"), /capture written: \S+capture_\d{20}_\d{20}\.scap/);
        const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
          /scap$/.test(name)
        );
        equal(names.length, 1, names.join());
        const shown = await falco(
          ...["events", "--trace", `${folder}/${names[0]}`, "-p", "%proc.name %fd.name"],
          ...["evt.type", "in", "(open,openat)", "and", "fd.name", "startswith", mark],
        );
        deepEqual(
          shown.stdout.trimEnd().split("\n"),
          ["before", "match", "after"].map((word) => `sh ${mark}-${word}`),
        );
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
