// A condition as text, in the one form that Falco prints: every `and` and `or` in parentheses, values quoted only
// where a blank, a quote or an equals sign is in them.
// In: an Expr, with or without macros. Out: text. Elsewhere: operands (print_operand.ts).
//
// Falco quotes neither an empty value nor one with a comma or a parenthesis, so its text cannot always be read back.
// What consumers of this text compare with is Falco's, hence this is the same.

import type { Check, Expr } from "./ast.ts";
import { escapeText, printOperand } from "./print_operand.ts";

/** Macros and lists make much text of little: characters that one run may print of all conditions together. */
const MAX_CHARACTERS = 64 << 20;
/** stands for the rest of a condition where that is too long */
const CUT = "…";

export class ConditionPrinter {
  #left: number;

  constructor(maxCharacters = MAX_CHARACTERS) {
    this.#left = maxCharacters;
  }

  print(expr: Expr): string {
    if (this.#left <= 0) return CUT;
    switch (expr.kind) {
      case "and":
      case "or":
        return `(${this.#joined(expr.operands, ` ${expr.kind} `)})`;
      case "not":
        return `not ${this.print(expr.operand)}`;
      case "unread":
        return this.#spent("…");
      case "macro":
        return this.#spent(expr.name);
      case "check":
        return this.#spent(printCheck(expr));
    }
  }

  #joined(operands: readonly Expr[], word: string): string {
    const texts: string[] = [];
    for (const operand of operands) {
      texts.push(this.print(operand));
      if (this.#left <= 0) break;
    }
    return texts.join(word);
  }

  #spent(text: string): string {
    this.#left -= text.length;
    return text;
  }
}

export function printCondition(expr: Expr): string {
  return new ConditionPrinter().print(expr);
}

function printCheck({ left, operator, modifier, right }: Check): string {
  const words = [printOperand(left), operator];
  if (modifier !== undefined) words.push(modifier);
  if (right === undefined) return words.join(" ");
  switch (right.kind) {
    case "field":
      words.push(`val(${printOperand(right)})`);
      break;
    case "transformer":
    case "value":
      words.push(printOperand(right));
      break;
    case "list":
      words.push(`(${right.items.map((item) => escapeText(item.text)).join(", ")})`);
  }
  return words.join(" ");
}
