// Comments of a text and the dashes of its sequences, wherever they are: what YAML itself drops.
// In: a text. Out: both in their order. After a mistake it goes on at the next line that begins with a dash.
// Elsewhere: what comments switch off (rules/report/suppressions.ts).

import { YamlMistake } from "./mistake.ts";
import { Scanner } from "./scanner.ts";

const MAX_MISTAKES = 100;

export interface OutlinePart {
  readonly kind: "comment" | "dash";
  readonly start: number;
  readonly end: number;
}

export function outlineOf(text: string): OutlinePart[] {
  const parts: OutlinePart[] = [];
  let from = 0;
  for (let mistakes = 0; mistakes < MAX_MISTAKES && from < text.length; mistakes++) {
    const mistake = scan(text.slice(from), from, parts);
    if (mistake === undefined) break;
    const next = /^ *- /gm;
    next.lastIndex = Math.max(from + mistake + 1, (parts.at(-1)?.end ?? 0) + 1);
    from = next.exec(text)?.index ?? text.length;
  }
  return parts.sort((a, b) => a.start - b.start);
}

/** Gives where there is a mistake. */
function scan(text: string, offset: number, parts: OutlinePart[]): number | undefined {
  const add = (kind: OutlinePart["kind"]) => (start: number, end: number) =>
    parts.push({ kind, start: offset + start, end: offset + end });
  const scanner = new Scanner(text, add("comment"));
  const addDash = add("dash");
  try {
    for (let token = scanner.next(); token.type !== "end of text"; token = scanner.next()) {
      if (token.type === "-") addDash(token.start, token.end);
    }
    return undefined;
  } catch (error) {
    if (error instanceof YamlMistake) return error.start;
    throw error;
  }
}
