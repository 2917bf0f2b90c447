// Checks the rules of a set: all stages from items to checked rules.
// In: a rule set, what the configuration says about rules. Out: checked rules, lists, macros, and all findings about all
// files; nothing is thrown for a mistake in a file. A caller that must not run with part of the rules looks for errors
// among the findings.
// Elsewhere: reading files (items/rules_file.ts), making code of the rules (compile.ts).

import { type Additions, additionsFor, type AppendOutput } from "./output/append_output.ts";
import type { Expr } from "./syntax/ast.ts";
import type { CheckedExpr, CheckedRule } from "./check/checked.ts";
import type { Priority, Version } from "../base/mod.ts";
import { Checker } from "./check/check.ts";
import type { Collector, ListInfo, MacroInfo, RuleInfo } from "./items/collect.ts";
import type { Environment } from "./check/environment.ts";
import { type DiagnosticCode, findingOf } from "./findings/registry.ts";
import { type Diagnostic, makeDiagnostic, Report } from "./diagnostics/diagnostic.ts";
import { Suppressions } from "./report/suppressions.ts";
import { countEventTypes, MANY_EVENT_TYPES } from "./check/event_types.ts";
import { inputsOf, withExceptions } from "./items/exceptions.ts";
import type { MappedText } from "./text/mapped_text.ts";
import type { Memory } from "./memory.ts";
import type { RulesFiles } from "./items/rules_files.ts";
import { checkIdleFields } from "./lint/idle_exceptions.ts";
import { foundInParts } from "./lint/parts.ts";
import { likelyEvents } from "./lint/likely_events.ts";
import { lintRules } from "./lint/lint.ts";
import type { LintedRule } from "./lint/linted_rule.ts";
import { ListTable } from "./expand/lists.ts";
import { MacroTable } from "./expand/macros.ts";
import type { RawPlugin } from "./items/requirements.ts";
import { RuleOutputs } from "./output/rule_output.ts";
import { isSevereEnough, type RuleSelection, selectRules } from "./items/selection.ts";
import { printCondition } from "./syntax/print_condition.ts";
import { short } from "./yaml/decode.ts";
import { literalFields } from "./lint/literal_field.ts";
import { shadowedRules } from "./lint/shadowing.ts";
import { UnknownLists } from "./lint/unknown_lists.ts";
import { mistakesInUnusedMacros } from "./lint/unused_macros.ts";
import { leftOutForSource } from "./items/unknown_source.ts";
import { unreadMacros } from "./expand/unread_macros.ts";

export interface CheckOptions {
  /** rules that are less severe do not run; all of them when absent */
  readonly priority?: Priority;
  /** `rules:` of the configuration */
  readonly ruleSelection?: readonly RuleSelection[];
  readonly appendOutput?: readonly AppendOutput[];
  /** sources whose events are watched; rules of others are left out. All that are known when absent */
  readonly enabledSources?: readonly string[];
  /** findings that are given only when asked for, such as "field-without-value" */
  readonly show?: readonly DiagnosticCode[];
  /** warnings that are not given */
  readonly hide?: readonly DiagnosticCode[];
  /** whether to look for what is correct and can hardly be meant; without it a program starts sooner */
  readonly lint?: boolean;
}

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

/** `evt.type = x and a or b`: the type is asked for in the first alternative only. */
function alternativeWithoutType(condition: CheckedExpr, written: Expr): string[] {
  if (condition.kind !== "or" || written.kind !== "or") return [];
  const without = condition.operands.map((part) => countEventTypes(part) > MANY_EVENT_TYPES);
  const at = without.indexOf(true);
  if (at < 0 || !without.includes(false)) return [];
  const text = short(printCondition(written.operands[at]!));
  return [`\`and\` binds more closely than \`or\`: the alternative \`${text}\` has no event type.`];
}

const UNKNOWN_CODES: readonly DiagnosticCode[] = [
  "unknown-field",
  "unknown-event-type",
  "unknown-output-field",
];

class RuleLoader {
  /** by source: its events have fields of their own */
  readonly checkers: ReadonlyMap<string, Checker>;
  readonly #outputs: RuleOutputs;
  /** there are rules that nobody has looked at: what they use is not known */
  hasOtherSources = false;
  readonly conditions = new Map<string, Expr>();
  /** rules with a whole condition, whatever else is wrong with them */
  readonly readable: LintedRule[] = [];
  /** all parts of conditions that the checkers have seen */
  readonly seen = new Set<Expr>();
  /** by source and name: that a field has no value is said once */
  readonly #silent = new Set<string>();

  constructor(
    readonly env: Environment,
    readonly macros: MacroTable,
    readonly report: Report,
    readonly options: CheckOptions,
    readonly memory: Memory,
  ) {
    this.#outputs = memory.lasting("outputs", () => new RuleOutputs(options.appendOutput ?? [], env));
    this.checkers = memory.lasting(
      "checkers",
      () => new Map(env.sources.map((source) => [source, new Checker(env.fields.forSource(source), source)])),
    );
  }

