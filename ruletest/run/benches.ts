// The benches of a run: one for each distinct set of rules, with all that its cases ask about.
// In: cases. Out: benches; diagnostics about rules, and about names and fields that expectations get wrong.
// Elsewhere: reading rules files (rules_files.ts), running cases (run_tests.ts).

import { didYouMean } from "../../base/mod.ts";
import {
  type AppendOutput,
  environmentOf,
  hasErrors,
  loadRules,
  makeDiagnostic,
  type Report,
  RuleSet,
  short,
  type Source,
  SOURCES,
} from "../../rules/mod.ts";
import type { FieldExpectation, ListExpectation, RuleName, TestCase } from "../suite/suite.ts";
import { Bench } from "./bench.ts";
import type { RulesFiles } from "./rules_files.ts";

/** @returns by case; a case whose rules are wrong has none */
export function makeBenches(
  cases: readonly TestCase[],
  files: RulesFiles,
  counts: boolean,
): Map<TestCase, Bench> {
  const benches = new Map<TestCase, Bench>();
  const groups = Map.groupBy(
    cases,
    ({ rules, matching }) => JSON.stringify([rules.map(({ path }) => path), matching]),
  );
  for (const group of groups.values()) {
    const bench = makeBench(group, files, counts);
    for (const one of bench === undefined ? [] : group) benches.set(one, bench!);
  }
  return benches;
}

function makeBench(cases: readonly TestCase[], files: RulesFiles, counts: boolean): Bench | undefined {
  const { report } = files;
  const [{ rules, matching }] = cases as [TestCase];
  const sources = files.sources(rules);
  if (sources === undefined) return undefined;
  const asked = askedFields(cases);
  const others = otherSources(sources);
  const loaded = loadRules(sources, {
    lint: false,
    sources: others,
    appendOutput: asked.map(({ rule, fields }): AppendOutput => ({
      match: { rule },
      extraFields: fields.map(({ field }) => field),
    })),
  });
  let failed = false;
  for (const one of loaded.diagnostics) {
    const about = /^append_output\[(\d+)\]\.extra_fields\[(\d+)\]$/.exec(one.span?.source.path ?? "");
    const field = about === null ? undefined : asked[Number(about[1])]?.fields[Number(about[2])];
    // a field that Falco has given up may still be asked about
    if (field !== undefined && one.severity === "error") {
      failed = true;
      report.take(
        makeDiagnostic("unknown-field", field.keySpan, one.message, { notes: one.notes, hint: one.hint }),
      );
    } else if (one.severity === "error") report.take(one);
  }
  if (failed || hasErrors(loaded.diagnostics)) return undefined;
  const names = new Map(loaded.checked.map(({ name }) => [name, true]));
  for (const name of cases.flatMap(namesOf)) {
    if (!names.has(name.name)) failed = refuseName(report, name, "rule", names.keys());
  }
  const { lists } = loaded.definitions;
  for (const { name } of cases.flatMap(({ expect }): readonly ListExpectation[] => expect.lists)) {
    if (!lists.has(name.name)) failed = refuseName(report, name, "list", lists.keys());
  }
  if (failed) return undefined;
  const bench = new Bench(loaded, matching, counts);
  const { hostNames } = bench.compiled;
  for (const { name, span } of cases.flatMap(({ world }) => world.hosts)) {
    if (span === undefined || hostNames.includes(name)) continue;
    failed = true;
    report.take(
      makeDiagnostic("invalid-test", span, `no rule asks for a host named \`${short(name)}\``, {
        hint: didYouMean(name, hostNames) ?? "rules compare names of hosts with fields such as fd.sip.name",
      }),
    );
  }
  return failed ? undefined : bench;
}

function refuseName(report: Report, { name, span }: RuleName, what: string, known: Iterable<string>): true {
  const hint = didYouMean(name, known);
  report.take(
    makeDiagnostic("invalid-test", span, `the rules files have no ${what} \`${short(name)}\``, { hint }),
  );
  return true;
}

function namesOf({ expect }: TestCase): readonly RuleName[] {
  return [...expect.fired.map(({ rule }) => rule), ...expect.notFired];
}

/** Fields need not be in the output of a rule to be asked about. */
function askedFields(cases: readonly TestCase[]): { rule: string; fields: FieldExpectation[] }[] {
  const byRule = new Map<string, Map<string, FieldExpectation>>();
  for (const { rule, fields } of cases.flatMap(({ expect }) => expect.fired)) {
    const known = byRule.get(rule.name) ?? new Map<string, FieldExpectation>();
    for (const field of fields) if (!known.has(field.field)) known.set(field.field, field);
    byRule.set(rule.name, known);
  }
  return [...byRule].map(([rule, fields]) => ({ rule, fields: [...fields.values()] }));
}

/** Rules may be about inputs that only the configuration of a host knows. */
function otherSources(files: readonly Source[]): string[] {
  const known: readonly string[] = SOURCES;
  const { rules } = RuleSet.of(files, environmentOf()).items;
  return [...new Set([...rules.values()].map(({ source }) => source))].filter((source) =>
    !known.includes(source)
  );
}
