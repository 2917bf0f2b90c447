// Hints for what people write in conditions when they think of another language, or mistype.
// In: the word that does not fit. Out: one clause, or nothing.

import { OPERATORS } from "./ast.ts";
import { didYouMean } from "./diagnostics/suggest.ts";

const OTHER_LANGUAGES: Readonly<Record<string, string>> = {
  "&&": "write `and`",
  "||": "write `or`",
  "&": "write `and`",
  "|": "write `or`",
  "!": "write `not`",
  "<>": "write `!=`",
  "===": "write `=`",
  "=~": "write `regex`",
  "~": "write `regex`",
  "~=": "write `regex`",
  "like": "write `contains` or `glob`",
  "matches": "write `regex`",
  "is": "write `=`",
  "equals": "write `=`",
  "not": "`not` stands before the whole check: `not fd.name in (…)`",
};

/** For a word where `and`, `or` or a check should stand. */
export function operatorHint(word: string): string | undefined {
  const lower = word.toLowerCase();
  if (lower !== word && ["and", "or", "not", "in", "exists"].includes(lower)) {
    return `keywords are lower case: write \`${lower}\``;
  }
  if (word.startsWith("!") && word.length > 1) return "write `not` before the check";
  return OTHER_LANGUAGES[lower];
}

/** For a word where an operator should stand. */
export function misspeltOperator(word: string): string | undefined {
  const operator: string = word.replace(/[^a-zA-Z!=<>~].*$/, "");
  if ((OPERATORS as readonly string[]).includes(operator)) return `a blank has to follow \`${operator}\``;
  return operatorHint(word) ?? OTHER_LANGUAGES[operator.toLowerCase()] ?? didYouMean(operator, OPERATORS);
}
