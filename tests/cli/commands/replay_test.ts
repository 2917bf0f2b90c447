// Falco's own answers to recorded traces decide: the same alerts, byte for byte, in the same order. But Falco 0.44,
// which made them, has U+FFFD where 0.45 has an escape of JSON.

import { equal, match } from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { RECORDING_NAMES, recordingPath, RECORDINGS } from "../../support/recordings.ts";
import { upstreamMissing, upstreamRules } from "../../support/upstream.ts";
import { falco } from "../falco_command.ts";

const STABLE = ["falco_rules.yaml"];
const ALL = [...STABLE, "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml"];
const RUNS = [
  { name: "stable.first", rules: STABLE, matching: "first" },
  { name: "all.first", rules: ALL, matching: "first" },
  { name: "all.all", rules: ALL, matching: "all" },
] as const;

const skipped = upstreamMissing === undefined ? "" : `: skipped, ${upstreamMissing}`;

/** A line of JSON as 0.44 writes it. */
function withoutControls(json: string): string {
  return json.replace(
    /\\(?:([bfnrt]|u00(?:[01][0-9a-f]|7f|[89][0-9a-f]))|.)/g,
    (escape, control) => control === undefined ? escape : "\ufffd",
  );
}

for (const { name, rules, matching } of RUNS) {
  for (const trace of RECORDING_NAMES) {
    Deno.test({
      name: `replay of ${trace}, ${name}: Falco's alerts, byte for byte${skipped}`,
      ignore: skipped !== "",
      fn: async () => {
        const { code, stdout, stderr } = await falco(
          "replay",
          recordingPath(trace),
          ...rules.flatMap((file) => ["-r", upstreamRules(file)]),
          ...["json_output=true", `rule_matching=${matching}`].flatMap((option) => ["-o", option]),
        );
        equal(code, 0, stderr);
        match(stderr, /drops 0$/m);
        const lines = (text: string) => text.trimEnd().split("\n");
        const expected = lines(
          gunzipSync(await Deno.readFile(new URL(`${trace}.${name}.jsonl.gz`, RECORDINGS))).toString(),
        );
        const made = lines(stdout);
        made.forEach((line, at) => equal(withoutControls(line), expected[at]));
        equal(made.length, expected.length);
      },
    });
  }
}
