// Falco's own answers to recorded traces are the judge: the same alerts, byte for byte, in the same order.

import { equal, match } from "node:assert/strict";
import { falco, ROOT } from "./falco_command.ts";

const SHARED = `${ROOT}../shared/falco/`;
const STABLE = ["falco_rules.yaml"];
const ALL = [...STABLE, "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml"];
const RUNS = [
  { name: "stable.first", rules: STABLE, matching: "first" },
  { name: "all.first", rules: ALL, matching: "first" },
  { name: "all.all", rules: ALL, matching: "all" },
] as const;

function traces(): string[] {
  try {
    return [...Deno.readDirSync(`${SHARED}traces`)]
      .filter(({ name }) => name.endsWith(".scap"))
      .map(({ name }) => name.slice(0, -".scap".length))
      .sort();
  } catch {
    return [];
  }
}

const found = traces();
if (found.length === 0) {
  Deno.test({
    name: "recorded traces: skipped, the folder ../shared/falco/traces is not there",
    ignore: true,
    fn: () => {},
  });
}

for (const { name, rules, matching } of RUNS) {
  for (const trace of found) {
    Deno.test({
      name: `replay of ${trace}, ${name}: Falco's alerts, byte for byte`,
      fn: async () => {
        const { code, stdout, stderr } = await falco(
          "replay",
          `${SHARED}traces/${trace}.scap`,
          ...rules.flatMap((file) => ["-r", `${SHARED}rules/${file}`]),
          ...["json_output=true", `rule_matching=${matching}`].flatMap((option) => ["-o", option]),
        );
        equal(code, 0, stderr);
        match(stderr, /drops 0$/m);
        const lines = (text: string) => text.trimEnd().split("\n");
        const expected = lines(await Deno.readTextFile(`${SHARED}traces/${trace}.${name}.jsonl`));
        const made = lines(stdout);
        made.forEach((line, at) => equal(line, expected[at]));
        equal(made.length, expected.length);
      },
    });
  }
}
