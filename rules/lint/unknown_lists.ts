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
  /** the same words are in many checks, by way of lists */
  readonly #misspelt = new Map<string, boolean>();

  constructor(readonly lists: readonly string[], readonly macros: ReadonlySet<string>) {}

  /** Of one part of a condition. */
  look(part: Expr): readonly Diagnostic[] {
    return part.kind === "check" ? this.#check(part) : [];
  }

  #check({ left, right, operator, modifier, span }: Check): Diagnostic[] {
    if (right?.kind === "value") return this.#value(right, operator);
    // Names of events are checked themselves.
    if (right?.kind !== "list" || (left.kind === "field" && left.name === "evt.type")) return [];
    const [only] = right.items;
    const comparison = modifier ?? operator;
    if (only !== undefined && right.span === only.span) {
      const own = only.span.source === span.source && only.span.start > span.start &&
        only.span.end <= span.end;
      // A list of one item leaves the same text, at the place of the item.
      if (!own) return [];
      const message = `there is no list \`${only.text}\`: \`${comparison}\` compares with the word itself`;
      return [this.#warning(only, message, true)];
    }
    return right.items.flatMap((value) => {
      if (value.quoted || !MACRO_LIKE.test(value.text)) return [];
      if (this.macros.has(value.text)) return [this.#ofMacro(value)];
      if (falcoFileOf("list", value.text) === undefined && !this.#isMisspelt(value.text)) return [];
      return [this.#warning(value, `there is no list \`${value.text}\`: it is compared as a text`, false)];
    });
  }

  #value(value: Value, operator: Check["operator"]): Diagnostic[] {
    if (value.quoted || !["=", "==", "!="].includes(operator) || !MACRO_LIKE.test(value.text)) return [];
    return this.macros.has(value.text) ? [this.#ofMacro(value)] : [];
  }

  #ofMacro(value: Value): Diagnostic {
    return this.#warning(value, `\`${value.text}\` is a macro, and is compared as a text here`, false);
  }

  /** A slip of the finger or two, in a name of the same case: values such as PTRACE_SEIZE are no lists. */
  #isMisspelt(text: string): boolean {
    let isSlip = this.#misspelt.get(text);
    if (isSlip === undefined) {
      const nearest = nearestName(text, this.lists, SLIPS);
      isSlip = nearest !== undefined && editDistance(text, nearest, SLIPS) <= SLIPS;
      this.#misspelt.set(text, isSlip);
    }
    return isSlip;
  }

  #warning(value: Value, message: string, bare: boolean): Diagnostic {
    const nearest = nearestName(value.text, this.lists);
    const ofFalco = definedByFalco("list", value.text);
    const hint = ofFalco !== undefined
      ? ofFalco
      : nearest !== undefined
      ? `did you mean the list \`${nearest}\`?`
      : bare
      ? `write \`(${value.text})\` if the word is meant`
      : undefined;
    return makeDiagnostic("unknown-list", value.span, message, { hint });
  }
}
