// Words in place of a list's name that name no list: Falco compares with the word itself, without a word about it.
// In: conditions without macros, and the names that are known. Out: a warning for each such word.
// Elsewhere: putting the items of lists in place of their names (rules/expand/lists.ts), before conditions are parsed.

import type { Check, Expr, Value } from "../syntax/ast.ts";
import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import { definedByFalco, falcoFileOf } from "../diagnostics/falco_file.ts";
import { editDistance, nearestName } from "../../base/mod.ts";

const SLIPS = 2;
/** Single words are names of programs as well. */
const MACRO_LIKE = /^[a-zA-Z]\w*_\w+$/;

export class UnknownLists {
  readonly #seen = new Set<Expr>();
  /** the same words are in many checks, by way of lists */
  readonly #misspelt = new Map<string, boolean>();
  readonly found: Diagnostic[] = [];

  constructor(readonly lists: ReadonlyMap<string, unknown>, readonly macros: ReadonlyMap<string, unknown>) {}

  look(expr: Expr): void {
    if (this.#seen.has(expr)) return;
    this.#seen.add(expr);
    switch (expr.kind) {
      case "and":
      case "or":
        return expr.operands.forEach((operand) => this.look(operand));
      case "not":
        return this.look(expr.operand);
      case "check":
        return this.#check(expr);
    }
  }

  #check({ left, right, operator, modifier, span }: Check): void {
    if (right?.kind === "value") return this.#value(right, operator);
    // Names of events are checked themselves.
    if (right?.kind !== "list" || (left.kind === "field" && left.name === "evt.type")) return;
    const [only] = right.items;
    const comparison = modifier ?? operator;
    if (only !== undefined && right.span === only.span) {
      const own = only.span.source === span.source && only.span.start > span.start &&
        only.span.end <= span.end;
      // A list of one item leaves the same text, at the place of the item.
      if (own) {
        this.#warn(
          only,
          `there is no list \`${only.text}\`: \`${comparison}\` compares with the word itself`,
          true,
        );
      }
      return;
    }
    for (const value of right.items) {
      if (value.quoted || !MACRO_LIKE.test(value.text)) continue;
      if (this.macros.has(value.text)) {
        this.#warn(value, `\`${value.text}\` is a macro, and is compared as a text here`, false);
      } else if (falcoFileOf("list", value.text) !== undefined || this.#isMisspelt(value.text)) {
        this.#warn(value, `there is no list \`${value.text}\`: it is compared as a text`, false);
      }
    }
  }

  #value(value: Value, operator: Check["operator"]): void {
    if (value.quoted || !["=", "==", "!="].includes(operator) || !MACRO_LIKE.test(value.text)) return;
    if (!this.macros.has(value.text)) return;
    this.#warn(value, `\`${value.text}\` is a macro, and is compared as a text here`, false);
  }

  /** A slip of the finger or two, in a name of the same case: values such as PTRACE_SEIZE are no lists. */
  #isMisspelt(text: string): boolean {
    let isSlip = this.#misspelt.get(text);
    if (isSlip === undefined) {
      const nearest = nearestName(text, this.lists.keys(), SLIPS);
      isSlip = nearest !== undefined && editDistance(text, nearest, SLIPS) <= SLIPS;
      this.#misspelt.set(text, isSlip);
    }
    return isSlip;
  }

  #warn(value: Value, message: string, bare: boolean): void {
    const nearest = nearestName(value.text, this.lists.keys());
    const ofFalco = definedByFalco("list", value.text);
    const hint = ofFalco !== undefined
      ? ofFalco
      : nearest !== undefined
      ? `did you mean the list \`${nearest}\`?`
      : bare
      ? `write \`(${value.text})\` if the word is meant`
      : undefined;
    this.found.push(makeDiagnostic("unknown-list", value.span, message, { hint }));
  }
}
