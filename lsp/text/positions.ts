// Places in a text as the protocol counts them, and as the rules' stages do: a line and a UTF-16 offset in it, or an
// offset in the whole text.
// In: a Source. Out: ranges for the client, offsets for us. Whatever a client sends is moved into the text: a position
// out of range is no mistake that anybody can do something about.

import type { Position, Range } from "vscode-languageserver";
import { lineStarts, type Source, type Span } from "../../rules/mod.ts";

export function offsetAt(source: Source, position: Position): number {
  const starts = lineStarts(source);
  const line = clamp(position.line, starts.length - 1);
  const from = starts[line]!;
  const end = line + 1 < starts.length ? starts[line + 1]! - 1 : source.text.length;
  return from + clamp(position.character, end - from);
}

export function positionOf(source: Source, offset: number): Position {
  const starts = lineStarts(source);
  const at = clamp(offset, source.text.length);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low, character: at - starts[low]! };
}

export function rangeOf({ source, start, end }: Span): Range {
  return { start: positionOf(source, start), end: positionOf(source, end) };
}

function clamp(value: unknown, highest: number): number {
  const number = typeof value === "number" && !Number.isNaN(value) ? Math.trunc(value) : 0;
  return Math.max(0, Math.min(number, highest));
}
