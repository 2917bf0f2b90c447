// What authors of exceptions mean by a shape that does not fit.
// In: fields, comparisons and values as they are written. Out: one clause, or nothing. Elsewhere: the shapes (exceptions.ts).

import { didYouMean } from "../../base/mod.ts";
import { operatorHint } from "../syntax/syntax_hints.ts";
import type { ExceptionValue, OneOrList } from "./exception_item.ts";

/** For a comparison that is none in this place. `allowed` are those that are. */
export function comparisonHint(comp: string, allowed: readonly string[]): string | undefined {
  if (/^(?:not\b|!)/.test(comp) && comp !== "!=") {
    return "an exception excludes already: write the comparison without `not`";
  }
  if (["=", "==", "!="].includes(comp)) {
    return comp === "!="
      ? "write the fields, comparisons and values as sequences: `fields: […]`, `comps: [!=]`, `values: [[…]]`"
      : "leave `comps` out: `in` compares with each of the values";
  }
  return operatorHint(comp) ?? didYouMean(comp, allowed);
}

/** For fields and comparisons of which one is a text and the other a sequence. */
export function pairHint(fields: OneOrList, comps: OneOrList): string | undefined {
  const [first] = comps.texts;
  if (fields.list && !comps.list && first !== undefined) {
    return `write \`comps: [${fields.texts.map(() => first.text).join(", ")}]\``;
  }
  return comps.list && fields.texts[0] !== undefined
    ? `write \`fields: [${fields.texts[0].text}]\``
    : undefined;
}

/** For single texts where each value is a sequence. */
export function rowsHint(fields: OneOrList, values: readonly ExceptionValue[]): string | undefined {
  const singles = values.flatMap((value) => value.kind === "tuple" ? [] : [value.text.text]);
  if (fields.texts.length !== 1 || singles.length === 0 || singles.length > 4) return undefined;
  return `write \`values: [${
    singles.map((text) => `[${text}]`).join(", ")
  }]\`, or the field as a text: \`fields: ${fields.texts[0]!.text}\``;
}
