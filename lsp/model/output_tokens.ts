// The fields of an output, with where they are in it. Like condition_tokens.ts it reads what is unfinished, too.
// In: the text of an output. Out: tokens of what follows its percent signs. Elsewhere: whether they exist (rules/output/).

import type { Token, TokenKind } from "./condition_tokens.ts";

const PLACEHOLDER =
  /%\d*(?:([a-zA-Z][a-zA-Z0-9_]*)\(([^)]*)\)?|([a-zA-Z][a-zA-Z0-9_]*(?:\.[a-zA-Z0-9_]+)+(?:\[[^\]\s]*\])?))/g;
const FIELD = /[a-zA-Z][a-zA-Z0-9_]*(?:\.[a-zA-Z][a-zA-Z0-9_]*)+(?:\[[^\]\s]*\])?/g;

export function outputTokens(text: string): Token[] {
  const tokens: Token[] = [];
  const add = (kind: TokenKind, start: number, word: string) =>
    tokens.push({ kind, text: word, start, end: start + word.length });
  for (const match of text.matchAll(PLACEHOLDER)) {
    const [whole, transformer, inner, field] = match;
    const begin = match.index + /^%\d*/.exec(whole)![0].length;
    if (field !== undefined) add("field", begin, field);
    else if (transformer !== undefined) {
      add("transformer", begin, transformer);
      const from = begin + transformer.length + 1;
      for (const found of (inner ?? "").matchAll(FIELD)) add("field", from + found.index, found[0]);
    }
  }
  return tokens;
}
