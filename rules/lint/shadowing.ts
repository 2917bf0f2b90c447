// Rules that are never reported, since an earlier one matches whenever they do.
// In: the rules that run, in the order in which they are tried. Out: a warning for each rule in another's shadow.
// Elsewhere: the order itself (items/collect.ts, items/selection.ts), `rule_matching: all`, which reports every match.
//
// A rule is in the shadow of another when each check that the other joins with `and` is among its own, or follows from
// one of them: that is less than all there are, and never wrong.

import type { CheckedExpr, CheckedOperand, CheckedRule } from "../check/checked.ts";
import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import type { Memory } from "../memory.ts";
import { characters } from "../text/utf8.ts";
import { Implication } from "./implication.ts";
import { constantsOf } from "./subject.ts";

export function shadowedRules(rules: readonly CheckedRule[], memory: Memory): Diagnostic[] {
  const keys = memory.lasting("numbers of conditions", () => new Keys());
  const implication = new Implication((expr) => keys.numberOf(expr));
  const compared = rules.map(({ condition }) =>
    memory.recallEarlier("parts of a condition", condition, [], () => new Conjunction(condition, keys))
  );
  const parts = compared.map(({ numbers }) => numbers);
  const uses = new Map<number, number>();
  for (const own of parts) for (const part of own) uses.set(part, (uses.get(part) ?? 0) + 1);

  /** The first earlier rule of the same source all of whose checks follow from this one's. */
  const weaker = (at: number): number | undefined => {
    if (rules.length > MAX_COMPARED) return undefined;
    const own = compared[at]!;
    for (let other = 0; other < at; other++) {
      if (rules[other]!.source === rules[at]!.source && own.implies(compared[other]!, implication)) {
        return other;
      }
    }
    return undefined;
  };

  const found: Diagnostic[] = [];
  /** earlier rules by the part that the fewest rules have */
  const earlier = new Map<number, number[]>();
  for (const [at, rule] of rules.entries()) {
    const own = parts[at]!;
    const shadow = firstShadow(own, earlier, parts, (other) => rules[other]!.source === rule.source) ??
      weaker(at);
    if (shadow !== undefined) {
      const other = rules[shadow]!;
      found.push(
        makeDiagnostic(
          "shadowed-rule",
          rule.span,
          `\`${rule.name}\` is never reported: \`${other.name}\` matches whenever it does, and comes first`,
          {
            notes: ["This holds for `rule_matching: first`, the default."],
            hint: "put the narrower rule first, or exclude its case from the wider one",
            labels: [{ span: other.span, message: "matches first" }],
          },
        ),
      );
    }
    let rarest: number | undefined;
    for (const part of own) if (rarest === undefined || uses.get(part)! < uses.get(rarest)!) rarest = part;
    if (rarest === undefined) continue;
    const list = earlier.get(rarest);
    if (list === undefined) earlier.set(rarest, [at]);
    else list.push(at);
  }
  return found;
}

/** What a rule's condition joins with `and`. */
class Conjunction {
  readonly numbers: ReadonlySet<number>;
  readonly #parts: readonly (readonly [part: CheckedExpr, number: number])[];
  /** by the number of what is wanted, which rules share by their macros: whether a part implies it, and the steps to that */
  readonly #known = new Map<number, { readonly holds: boolean; readonly steps: number }>();

  constructor(condition: CheckedExpr, keys: Keys) {
    this.numbers = keys.conjuncts(condition);
    this.#parts = conjunctsOf(condition).map((part) => [part, keys.numberOf(part)]);
  }

  implies(other: Conjunction, implication: Implication): boolean {
    return other.#parts.every(([wanted, number]) => {
      const known = this.#known.get(number);
      if (known !== undefined && implication.spend(known.steps)) return known.holds;
      const before = implication.steps;
      const holds = this.#parts.some(([part]) => implication.holds(part, wanted));
      if (!implication.isSpent) this.#known.set(number, { holds, steps: implication.steps - before });
      return holds;
    });
  }
}

/** Of more rules, only those that share a check are compared. */
const MAX_COMPARED = 1000;

function conjunctsOf(expr: CheckedExpr): readonly CheckedExpr[] {
  return expr.kind === "and" ? expr.operands.flatMap(conjunctsOf) : [expr];
}

/** Rules that share their rarest part with this one and are looked at: hostile files hold thousands. */
const MAX_CANDIDATES = 200;

function firstShadow(
  own: ReadonlySet<number>,
  earlier: ReadonlyMap<number, readonly number[]>,
  parts: readonly ReadonlySet<number>[],
  comparable: (rule: number) => boolean,
): number | undefined {
  let first: number | undefined;
  for (const part of own) {
    for (const other of earlier.get(part)?.slice(0, MAX_CANDIDATES) ?? []) {
      if (first !== undefined && other >= first) break;
      if (comparable(other) && parts[other]!.isSubsetOf(own)) first = other;
    }
  }
  return first;
}

/** Numbers for expressions: equal ones have the same. */
class Keys {
  readonly #numbers = new Map<string, number>();
  readonly #known = new WeakMap<CheckedExpr, number>();

  conjuncts(expr: CheckedExpr, into = new Set<number>()): Set<number> {
    if (expr.kind === "and") { for (const operand of expr.operands) this.conjuncts(operand, into); }
    else into.add(this.#of(expr));
    return into;
  }

  numberOf(expr: CheckedExpr): number {
    return this.#of(expr);
  }

  #of(expr: CheckedExpr): number {
    let number = this.#known.get(expr);
    if (number === undefined) {
      const key = this.#keyOf(expr);
      number = this.#numbers.get(key);
      if (number === undefined) this.#numbers.set(key, number = this.#numbers.size);
      this.#known.set(expr, number);
    }
    return number;
  }

  #keyOf(expr: CheckedExpr): string {
    switch (expr.kind) {
      case "and":
      case "or":
        return `${expr.kind} ${
          [...new Set(expr.operands.map((operand) => this.#of(operand)))].sort().join(" ")
        }`;
      case "not":
        return `not ${this.#of(expr.operand)}`;
      case "check": {
        const { left, operator, modifier = "", right } = expr;
        const values = constantsOf(expr);
        const key = values === undefined
          ? right.map(keyOf).sort().join(",")
          : JSON.stringify(values.toSorted());
        return `${keyOf(left)} ${operator} ${modifier} ${key}`;
      }
    }
  }
}

function keyOf(operand: CheckedOperand): string {
  switch (operand.kind) {
    case "field":
      return `${operand.field.name}[${JSON.stringify(operand.arg)}]`;
    case "transformer":
      return `${operand.name}(${operand.operands.map(keyOf).join(",")})[${JSON.stringify(operand.arg)}]`;
    case "text":
      return `text:${operand.bytes.length}:${characters(operand.bytes)}`;
    case "ip":
      return `ip:${operand.bytes.join(".")}`;
    case "net":
      return `net:${operand.bytes.join(".")}/${operand.prefixBits}`;
    case "number":
    case "bool":
      return `${operand.kind}:${operand.value}`;
  }
}
