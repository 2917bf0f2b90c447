// Makes text harmless for terminals, logs and line-based readers: the one table of harmful characters, for every output
// format, the log, health and metrics.
// In: text that an attacker may have chosen (process names, paths, arguments, what an engine or a server answers) or
// that is in a rules file. Out: the same text without a character by which a line, an escape sequence or a turn of
// direction could be injected. What alerts report is escaped as JSON escapes it, so that nothing is lost; names, labels
// and falco's own messages, which nobody reads back, get U+FFFD in its place.
// Falco escapes what JSON has to escape; docs/differences.md says what is escaped here besides.
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

/** A text as JSON writes it, in quotes. Halves of surrogate pairs are no text and become U+FFFD. */
export function jsonText(text: string): string {
  return escapeJson(JSON.stringify(text.toWellFormed()));
}

/** The same without the quotes, for lines of text: `a"b` and a line break are `a\"b\n`. */
export function escapeText(text: string): string {
  return jsonText(text).slice(1, -1);
}

/** For JSON that is written already: what JSON need not escape, and viewers obey, becomes an escape that means the same. */
export function escapeJson(json: string): string {
  return json.replace(HARMFUL, (character) => {
    let escaped = "";
    for (let at = 0; at < character.length; at++) {
      escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
    }
    return escaped;
  });
}

/** For text that an author wrote in lines, such as the fixed parts of an output: breaks and tabs become blanks. */
export function joinLines(text: string): string {
  return text.replace(/[\t\n\v\f\r]+/g, " ");
}

/** One line of at most so many characters, for what strangers say: the cut is marked. */
export function sanitizeLine(text: string, maxCharacters = 1000): string {
  const harmless = sanitize(text);
  if (harmless.length <= maxCharacters) return harmless;
  // not between the halves of a pair
  const end = maxCharacters - (/[\ud800-\udbff]/.test(harmless[maxCharacters - 1] ?? "") ? 1 : 0);
  return `${harmless.slice(0, end)}… (${harmless.length - end} more characters)`;
}
