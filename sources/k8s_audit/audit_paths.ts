// Paths through an audit event: objects by their keys, and on arrays into every element, or into the one that a rule names.
// In: a document and steps. Out: tokens, −1 in the place of elements that do not have what the path names; nothing when
// the path leads nowhere.

import type { FieldText, FieldValue, JsonEvent } from "../json/event_fields.ts";
import { type JsonDocument, type Step, stepOf } from "../json/json_document.ts";

export type AuditField = (event: JsonEvent) => FieldValue;

export function steps(path: readonly string[]): readonly Step[] {
  return path.map(stepOf);
}

/** @param index the element that counts in each array on the way; all of them without it */
export function values(
  document: JsonDocument,
  path: readonly Step[],
  index?: number,
  from = 0,
): readonly number[] | undefined {
  let token = from;
  for (const [i, step] of path.entries()) {
    if (document.isArray(token)) {
      const elements = document.elements(token);
      if (index === undefined) {
        return elements.flatMap((element) => values(document, path.slice(i), index, element) ?? [-1]);
      }
      const element = elements[index];
      if (element === undefined) return undefined;
      token = element;
    }
    token = document.member(token, step);
    if (token < 0) return undefined;
  }
  return [token];
}

/** What is not there is left out. `spread`: elements of what are arrays, and nothing else. */
export function textsOf(
  document: JsonDocument,
  tokens: readonly number[] | undefined,
  what: "as they are" | "spread",
): readonly FieldText[] | undefined {
  const there = tokens?.filter((token) => token >= 0);
  if (there === undefined || what === "as they are") return there;
  return there.flatMap((token) => document.isArray(token) ? document.elements(token) : []);
}
