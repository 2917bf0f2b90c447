// One rule after the other: its condition with exceptions, macros and lists in their place, checked; its output.
// In: rules as they were collected. Out: checked rules; what is wrong goes to the report.
// Elsewhere: which rules (check_rules.ts), what can hardly be meant (lint/), each stage (items/, expand/, check/, output/).

import type { Expr } from "./syntax/ast.ts";
import type { CheckedExpr, CheckedRule } from "./check/checked.ts";
import type { CheckOptions } from "./check_options.ts";
import { Checker } from "./check/check.ts";
import type { RuleInfo } from "./items/collect.ts";
import type { Environment } from "./check/environment.ts";
import type { DiagnosticCode } from "./findings/registry.ts";
import { type Diagnostic, makeDiagnostic, Report } from "./diagnostics/diagnostic.ts";
import { countEventTypes, MANY_EVENT_TYPES } from "./check/event_types.ts";
import { inputsOf, withExceptions } from "./items/exceptions.ts";
import type { MappedText } from "./text/mapped_text.ts";
import type { Memory } from "./memory.ts";
import { checkIdleFields } from "./lint/idle_exceptions.ts";
import { likelyEvents } from "./lint/likely_events.ts";
import type { LintedRule } from "./lint/linted_rule.ts";
import type { MacroTable } from "./expand/macros.ts";
import { RuleOutputs } from "./output/rule_output.ts";
import { printCondition } from "./syntax/print_condition.ts";
import { short } from "./yaml/decode.ts";
import { leftOutForSource } from "./items/unknown_source.ts";

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

export class RuleLoader {
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
