// What a test says of a text that is known: whether it holds, as the matcher would have it.
// In: a test that compares with literals, the text. Out: the answer; undefined where it rests on more.
// Elsewhere: which texts a field can have (may_hold.ts, known_argument.ts).

import { latin1, type TestNode } from "../lower/ir.ts";

export function holdsOf(test: TestNode, text: string): boolean | undefined {
  const items = literalsOf(test);
  if (items === undefined || items.length === 0) return undefined;
  switch (test.fn) {
    case "str_eq":
    case "str_in":
      return items.includes(text);
    case "str_ne":
      return !items.includes(text);
    case "str_contains":
      return items.some((item) => text.includes(item));
    case "str_icontains": // the literal is in lower case (rules/lower/comparison.ts)
      return items.some((item) => text.toLowerCase().includes(item));
    case "str_startswith":
      return items.some((item) => text.startsWith(item));
    case "str_endswith":
      return items.some((item) => text.endsWith(item));
    default:
      return undefined;
  }
}

/** Texts that a test compares with; undefined where it compares with something else. */
export function literalsOf({ right }: TestNode): readonly string[] | undefined {
  if (right.kind === "text") return [latin1(right.bytes)];
  return right.kind === "texts" ? right.items.map(latin1) : undefined;
}
