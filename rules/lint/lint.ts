// Lints: valid rules that are probably mistakes. Each is a file of this folder.
// In: rules that were checked, with their conditions. Out: warnings.
// Elsewhere: lints that need the text of conditions (rules/items/append_precedence.ts, unknown_lists.ts) and the order of the rules
// that run (shadowing.ts).
//
// What a rule, a part or a check gives is remembered for each of them; that a thing is said once is decided each time.

import type { Check, Expr } from "../syntax/ast.ts";
import type { Checker } from "../check/check.ts";
import type { CheckedCheck } from "../check/checked.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Memory } from "../memory.ts";
import { inputsOf } from "../items/exceptions.ts";
import { SpanSet } from "../text/span_set.ts";
import { alwaysTrue } from "./always_true.ts";
import { eventChoices } from "./event_choice.ts";
import { FactFinder } from "./facts.ts";
import { ImpossibleValues, impossibleValues } from "./impossible_value.ts";
import { literalGlobs } from "./literal_glob.ts";
import type { AboutCheck, LintedRule } from "./linted_rule.ts";
import { missingInequalities } from "./missing_inequality.ts";
import { neverMatching, neverTrue } from "./never_true.ts";
import { oddCharacters } from "./odd_character.ts";
import { outputsWithoutValue } from "./output_values.ts";
import { foundInParts } from "./parts.ts";
import { redundantExceptions } from "./redundant_exception.ts";
import { unreachableExceptions } from "./unreachable_exception.ts";
import { unsafeNaCheck } from "./unsafe_na.ts";

export function lintRules(
  rules: readonly LintedRule[],
  checkers: ReadonlyMap<string, Checker>,
  memory: Memory,
): Diagnostic[] {
  const found: Diagnostic[] = [];
  const seen = new Set<Expr>();
  const values = new ImpossibleValues();
  const never = new Set<Check>(), inequalities = new Set<Check>();
  const globs = new SpanSet(), calls = new SpanSet();
  const first = (told: Set<Check>, all: readonly AboutCheck[]) => {
    for (const { check, finding } of all) {
      if (!told.has(check)) found.push(finding);
      told.add(check);
    }
  };
  for (const rule of rules) {
    const checker = checkers.get(rule.info.source)!;
    const facts = memory.recall(
      "facts",
      checker,
      [],
      () => new FactFinder((check) => checkedBy(checker, check), checker.source),
    );
    const own = memory.recallEarlier(
      "lints of a rule",
      rule.expr,
      inputsOfRule(rule, facts),
      () => ofRule(rule, facts, memory),
    );
    for (const { check, finding } of own.matching) {
      found.push(finding);
      never.add(check);
    }
    first(never, own.parts);
    found.push(...own.always);
    first(inequalities, own.inequalities);
    found.push(...own.calls.filter(({ span }) => calls.add(span!)), ...own.others);
    eachCheck(rule.expr, seen, (check) => {
      const checked = checkedBy(checker, check);
      const ofCheck = memory.recallEarlier(
        "lints of a check",
        check,
        [checked],
        () => ofOneCheck(check, checked),
      );
      if (ofCheck.values !== undefined) found.push(...values.take(ofCheck.values));
      found.push(...ofCheck.globs.filter(({ span }) => globs.add(span!)), ...ofCheck.others);
    });
  }
  return found;
}

interface LintsOfRule {
  readonly matching: readonly AboutCheck[];
  readonly parts: readonly AboutCheck[];
  readonly always: readonly Diagnostic[];
  readonly inequalities: readonly AboutCheck[];
  readonly calls: readonly Diagnostic[];
  readonly others: readonly Diagnostic[];
}

function inputsOfRule({ info, output }: LintedRule, facts: FactFinder): unknown[] {
  const { name, span, keys, exceptions } = info;
  return [facts, name, span, keys.enabled, keys.output, output, ...inputsOf(exceptions)];
}

function ofRule(rule: LintedRule, facts: FactFinder, memory: Memory): LintsOfRule {
  const { expr } = rule;
  const isCall = facts.source === "syscall";
  const unreachable = unreachableExceptions(rule, facts);
  const known = new Set(unreachable.map(({ span }) => span));
  return {
    matching: neverMatching(rule, facts),
    parts: foundInParts(memory, "never true", expr, [facts], (part) => neverTrue(part, facts)),
    always: foundInParts(memory, "always true", expr, [facts], (part) => alwaysTrue(part, facts.checkedOf)),
    inequalities: isCall ? missingInequalities(expr, facts) : [],
    calls: isCall ? eventChoices(rule, facts) : [],
    others: [
      ...isCall ? outputsWithoutValue(rule, facts) : [],
      ...unreachable,
      ...redundantExceptions(rule, facts).filter(({ span }) => !known.has(span)),
    ],
  };
}

function ofOneCheck(check: Check, checked: CheckedCheck | undefined) {
  const unsafe = unsafeNaCheck(check);
  return {
    values: checked === undefined ? undefined : impossibleValues(check, checked),
    globs: checked === undefined ? [] : literalGlobs(check, checked),
    others: [...oddCharacters(check), ...unsafe === undefined ? [] : [unsafe]],
  };
}

/** What the checker of a source has made of a check. */
function checkedBy(checker: Checker, check: Check): CheckedCheck | undefined {
  const { expr } = checker.check(check);
  return expr?.kind === "check" ? expr : undefined;
}

/** Each check once, whatever the number of rules that share it. */
function eachCheck(expr: Expr, seen: Set<Expr>, visit: (check: Check) => void): void {
  if (seen.has(expr)) return;
  seen.add(expr);
  if (expr.kind === "check") visit(expr);
  else if (expr.kind === "not") eachCheck(expr.operand, seen, visit);
  else if (expr.kind === "and" || expr.kind === "or") {
    for (const operand of expr.operands) eachCheck(operand, seen, visit);
  }
}
