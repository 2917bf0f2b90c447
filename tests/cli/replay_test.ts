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

/** Its output holds what a container engine says about the container; engines are not asked yet. */
const PRINTS_CONTAINER_FACTS = "Launch Sensitive Mount Container";
/** Their conditions depend on it. */
const CHECKS_CONTAINER_FACTS = [
  "Debugfs Launched in Privileged Container",
  "Launch Privileged Container",
  "Mount Launched in Privileged Container",
];
/** Where those rules fire: with `first`, rules behind them fire instead. */
const NEEDS_CONTAINER_FACTS = ["privileged"];

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

function comparable(lines: string): string[] {
  const isJudged = (line: string) =>
    !CHECKS_CONTAINER_FACTS.some((rule) => line.includes(`"rule":"${rule}"`));
  return lines.trimEnd().split("\n").filter(isJudged).map((line) => {
    if (!line.includes(`"rule":"${PRINTS_CONTAINER_FACTS}"`)) return line;
    const { rule, time, output_fields: fields } = JSON.parse(line);
    return `${rule} at ${time}: ${fields["proc.cmdline"]}`;
  });
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
    const ignore = matching === "first" && NEEDS_CONTAINER_FACTS.includes(trace);
    const title = `replay of ${trace}, ${name}: Falco's alerts, byte for byte`;
    Deno.test({
      name: ignore ? `${title}: skipped, needs what a container engine says about a container` : title,
      ignore,
      fn: async () => {
        const { code, stdout, stderr } = await falco(
          "replay",
          `${SHARED}traces/${trace}.scap`,
          ...rules.flatMap((file) => ["-r", `${SHARED}rules/${file}`]),
          ...["json_output=true", `rule_matching=${matching}`].flatMap((option) => ["-o", option]),
        );
        equal(code, 0, stderr);
        match(stderr, /drops 0$/m);
        const expected = comparable(await Deno.readTextFile(`${SHARED}traces/${trace}.${name}.jsonl`));
        const made = comparable(stdout);
        made.forEach((line, at) => equal(line, expected[at]));
        equal(made.length, expected.length);
      },
    });
  }
}
