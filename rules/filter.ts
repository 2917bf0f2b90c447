// A condition on its own, outside any rules file: the filter of a command line.
// In: a rule set whose macros and lists it may use, the filter's text, a format for what matches.
// Out: one checked rule that stands for the filter, or every mistake in both texts.
// Elsewhere: all stages (they are those of check_rules.ts), making code of the rule (compile.ts).

import { Checker } from "./check/check.ts";
import type { CheckedRule } from "./check/checked.ts";
import { type Diagnostic, hasErrors, Report } from "./diagnostics/diagnostic.ts";
import type { RulesFiles } from "./items/rules_files.ts";
import { ListTable } from "./expand/lists.ts";
import { MacroTable } from "./expand/macros.ts";
import { Memory } from "./memory.ts";
import { MappedText } from "./text/mapped_text.ts";
import { parseTemplate } from "./output/output_template.ts";
import { makeSource } from "./text/source.ts";
import type { Source } from "./text/span.ts";

export interface FilterResult {
  /** none when there is an error */
  readonly rule?: CheckedRule;
  readonly diagnostics: readonly Diagnostic[];
}

/** True for every event: they are counted from 1. */
const EVERYTHING = "evt.num >= 0";

/**
 * @param condition absent: every event
 * @param format what is rendered of an event; may be empty
 */
export function checkFilter(set: RulesFiles, condition: Source | undefined, format: Source): FilterResult {
  const { env, files: definitions } = set;
  const report = new Report();
  const filter = condition ?? makeSource("FILTER", EVERYTHING);
  const sources = [...definitions, filter, format];
  const memory = new Memory();
  const collector = set.collect(report, memory);
  const order = new Map(sources.map((source, at) => [source, at]));
  const macros = new MacroTable(collector, new ListTable(collector.lists, memory), order, report, env.fields);
  const { expr } = macros.expand(exactText(filter), "the filter");
  const checked = expr === undefined ? undefined : new Checker(env.fields).check(expr);
  const output = parseTemplate(exactText(format), env.fields);
  for (const finding of [...checked?.findings ?? [], ...output.findings]) report.take(finding);

  const found = report.sorted(sources.map((source) => source.path));
  // what is wrong with rules that do not run is of no interest; an error may be why a macro is missing
  const diagnostics = found.filter(({ severity, span, path }) =>
    severity === "error" || !definitions.some((source) => source.path === (span?.source.path ?? path))
  );
  if (hasErrors(diagnostics) || checked?.expr === undefined || output.template === undefined) {
    return { diagnostics };
  }
  const rule: CheckedRule = {
    name: "filter",
    desc: "",
    priority: "Debug",
    source: "syscall",
    tags: [],
    condition: checked.expr,
    output: output.template,
    enabled: true,
    capture: false,
    captureDurationMs: 0,
    warnEventTypes: false,
    span: { source: filter, start: 0, end: filter.text.length },
  };
  return { rule, diagnostics };
}

/** A whole source as a text whose characters stand where they were written. */
function exactText(source: Source): MappedText {
  const { text } = source;
  const whole = { source, start: 0, end: text.length };
  return new MappedText(text, whole, [
    { at: 0, length: text.length, source, from: 0, extent: text.length, exact: true },
  ]);
}
