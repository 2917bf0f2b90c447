// What a condition is made of: the names in it.
// In: an Expr. Out: sets of names, each sorted. Elsewhere: what the names are put together to (describe.ts).
//
// Run over a condition as written it finds macros and lists; over an expanded one, all fields and operators.

import type { Check, Expr, Operand, OperandList } from "../syntax/ast.ts";
import { sorted } from "./sorted.ts";

export interface ConditionDetails {
  readonly macros: readonly string[];
  readonly lists: readonly string[];
  /** with their modifiers: `startswith oneof` */
  readonly operators: readonly string[];
  /** with their arguments */
  readonly fields: readonly string[];
  /** what evt.type and evt.asynctype are compared with */
  readonly eventNames: readonly string[];
}

export interface KnownNames {
  readonly macros: { has(name: string): boolean };
  readonly lists: { has(name: string): boolean };
}

export function detailsOf(expr: Expr | undefined, known: KnownNames): ConditionDetails {
  const found = new Details(known);
  if (expr !== undefined) found.visit(expr);
  return {
    macros: sorted(found.macros),
    lists: sorted(found.lists),
    operators: sorted(found.operators),
    fields: sorted(found.fields),
    eventNames: sorted(found.eventNames),
  };
}

class Details {
  readonly macros = new Set<string>();
  readonly lists = new Set<string>();
  readonly operators = new Set<string>();
  readonly fields = new Set<string>();
  readonly eventNames = new Set<string>();
  /** what comes from one macro is one node wherever it stands */
  readonly #seen = new Set<Expr>();

  constructor(readonly known: KnownNames) {}

  visit(expr: Expr): void {
    if (this.#seen.has(expr)) return;
    this.#seen.add(expr);
    switch (expr.kind) {
      case "and":
      case "or":
        for (const operand of expr.operands) this.visit(operand);
        return;
      case "not":
        return this.visit(expr.operand);
      case "macro":
        if (this.known.macros.has(expr.name)) this.macros.add(expr.name);
        return;
      case "check":
        return this.#check(expr);
    }
  }

  #check({ left, operator, modifier, right }: Check): void {
    this.operators.add(modifier === undefined ? operator : `${operator} ${modifier}`);
    this.#operand(left);
    if (right === undefined) return;
    const names = left.kind === "field" && (left.name === "evt.type" || left.name === "evt.asynctype");
    if (right.kind === "list") {
      for (const { text } of right.items) {
        if (this.known.lists.has(text)) this.lists.add(text);
        else if (names) this.eventNames.add(text);
      }
    } else if (right.kind === "value") {
      if (names) this.eventNames.add(right.text);
    } else this.#operand(right);
  }

  #operand(use: Operand | OperandList): void {
    switch (use.kind) {
      case "field":
        this.fields.add(use.arg ? `${use.name}[${use.arg}]` : use.name);
        return;
      case "transformer":
        for (const operand of use.operands) this.#operand(operand);
        return;
      case "operands":
        for (const item of use.items) this.#operand(item);
        return;
      case "value":
        return;
    }
  }
}
