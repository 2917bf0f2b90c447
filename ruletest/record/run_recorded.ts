// What rules say about a recording: a case's expectations are made of it.
// In: a capture file, rules files. Out: alerts, the types of events that rules look at; diagnostics when the rules are wrong.

import { type Diagnostic, makeSource, Report } from "../../rules/mod.ts";
import { readTestFile } from "../suite/read_file.ts";
import { makeBenches } from "../run/benches.ts";
import { RulesFiles } from "../run/rules_files.ts";
import type { SeenAlert } from "../run/seen_alert.ts";

export async function runRecorded(
  capture: string,
  rules: readonly string[],
): Promise<
  { alerts: readonly SeenAlert[]; codes: readonly number[]; diagnostics: readonly Diagnostic[] }
> {
  const report = new Report();
  const named = rules.length > 0 ? rules : ["bundled"];
  const text = `rules: ${JSON.stringify(named)}\ncases: [{name: recorded, events: [{scap: ${
    JSON.stringify(capture)
  }}], expect: nothing}]\n`;
  const { cases: [test] } = readTestFile(makeSource("recorded.test.yaml", text), report);
  const bench = test === undefined ? undefined : makeBenches([test], new RulesFiles(report), false).get(test);
  const alerts = bench === undefined ? [] : await bench.run(test!);
  return {
    alerts: alerts.filter(({ rule }) => bench!.isEnabled(rule)),
    codes: bench?.compiled.eventCodes ?? [],
    diagnostics: report.sorted([]),
  };
}
