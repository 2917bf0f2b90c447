// Where something was defined, and where its condition was added to.
// In: spans and texts. Out: places as file and line.

import type { MappedText } from "../text/mapped_text.ts";
import { positionAt } from "../text/source.ts";
import type { Span } from "../text/span.ts";

export interface Place {
  readonly file: string;
  readonly line: number;
}

export function placeOf({ source, start }: Span): Place {
  return { file: source.path, line: positionAt(source, start).line };
}

/** Where an appended text goes on: the first line of each addition, in the order in which they were made. */
export function additionsOf({ text, chunks }: MappedText): Place[] {
  return chunks.flatMap((chunk, at) => {
    const next = chunks[at + 1];
    if (chunk.exact || next === undefined || text.slice(chunk.at, chunk.at + chunk.length) !== " ") return [];
    // the blank before an addition stands for all of it; that of a folded line ends where the next line begins
    const { source, from, extent } = chunk;
    const standsForNext = next.source === source && next.from >= from && next.from < from + extent;
    return standsForNext ? [placeOf({ source, start: next.from, end: next.from })] : [];
  });
}

export function placeText({ file, line }: Place): string {
  return `${file}:${line}`;
}