  /** A rule that is skipped has no error. */
  load(info: RuleInfo): CheckedRule | "skipped" | undefined {
    const checker = this.checkers.get(info.source);
    const { enabledSources } = this.options;
    if (checker === undefined || enabledSources?.includes(info.source) === false) {
      return this.#otherSource(info);
    }
    const condition = this.#withExceptions(info, this.report);
    const expansion = this.macros.expand(condition, `the rule \`${info.name}\``);
    if (expansion.expr !== undefined && this.options.lint !== false) this.#note(expansion.expr);

    const { name, source, keys, exceptions } = info;
    const output = this.memory.recallEarlier(
      "output",
      keys.output,
      [name, source, ...keys.tags],
      () => this.#outputs.of(info),
    );
    const result = expansion.expr === undefined ? undefined : checker.check(expansion.expr);
    const idle = this.memory.recallEarlier(
      "fields of exceptions",
      keys.condition,
      [source, ...inputsOf(exceptions)],
      () => checkIdleFields(exceptions, this.env, source),
    );
    const findings = [...result?.findings ?? [], ...idle, ...output.findings];
    const errors = findings.filter((finding) => finding.severity === "error");
    const unknown = errors.find((finding) => UNKNOWN_CODES.includes(finding.code));
    if (
      info.keys.skipIfUnknown && unknown !== undefined && errors.every((e) => UNKNOWN_CODES.includes(e.code))
    ) {
      return this.#skip(info, unknown);
    }
    for (const finding of [...findings, ...output.ofAdditions]) this.#take(finding, source);
    // part of a condition is no condition
    if (expansion.failed || result?.expr === undefined) return undefined;
    const { template } = output;
    this.readable.push({
      info,
      expr: expansion.expr!,
      ...(template === undefined ? {} : { output: template }),
    });
    if (template === undefined) return undefined;
    this.conditions.set(info.name, expansion.expr!);
    if (info.source === "syscall" && info.keys.warnEventTypes) {
      this.#warnEventTypes(info, result.expr, expansion.expr!);
    }
    const { desc, priority, tags, enabled, capture, captureDurationMs, warnEventTypes } = info.keys;
    return {
      name: info.name,
      desc,
      priority,
      source: info.source,
      tags,
      condition: result.expr,
      output: template,
      enabled,
      capture,
      captureDurationMs,
      warnEventTypes,
      span: info.span,
    };
  }

  #withExceptions({ keys: { condition }, exceptions }: RuleInfo, report: Report): MappedText {
    if (exceptions.length === 0) return condition;
    const made = this.memory.recallEarlier(
      "exceptions in the condition",
      condition,
      inputsOf(exceptions),
      () => {
        const findings = new Report();
        return { text: withExceptions(condition, exceptions, findings), findings };
      },
    );
    report.join(made.findings);
    return made.text ?? condition;
  }

  #note(expr: Expr): void {
    if (this.seen.has(expr)) return;
    this.seen.add(expr);
    if (expr.kind === "not") this.#note(expr.operand);
    else if (expr.kind === "and" || expr.kind === "or") {
      for (const operand of expr.operands) this.#note(operand);
    }
  }

  #take(finding: Diagnostic, source: string): void {
    if (finding.code === "field-without-value") {
      const key = `${source} ${finding.message}`;
      if (this.#silent.has(key)) return;
      this.#silent.add(key);
    }
    this.report.take(finding);
  }

  #warnEventTypes(info: RuleInfo, condition: CheckedExpr, written: Expr): void {
    const types = this.memory.recallEarlier("event types", condition, [], () => countEventTypes(condition));
    if (types <= MANY_EVENT_TYPES) return;
    const likely = likelyEvents(written);
    this.report.add(
      "no-event-type",
      info.span,
      `the condition of \`${info.name}\` runs on nearly every event`,
      {
        notes: [
          "That takes time for each event, whatever it is.",
          ...alternativeWithoutType(condition, written),
        ],
        hint: likely === undefined
          ? "restrict it with `evt.type in (…)`, or say `warn_evttypes: false`"
          : `restrict it, with \`evt.type in (${likely})\` for example, or say \`warn_evttypes: false\``,
      },
    );
  }

  /** Nothing else of the rule is looked at: its fields, and what it uses, may be defined where the source is. */
  #otherSource(info: RuleInfo): "skipped" {
    this.hasOtherSources = true;
    this.macros.touch(this.#withExceptions(info, new Report()));
    const known = [...this.checkers.keys()];
    this.report.take(leftOutForSource(info, known, this.options.enabledSources));
    return "skipped";
  }

  #skip(info: RuleInfo, unknown: Diagnostic): "skipped" {
    const diagnostic = makeDiagnostic("skipped-unknown", unknown.span ?? info.span, unknown.message, {
      notes: [`The rule \`${info.name}\` is left out: it says \`skip-if-unknown-filter\`.`],
      hint: unknown.hint,
      labels: unknown.labels,
    });
    this.report.take(diagnostic);
    return "skipped";
  }
}
