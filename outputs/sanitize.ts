// Makes text harmless for terminals, logs and line-based readers: the one table of harmful characters, for every output
// format, the log, health and metrics.
// In: text that an attacker may have chosen (process names, paths, arguments, what an engine or a server answers) or
// that stands in a rules file. Out: the same text with each harmful character replaced by U+FFFD, so that no line,
// escape sequence or turn of direction can be injected.
// Falco replaces control characters; docs/differences.md says what is replaced here besides.
// Elsewhere: malformed UTF-8, which became U+FFFD when the bytes were decoded (engine/).

/** Each with what it would do; written as parts of a character class. */
const HARMFUL_RANGES = [
  String.raw`\p{Cc}`, // C0, DEL, C1: line breaks, escape sequences
  String.raw`\p{Cs}`, // halves of surrogate pairs: no text at all
  String.raw`\p{Noncharacter_Code_Point}`,
  String.raw`\u2028\u2029`, // line and paragraph separator: line breaks for JavaScript and many viewers
  String.raw`\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069`, // bidirectional controls: show text in another order
  String.raw`\u206a-\u206f\ufff9-\ufffb`, // deprecated format characters, annotations: hide or swap text
  String.raw`\u{e0001}\u{e0020}-\u{e007f}`, // tags: invisible text
  String.raw`\ufeff`, // byte order mark: breaks the first word of a line, invisibly
];
const HARMFUL = new RegExp(`[${HARMFUL_RANGES.join("")}]`, "gu");
const REPLACEMENT = "\ufffd";

export function sanitize(text: string): string {
  return text.replace(HARMFUL, REPLACEMENT);
}

/** For the fixed text of an output template: line breaks and tabs that its author wrote become blanks. */
export function sanitizeTemplateText(text: string): string {
  return sanitize(text.replace(/[\t\n\v\f\r]+/g, " "));
}

/** One line of at most so many characters, for what strangers say: the cut is marked. */
export function sanitizeLine(text: string, maxCharacters = 1000): string {
  const harmless = sanitize(text);
  if (harmless.length <= maxCharacters) return harmless;
  // not between the halves of a pair
  const end = maxCharacters - (/[\ud800-\udbff]/.test(harmless[maxCharacters - 1] ?? "") ? 1 : 0);
  return `${harmless.slice(0, end)}… (${harmless.length - end} more characters)`;
}
