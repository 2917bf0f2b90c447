// Scalars that are folded: plain ones, and those in quotes.
// In: a text, where the scalar begins, what surrounds it. Out: its value with places, and where it ends.
// Elsewhere: block scalars (block_scalar.ts), escapes (escapes.ts), what may follow (parser.ts).
//
// In brackets and in quotes a line may begin in any column, and with tabs: so the library takes it that Falco reads YAML
// with, and people write it so.

import {
  HASH,
  isBlank,
  isDocumentMark,
  isFlowIndicator,
  isGap,
  NEWLINE,
  skipBlanks,
  SPACE,
  TAB,
} from "./characters.ts";
import { readEscape } from "./escapes.ts";
import { ScalarText } from "./scalar_text.ts";
import { tabIndents, unclosed } from "./syntax_words.ts";

export interface ScannedScalar {
  readonly text: ScalarText;
  /** after its last character, quotes included */
  readonly end: number;
}

const COLON = 58;
const DOUBLE = 34;
const SINGLE = 39;
const BACKSLASH = 92;

/** @param column the least column of further lines; 0 in brackets */
export function scanPlain(text: string, start: number, column: number, inFlow: boolean): ScannedScalar {
  const value = new ScalarText(text);
  let at = start;
  for (;;) {
    const end = plainEnd(text, at, inFlow);
    value.copy(at, end);
    const next = skipBlanks(text, end);
    if (text.charCodeAt(next) !== NEWLINE) return { text: value, end };
    const more = furtherLine(text, next, column);
    // What ends a plain scalar may stand at the beginning of a line.
    if (more === undefined || plainEnd(text, more.at, inFlow) === more.at) return { text: value, end };
    value.put(folded(more.breaks), end, more.at);
    at = more.at;
  }
}

/** Where the part of a plain scalar on this line ends, without the blanks after it. */
function plainEnd(text: string, from: number, inFlow: boolean): number {
  let end = from;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === NEWLINE) break;
    if (isBlank(code)) continue;
    if (code === HASH && at > 0 && isGap(text.charCodeAt(at - 1))) break;
    if (inFlow && isFlowIndicator(code)) break;
    if (code === COLON) {
      const next = text.charCodeAt(at + 1);
      if (isGap(next) || (inFlow && isFlowIndicator(next))) break;
    }
    end = at + 1;
  }
  return end;
}

/** The next line with a text that belongs to a plain scalar: where the text begins, and how many line ends are before it. */
function furtherLine(
  text: string,
  newline: number,
  column: number,
): { at: number; breaks: number } | undefined {
  for (let breaks = 1, at = newline + 1;; breaks++) {
    const begin = skipBlanks(text, at);
    const code = text.charCodeAt(begin);
    if (code === NEWLINE) {
      at = begin + 1;
      continue;
    }
    if (Number.isNaN(code) || code === HASH || (begin === at && isDocumentMark(text, at))) return undefined;
    for (let indent = at; indent < at + column; indent++) {
      if (text.charCodeAt(indent) === TAB) throw tabIndents(indent);
      if (text.charCodeAt(indent) !== SPACE) return undefined;
    }
    return { at: begin, breaks };
  }
}

/** One line end is a blank, and of several one is none. */
function folded(breaks: number): string {
  return breaks === 1 ? " " : "\n".repeat(breaks - 1);
}

export function scanQuoted(text: string, start: number): ScannedScalar {
  const quote = text.charCodeAt(start);
  const value = new ScalarText(text);
  let from = start + 1;
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (Number.isNaN(code)) throw unclosed(text, start);
    if (code === quote) {
      value.copy(from, at);
      if (quote === DOUBLE || text.charCodeAt(at + 1) !== SINGLE) return { text: value, end: at + 1 };
      value.put("'", at, at + 2);
      from = at += 2;
    } else if (code === BACKSLASH && quote === DOUBLE) {
      value.copy(from, at);
      const end = text.charCodeAt(at + 1) === NEWLINE
        ? foldLines(text, at + 1, start, value, true)
        : readEscape(text, at, value);
      from = at = end;
    } else if (code === NEWLINE) {
      let end = at;
      while (end > from && isBlank(text.charCodeAt(end - 1))) end--;
      value.copy(from, end);
      from = at = foldLines(text, at, start, value, false, end);
    } else at++;
  }
}

/** Folds line ends, and skips the white space around them. Gives where the text goes on. */
function foldLines(
  text: string,
  newline: number,
  quote: number,
  value: ScalarText,
  escaped: boolean,
  begin = newline,
): number {
  let breaks = 0;
  let at = newline;
  while (text.charCodeAt(at) === NEWLINE) {
    breaks++;
    if (isDocumentMark(text, at + 1)) throw unclosed(text, quote);
    at = skipBlanks(text, at + 1);
  }
  value.put(escaped ? "\n".repeat(breaks - 1) : folded(breaks), begin, at);
  return at;
}
