// JSON whose numbers keep all their digits: a JavaScript number is a double, and inode numbers and nanoseconds since
// 1970 are longer than that.
// In: JSON text of a value. Out: the value, with numbers that a double cannot hold in a form that JSON.stringify
// writes digit by digit.
// Elsewhere: where the text comes from (alerts/value_json.ts).

import { escapeJson } from "./sanitize.ts";

// Both are in the engine; the library of types does not know them yet.
interface ExactJson {
  rawJSON(text: string): object;
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
}

const EXACT = JSON as unknown as ExactJson;

/** One line that steers no terminal; who reads it has the texts as they are. */
export function jsonLine(value: unknown): string {
  return escapeJson(
    JSON.stringify(value, (_key, part) => typeof part === "string" ? part.toWellFormed() : part),
  );
}

/** Values come from our own writers; text that is no JSON all the same stays a text. */
export function parseExactJson(text: string): unknown {
  try {
    return EXACT.parse(text, (_key, value, { source }) => {
      if (typeof value !== "number" || source === undefined) return value;
      return JSON.stringify(value) === source ? value : EXACT.rawJSON(source);
    });
  } catch {
    return text;
  }
}
