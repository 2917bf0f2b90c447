// Paths through an audit event: objects by their keys, and on arrays into every element, or into the one that a rule names.
// In: a document and steps. Out: tokens, −1 in the place of elements that do not have what the path names; nothing when
// the path leads nowhere.

import type { FieldText, FieldValue, JsonEvent } from "../json/event_fields.ts";
import type { JsonDocument } from "../json/json_document.ts";
import { type Step, stepOf } from "../json/json_path.ts";

export type AuditField = (event: JsonEvent) => FieldValue;

export function steps(path: readonly string[]): readonly Step[] {
  return path.map(stepOf);
}

/** @param index the element that counts in each array on the way; all of them without it */
export function values(
  document: JsonDocument,
  path: readonly Step[],
  index?: number,
): readonly number[] | undefined {
  const found: number[] = [];
  return follow(document, path, 0, 0, index, found) ? found : undefined;
}

/** Whether the path leads somewhere; what to is added. No lists are made on the way: a hostile event has many elements. */
function follow(
  document: JsonDocument,
  path: readonly Step[],
  done: number,
  from: number,
  index: number | undefined,
  found: number[],
): boolean {
  let token = from;
  for (let i = done; i < path.length; i++) {
    if (document.isArray(token)) {
      if (index === undefined) {
        document.forEach(token, (element) => {
          if (!follow(document, path, i, element, index, found)) found.push(-1);
        });
        return true;
      }
      token = document.element(token, index);
      if (token < 0) return false;
    }
    token = document.member(token, path[i]!);
    if (token < 0) return false;
  }
  found.push(token);
  return true;
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
