// JSON that is safe on a terminal: what a rules file holds must not steer it.
// In: a value, the indent or none for a single line. Out: text.

/** Control characters that JSON may hold as they are. */
const HARMFUL = /[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

export function jsonText(value: unknown, indent = 2): string {
  return JSON.stringify(value, null, indent).replace(
    HARMFUL,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
