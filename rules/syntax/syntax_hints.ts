// Hints for what people write in conditions when they think of another language, or mistype.
// In: the word that does not fit. Out: one clause, or nothing.

import { type FieldUse, OPERATORS, TRANSFORMERS } from "./ast.ts";
import { didYouMean } from "../../base/mod.ts";

/** What the parser asks about names, which it does not know itself. */
export interface FieldHints {
  /** For a field that nothing is compared with. */
  hintForBareField(use: FieldUse): string | undefined;
  /** Fields that a name without a dot may mean, the likeliest first. */
  fieldsNamed(name: string): readonly string[];
}

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
  "is": "compare with `=` or `!=`",
  "equals": "write `=`",
  "not": "`not` is before the whole check: `not fd.name in (…)`",
  ":": "write `=`",
  ":=": "write `=`",
  "+": "conditions do not calculate",
  "-": "conditions do not calculate",
  "*": "conditions do not calculate",
  "/": "conditions do not calculate",
  "%": "conditions do not calculate",
};

/** For a field that is written as in an output or another language. */
function bareField(word: string): string | undefined {
  const name = /^[%$]\{?([a-z]\w*(?:\.\w+)+)/.exec(word)?.[1];
  return name === undefined ? undefined : `fields have no sign in conditions: write \`${name}\``;
}

/** For `and`, `or` or an operator where a check should begin. */
export function misplacedHint(word: string, at: number): string {
  if (word !== "and" && word !== "or") return `\`${word}\` follows a field: \`proc.name ${word} …\``;
  return at > 0
    ? `write \`${word}\` once, between two checks`
    : "remove it; to append to an earlier rule, add `override: {condition: append}`";
}

const OTHER_TRANSFORMERS: Readonly<Record<string, string>> = {
  lower: "tolower",
  lowercase: "tolower",
  upper: "toupper",
  uppercase: "toupper",
  length: "len",
  size: "len",
  base64: "b64",
  filename: "basename",
};

export function transformerHint(word: string): string | undefined {
  const lower = word.toLowerCase();
  const other = OTHER_TRANSFORMERS[lower];
  if (other !== undefined) return `write \`${other}(…)\``;
  return didYouMean(lower, TRANSFORMERS) ??
    `the transformers are ${TRANSFORMERS.join(", ")}; a macro has no arguments`;
}

const KEYWORDS = ["and", "or", "not", "in", "exists"];

/** For a keyword in capitals, and for a word that begins conditions elsewhere. */
export function keywordHint(word: string): string | undefined {
  const lower = word.toLowerCase();
  if (["if", "when", "where"].includes(lower)) {
    return `remove \`${word}\`: a condition begins with its first check`;
  }
  return lower !== word && KEYWORDS.includes(lower)
    ? `keywords are lower case: write \`${lower}\``
    : undefined;
}

/** For a word where `and`, `or` or a check should stand. */
export function operatorHint(word: string): string | undefined {
  const lower = word.toLowerCase();
  if (lower !== word && KEYWORDS.includes(lower)) return `keywords are lower case: write \`${lower}\``;
  if (word.startsWith("!") && word.length > 1) {
    return `write \`not ${word.slice(1)}${word.includes(".") ? " …" : ""}\``;
  }
  return OTHER_LANGUAGES[lower] ?? bareField(word);
}

/** For a value before what cannot be read: the operator of another language is in it. */
export function misreadValue(before: string): string | undefined {
  if (before.trimStart().startsWith("[")) return "put several values into parentheses: `in (a, b)`";
  return /=~\s*$/.test(before) ? "write `regex` instead of `=~`" : undefined;
}

/** For a word where an operator should stand. */
export function misspeltOperator(word: string): string | undefined {
  const operator: string = word.replace(/[^a-zA-Z!=<>~].*$/, "");
  if ((OPERATORS as readonly string[]).includes(operator)) {
    return `\`${operator}\` must be followed by a blank`;
  }
  if (/^!\w/.test(word)) return "`not` is before the whole check: `not proc.name in (…)`";
  return operatorHint(word) ?? OTHER_LANGUAGES[operator.toLowerCase()] ?? didYouMean(operator, OPERATORS);
}

/** A parenthesis that holds checks, not the rest of a value. */
const CHECKS =
  /^\(+\s*(not\b|[a-z][\w.]*\s*([=!<>]|\b(in|contains|startswith|endswith|exists|glob|and|or)\b))/i;

/** For a word after a whole check, with what follows it. */
export function missingLogic(rest: string, word: string, before: string): string | undefined {
  if (/\bexists$/.test(before)) return "`exists` is a whole check: nothing is compared with it";
  const behindBareValue = !/["')]$/.test(before);
  if (word === "(" && !CHECKS.test(rest) && behindBareValue) {
    return "a value with blanks or parentheses needs quotes";
  }
  if (/;$/.test(before)) return "write `and` or `or` instead of the `;`";
  if (word === "(" || /^not\b/.test(word) || /^[a-zA-Z]\w*(\.\w+)+$/.test(word)) {
    return `write \`and\` or \`or\` before \`${word}\``;
  }
  if (/^[,=]/.test(word)) return undefined;
  return behindBareValue ? "a value with blanks needs quotes; checks are joined by `and` or `or`" : undefined;
}
