// Where something was defined, and where its condition was added to.
// In: spans and texts. Out: places as file and line.

import type { MappedText } from "../syntax/mapped_text.ts";
import { positionAt } from "../source.ts";
import type { Span } from "../span.ts";

export interface Place {
  readonly file: string;
  readonly line: number;
}

export function placeOf({ source, start }: Span): Place {
  return { file: source.path, line: positionAt(source, start).line };
}

/** Where an appended text goes on: the first line of each addition, in the order in which they were made. */
export function additionsOf({ text, pieces }: MappedText): Place[] {
  return pieces.flatMap((piece, at) => {
    const next = pieces[at + 1];
    if (piece.exact || next === undefined || text.slice(piece.at, piece.at + piece.length) !== " ") return [];
    // the blank before an addition stands for all of it; that of a folded line ends where the next line begins
    const { source, from, extent } = piece;
    const standsForNext = next.source === source && next.from >= from && next.from < from + extent;
    return standsForNext ? [placeOf({ source, start: next.from, end: next.from })] : [];
  });
}

export function placeText({ file, line }: Place): string {
  return `${file}:${line}`;
}
