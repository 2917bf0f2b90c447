// Scalars below `|` and `>`: lines that are indented deeper than what they belong to.
// In: a text, where the indicator is, how deep the scalar's parent is indented. Out: the value with places, and where
// the line begins that is no more of it. Elsewhere: scalars on the line of their key (flow_scalars.ts).

import { HASH, isBlank, isDocumentMark, lineEnd, NEWLINE, skipBlanks, SPACE, TAB } from "./characters.ts";
import type { ScannedScalar } from "./flow_scalars.ts";
import { ScalarText } from "./scalar_text.ts";
import { tabIndents, textAfterBlockHeader } from "./syntax_words.ts";

interface Line {
  /** of the text, after the indentation; an empty line has none */
  readonly from: number;
  readonly to: number;
}

export interface ScannedBlock extends ScannedScalar {
  /** where the next line begins */
  readonly next: number;
}

/** @param parent the column of the innermost collection around, -1 for none */
export function scanBlock(text: string, start: number, parent: number): ScannedBlock {
  const header = /[|>](?:[+-][0-9]?|[0-9][+-]?)?/y;
  header.lastIndex = start;
  const [all] = header.exec(text)!;
  const digit = /[0-9]/.exec(all)?.[0];
  const keep = /[+-]/.exec(all)?.[0];
  const rest = skipBlanks(text, start + all.length);
  const code = text.charCodeAt(rest);
  if ((code !== NEWLINE && code !== HASH && !Number.isNaN(code)) || digit === "0") {
    throw textAfterBlockHeader(text, start, rest);
  }
  const headerEnd = lineEnd(text, rest);
  const { lines, next } = readLines(
    text,
    headerEnd + 1,
    parent + 1,
    digit === undefined ? undefined : Math.max(0, parent) + Number(digit),
  );
  const value = new ScalarText(text);
  if (text[start] === "|") literal(lines, value);
  else folded(text, lines, value);
  const end = lines[lastText(lines)]?.to ?? start + all.length;
  value.put("\n".repeat(chomp(text, lines, keep)), end, end);
  return { text: value, end, next };
}

/** The lines of the scalar. `indent` is found at the first line with a text, where it is not given. */
function readLines(text: string, begin: number, least: number, given: number | undefined) {
  const lines: Line[] = [];
  let indent = given;
  let at = begin;
  while (at < text.length) {
    const to = lineEnd(text, at);
    let from = at;
    while (from < to && text.charCodeAt(from) === SPACE && (indent === undefined || from < at + indent)) {
      from++;
    }
    const column = from - at;
    const isShort = column < (indent ?? least);
    if (from === to || (isShort && skipBlanks(text, from) === to)) {
      lines.push({ from: to, to });
    } else {
      if (isShort || (column === 0 && isDocumentMark(text, at))) {
        if (text.charCodeAt(from) === TAB) throw tabIndents(from);
        break;
      }
      indent ??= column;
      lines.push({ from, to });
    }
    at = to + 1;
  }
  return { lines, next: Math.min(at, text.length) };
}

/** Lines as they are, up to the last one with a text; line ends after it are what chomp() is about. */
function literal(lines: readonly Line[], value: ScalarText): void {
  const last = lastText(lines);
  lines.slice(0, last + 1).forEach(({ from, to }, at) => {
    value.copy(from, at < last ? to + 1 : to);
  });
}

/** One line end between two texts is a blank, and of several one is none; lines that begin with a blank are kept. */
function folded(text: string, lines: readonly Line[], value: ScalarText): void {
  const last = lastText(lines);
  const spaced = ({ from, to }: Line) => from < to && isBlank(text.charCodeAt(from));
  let before: Line | undefined;
  let breaks = 0;
  for (const line of lines.slice(0, last + 1)) {
    if (line.from < line.to) {
      const from = before?.to ?? lines[0]!.from;
      if (before === undefined || spaced(before) || spaced(line)) {
        value.put("\n".repeat(breaks), from, line.from);
      } else value.put(breaks === 1 ? " " : "\n".repeat(breaks - 1), from, line.from);
      value.copy(line.from, line.to);
      before = line;
      breaks = 0;
    }
    breaks++;
  }
}

/** How many line ends stay after the last text: `-` drops them, `+` keeps all, otherwise one stays. */
function chomp(text: string, lines: readonly Line[], indicator: string | undefined): number {
  const last = lastText(lines);
  if (indicator === "-" || lines.length === 0 || (last < 0 && indicator !== "+")) return 0;
  const ended = text.charCodeAt(lines.at(-1)!.to) === NEWLINE ? lines.length : lines.length - 1;
  const breaks = ended - Math.max(0, last);
  return indicator === "+" ? breaks : Math.min(1, breaks);
}

function lastText(lines: readonly Line[]): number {
  return lines.findLastIndex(({ from, to }) => from < to);
}
