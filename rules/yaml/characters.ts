// Classes of characters as YAML has them, at an offset of a text; beyond its end there is none.

export const NEWLINE = 10;
export const SPACE = 32;
export const TAB = 9;
export const HASH = 35;

export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** White space, the end of a line, or of the text (whose code is NaN). */
export function isGap(code: number): boolean {
  return isBlank(code) || code === NEWLINE || Number.isNaN(code);
}

export function isFlowIndicator(code: number): boolean {
  return code === 44 || code === 91 || code === 93 || code === 123 || code === 125; // , [ ] { }
}

export function skipBlanks(text: string, from: number): number {
  while (isBlank(text.charCodeAt(from))) from++;
  return from;
}

/** Where the line of an offset ends: its line feed, or the end of the text. */
export function lineEnd(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  return newline < 0 ? text.length : newline;
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** `---` or `...` at the beginning of a line. */
export function isDocumentMark(text: string, at: number): boolean {
  return (text.startsWith("---", at) || text.startsWith("...", at)) && isGap(text.charCodeAt(at + 3));
}
