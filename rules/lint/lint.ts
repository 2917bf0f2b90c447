// Lints: valid rules that are probably mistakes. Each is a file of this folder.
// In: rules that were checked, with their conditions. Out: warnings.
// Elsewhere: lints that need the text of conditions (rules/items/append_precedence.ts, unknown_lists.ts) and the order of the rules
// that run (shadowing.ts).

import type { Check, Expr } from "../syntax/ast.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { AlwaysTrue } from "./always_true.ts";
import { EventChoice } from "./event_choice.ts";
import { FactFinder } from "./facts.ts";
import { ImpossibleValues } from "./impossible_value.ts";
import { LiteralGlobs } from "./literal_glob.ts";
import type { CheckedOf, LintedRule } from "./linted_rule.ts";
import { MissingInequality } from "./missing_inequality.ts";
import { NeverTrue } from "./never_true.ts";
import { oddCharacters } from "./odd_character.ts";
import { outputsWithoutValue } from "./output_values.ts";
import { redundantExceptions } from "./redundant_exception.ts";
import { unreachableExceptions } from "./unreachable_exception.ts";
import { unsafeNaCheck } from "./unsafe_na.ts";

export function lintRules(rules: readonly LintedRule[], checkedOf: CheckedOf): Diagnostic[] {
  const found: Diagnostic[] = [];
  const finders = new Map<string, FactFinder>();
  const never = new NeverTrue(), always = new AlwaysTrue(), inequality = new MissingInequality();
  const choice = new EventChoice();
  const seen = new Set<Expr>();
  const values = new ImpossibleValues(), globs = new LiteralGlobs();
  for (const rule of rules) {
    const { source } = rule.info;
    const ofSource = (check: Check) => checkedOf(check, source);
    let facts = finders.get(source);
    if (facts === undefined) finders.set(source, facts = new FactFinder(ofSource, source));
    found.push(...never.look(rule, facts), ...always.look(rule.expr, ofSource));
    if (source === "syscall") {
      found.push(...inequality.look(rule.expr, facts), ...choice.look(rule, facts));
      found.push(...outputsWithoutValue(rule, facts));
    }
    const unreachable = unreachableExceptions(rule, facts);
    const known = new Set(unreachable.map(({ span }) => span));
    found.push(...unreachable, ...redundantExceptions(rule, facts).filter(({ span }) => !known.has(span)));
    eachCheck(rule.expr, seen, (check) => {
      const checked = ofSource(check);
      if (checked !== undefined) found.push(...values.look(check, checked), ...globs.look(check, checked));
      found.push(...oddCharacters(check));
      const unsafe = unsafeNaCheck(check);
      if (unsafe !== undefined) found.push(unsafe);
    });
  }
  return found;
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
