// Phrases that are not idiomatic English or not the field's term, and what to write instead.
// In: a text. Out: where it has one.
// Elsewhere: the rules of style (docs/style.md), the terms (docs/glossary.md).

export interface FoundPhrase {
  readonly line: number;
  readonly phrase: string;
  readonly instead: string;
}

/** Each a regular expression of whole words. */
const REFUSED: readonly (readonly [phrase: string, instead: string])[] = [
  ["anew", "again"],
  ["whoever", "who it is, or anyone who"],
  ["told of", "told about, or reported"],
  ["of today", "current"],
  ["beside", "besides, next to or alongside"],
  ["stands still", "hangs"],
  ["what stands(?! for)", "what is"],
  ["judge[sd]?|judging|judgement", "evaluate"],
  ["companions?", "component"],
];
const PATTERN = new RegExp(`\\b(?:${REFUSED.map(([phrase]) => `(${phrase})`).join("|")})\\b`, "gi");

export function findPhrases(text: string): FoundPhrase[] {
  return text.split("\n").flatMap((content, index) =>
    [...content.matchAll(PATTERN)].map((match) => ({
      line: index + 1,
      phrase: match[0],
      instead: REFUSED[match.slice(1).findIndex((part) => part !== undefined)]![1],
    }))
  );
}
