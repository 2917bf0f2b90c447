// Checks the rules of a set: all stages from items to checked rules.
// In: a rule set, what the configuration says about rules. Out: checked rules, lists, macros, and all findings about all
// files; nothing is thrown for a mistake in a file. A caller that must not run with part of the rules looks for errors
// among the findings.
// Elsewhere: one rule (rule_loader.ts), reading files (items/rules_file.ts), making code of the rules (compile.ts).

import { type Additions, additionsFor } from "./output/append_output.ts";
import type { Expr } from "./syntax/ast.ts";
import type { CheckedRule } from "./check/checked.ts";
import type { Version } from "../base/mod.ts";
import type { Collector, ListInfo, MacroInfo, RuleInfo } from "./items/collect.ts";
import { type DiagnosticCode, findingOf } from "./findings/registry.ts";
import type { CheckOptions } from "./check_options.ts";
import { type Diagnostic, Report } from "./diagnostics/diagnostic.ts";
import { Suppressions } from "./report/suppressions.ts";
import type { Memory } from "./memory.ts";
import type { RulesFiles } from "./items/rules_files.ts";
import { foundInParts } from "./lint/parts.ts";
import { lintRules } from "./lint/lint.ts";
import { ListTable } from "./expand/lists.ts";
import { MacroTable } from "./expand/macros.ts";
import type { RawPlugin } from "./items/requirements.ts";
import { RuleLoader } from "./rule_loader.ts";
import { isSevereEnough, selectRules } from "./items/selection.ts";
import { literalFields } from "./lint/literal_field.ts";
import { shadowedRules } from "./lint/shadowing.ts";
import { UnknownLists } from "./lint/unknown_lists.ts";
import { mistakesInUnusedMacros } from "./lint/unused_macros.ts";
import { unreadMacros } from "./expand/unread_macros.ts";

export interface LoadResult {
  /** the rules that run, in the order in which they are tried */
  readonly rules: readonly CheckedRule[];
  /** all rules without errors, disabled and less severe ones included, in the order of their definition */
  readonly checked: readonly CheckedRule[];
  readonly definitions: {
    readonly lists: ReadonlyMap<string, ListInfo>;
    readonly macros: ReadonlyMap<string, MacroInfo>;
    readonly rules: ReadonlyMap<string, RuleInfo>;
  };
  /** conditions with lists and macros in their place, for descriptions */
  readonly expanded: {
    readonly rules: ReadonlyMap<string, Expr>;
    readonly macros: MacroTable;
    readonly lists: ListTable;
  };
  /** what `append_output` adds to the output of a rule */
  readonly additions: (info: RuleInfo) => Additions;
  readonly requirements: { readonly engine: Version; readonly plugins: readonly RawPlugin[] };
  readonly diagnostics: readonly Diagnostic[];
  /** rules that cannot run: they have an error, or use something that has one */
  readonly faulty: readonly RuleInfo[];
  /** warnings that are switched off, by comment or by option */
  readonly ignored: number;
}

/** What is correct and can hardly be meant: in single conditions, between rules, in names of lists. */
function lint(
  { lists, macros }: Collector,
  loader: RuleLoader,
  rules: readonly CheckedRule[],
): Diagnostic[] {
  const { memory } = loader;
  const names = [...lists.keys(), "", ...macros.keys()];
  const unknown = memory.recallEarlier(
    "names",
    memory,
    names,
    () => new UnknownLists([...lists.keys()], new Set(macros.keys())),
  );
  const unknownLists = loader.readable.flatMap(({ expr }) =>
    foundInParts(memory, "unknown lists", expr, [unknown], (part) => unknown.look(part))
  );
  const linted = lintRules(loader.readable, loader.checkers, memory);
  const unused = loader.hasOtherSources
    ? []
    : mistakesInUnusedMacros([...macros.keys()], loader.macros, loader.seen, loader.checkers);
  const literal = loader.readable.flatMap(({ info: { keys: { output } } }) =>
    memory.recallEarlier("literal fields", output, [], () => literalFields(output, loader.env.fields))
  );
  return [...unknownLists, ...shadowedRules(rules, memory), ...linted, ...literal, ...unused];
}

/** @param memory of this check alone, or of earlier ones with the same options */
export function checkRules(set: RulesFiles, options: CheckOptions, memory: Memory): LoadResult {
  const { env, files: sources } = set;
  const report = new Report();
  const collector = set.collect(report, memory);
  const lists = new ListTable(collector.lists, memory);
  const isRead = ({ source }: RuleInfo) =>
    env.sources.includes(source) && options.enabledSources?.includes(source) !== false;
  const unread = unreadMacros(collector, isRead);
  const macros = new MacroTable(collector, lists, set.fileOrder, report, env.fields, unread);
  const loader = new RuleLoader(env, macros, report, options, memory);
  const checked: CheckedRule[] = [];
  const faulty: RuleInfo[] = [];
  for (const info of collector.rules.values()) {
    // A rule that is broken in one place is checked in the others all the same.
    const rule = loader.load(info);
    if (rule === "skipped") continue;
    if (rule !== undefined && !collector.broken.rule.has(info.name)) checked.push(rule);
    else faulty.push(info);
  }
  if (!macros.unsure && !collector.unsure && !loader.hasOtherSources) reportUnused(macros, lists, report);

  const selected = selectRules(checked, options.ruleSelection ?? []);
  const rules = selected.filter((rule) => isSevereEnough(rule, options.priority ?? "Debug"));
  macros.reserved.warnings().forEach((finding) => report.take(finding));
  if (options.lint !== false) {
    lint(collector, loader, rules).forEach((finding) => report.take(finding));
  }

  const { moved } = set;
  if (!moved.isEmpty) report.replace((finding) => moved.diagnosticNow(finding));
  const suppressions = new Suppressions(sources, report);
  const asked = (code: DiagnosticCode) =>
    findingOf(code).quiet !== true || options.show?.includes(code) === true;
  const wanted = (diagnostic: Diagnostic) =>
    diagnostic.severity === "error" ||
    (options.hide?.includes(diagnostic.code) !== true && !suppressions.has(diagnostic));
  const all = report.sorted(sources.map((source) => source.path)).filter(({ code }) => asked(code));
  const diagnostics = all.filter(wanted);
  return {
    rules,
    checked,
    definitions: { lists: collector.lists, macros: collector.macros, rules: collector.rules },
    expanded: { rules: loader.conditions, macros, lists },
    additions: ({ name, source, keys: { tags } }) =>
      additionsFor({ name, source, tags }, options.appendOutput ?? [], [...env.fields.configured.keys()]),
    requirements: { engine: collector.engineVersion, plugins: collector.requiredPlugins },
    diagnostics,
    faulty,
    ignored: all.length - diagnostics.length,
  };
}

function reportUnused(macros: MacroTable, lists: ListTable, report: Report): void {
  for (const { name, span } of macros.unused()) {
    report.add("unused-macro", span, `nothing uses the macro \`${name}\``);
  }
  for (const { name, span } of lists.unused()) {
    report.add("unused-list", span, `nothing uses the list \`${name}\``);
  }
}
