// A condition on its own, outside any rules file: the filter of a command line.
// In: the filter's text, a format for what matches, and rules files whose macros and lists it may use.
// Out: one checked rule that stands for the filter, or every mistake in both texts.
// Elsewhere: all stages (they are those of load.ts), making code of the rule (compile.ts).

import { Checker } from "./check/check.ts";
import type { CheckedRule } from "./checked.ts";
import { Collector } from "./items/collect.ts";
import { type Diagnostic, hasErrors, Report } from "./diagnostics/diagnostic.ts";
import { readItems } from "./items/items.ts";
import { ListTable } from "./syntax/lists.ts";
import { MacroTable } from "./syntax/macros.ts";
import { MappedText } from "./syntax/mapped_text.ts";
import { parseTemplate } from "./output/output_template.ts";
import { makeSource } from "./source.ts";
import type { Source } from "./span.ts";
import { Budget } from "./yaml/budget.ts";
import { readYaml } from "./yaml/read.ts";

export interface FilterOptions {
  /** absent: every event */
  readonly filter?: string;
  /** what is rendered of an event; may be empty */
  readonly format: string;
  /** files with macros and lists; their rules mean nothing here */
  readonly definitions?: readonly Source[];
}

export interface FilterResult {
  /** none when there is an error */
  readonly rule?: CheckedRule;
  readonly diagnostics: readonly Diagnostic[];
}

/** True for every event: they are counted from 1. */
const EVERYTHING = "evt.num >= 0";

export function loadFilter(options: FilterOptions): FilterResult {
  const report = new Report();
  const definitions = options.definitions ?? [];
  const filter = makeSource("FILTER", options.filter ?? EVERYTHING);
  const format = makeSource("FORMAT", options.format);
  const sources = [...definitions, filter, format];

  const collector = new Collector(report);
  const budget = new Budget();
  for (const source of definitions) {
    const { documents, damaged } = readYaml(source, report, budget);
    collector.incomplete ||= damaged;
    for (const item of readItems(documents, report, budget)) collector.add(item);
  }
  const order = new Map(sources.map((source, at) => [source, at]));
  const macros = new MacroTable(collector, new ListTable(collector.lists), order, report);
  const { expr } = macros.expand(exactText(filter), "the filter");
  const checked = expr === undefined ? undefined : new Checker().check(expr);
  const output = parseTemplate(exactText(format));
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
