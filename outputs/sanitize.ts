// Makes text harmless for terminals, logs and line-based readers.
// In: text that an attacker may have chosen (process names, paths, arguments) or that stands in a rules file.
// Out: the same text with control characters (C0, DEL, C1), halves of surrogate pairs and Unicode
// non-characters replaced by U+FFFD, as Falco does; so no line and no escape sequence can be injected.
// Elsewhere: malformed UTF-8, which became U+FFFD when the bytes were decoded (engine/).

const HARMFUL = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/gu;
const REPLACEMENT = "\ufffd";

export function sanitize(text: string): string {
  return text.replace(HARMFUL, REPLACEMENT);
}

/** For the fixed text of an output template: line breaks and tabs that its author wrote become blanks. */
export function sanitizeTemplateText(text: string): string {
  return sanitize(text.replace(/[\t\n\v\f\r]+/g, " "));
}
