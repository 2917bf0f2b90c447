// Noise control in a whole run: of a recording, whose time decides, so that each run gives the same.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { recordingPath } from "../support/recordings.ts";
import { upstreamMissing, upstreamRules } from "../support/upstream.ts";
import { falco } from "./falco_command.ts";

const TRACE = recordingPath("files");
const RULES = ["falco_rules", "falco-incubating_rules", "falco-sandbox_rules"]
  .flatMap((name) => ["-r", upstreamRules(`${name}.yaml`)]);

Deno.test({
  name: upstreamMissing === undefined
    ? "grouped, every alert of a recording arrives or is reported by a follow-up"
    : `noise control: skipped, ${upstreamMissing}`,
  ignore: upstreamMissing !== undefined,
  fn: async () => {
    const run = (...options: string[]) =>
      falco("replay", TRACE, ...RULES, "-o", "json_output=true", ...options);
    const all = await run();
    const grouped = await run("-o", "noise_control.grouping={enabled: true, fields: [proc.name]}");
    const [before, after] = [all, grouped].map(({ stdout }) =>
      stdout.trim().split("\n").map((line) => JSON.parse(line))
    );
    const followUps = after!.filter(({ output_fields }) => "noise_control.suppressed" in output_fields);
    const told = followUps.reduce(
      (sum, { output_fields }) => sum + output_fields["noise_control.suppressed"],
      0,
    );
    equal(after!.length - followUps.length + told, before!.length);
    ok(followUps.length > 5);
    match(grouped.stderr, new RegExp(`held back by noise control ${told}, follow-ups ${followUps.length}`));
    deepEqual(new Set(after!.map(({ rule }) => rule)), new Set(before!.map(({ rule }) => rule)));
  },
});
