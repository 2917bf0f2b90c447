// Stage 1 of loading rules: bytes become a Source, an offset in it a line and a column.
// In: bytes or text. Out: a Source with `\n` line ends and without a byte order mark, or the reason why there is none.
// Elsewhere: reading files and pipes (rules/read_source.ts), which files to read (cli/, config/), what is in them (rules/yaml/).

import type { Source, Span } from "./span.ts";

/** Rules beyond this size are refused: the YAML tree of a file takes some fifty times its size. */
export const MAX_SOURCE_BYTES = 16 << 20;

/** Counted from 1; a tab is one column. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Unreadable {
  readonly path: string;
  readonly reason: string;
  readonly hint?: string;
}

export type SourceResult = { readonly source: Source } | Unreadable;

export function decodeSource(path: string, bytes: Uint8Array): SourceResult {
  if (bytes.length > MAX_SOURCE_BYTES) {
    return { path, reason: `it is larger than ${MAX_SOURCE_BYTES >> 20} MiB` };
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return { path, reason: `it is not UTF-8 text (first bad byte at line ${badLine(bytes)})` };
  }
  if (text.includes("\0")) return { path, reason: "it is not text: it holds NUL bytes" };
  return { source: makeSource(path, text) };
}

/** A source of text that is already in memory. */
export function makeSource(path: string, text: string): Source {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return { path, text: body.includes("\r") ? body.replace(/\r\n?/g, "\n") : body };
}

/** The line of the first byte that does not decode, by bisection over whole prefixes. */
function badLine(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (good + 1 < bad) {
    const middle = (good + bad) >> 1;
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle;
    }
  }
  let line = 1;
  for (let i = 0; i < good; i++) if (bytes[i] === 10) line++;
  return line;
}

const lineIndexes = new WeakMap<Source, Uint32Array>();

/** Offsets at which the lines of a source begin. */
export function lineStarts(source: Source): Uint32Array {
  let starts = lineIndexes.get(source);
  if (starts === undefined) {
    const found = [0];
    for (let at = source.text.indexOf("\n"); at >= 0; at = source.text.indexOf("\n", at + 1)) {
      found.push(at + 1);
    }
    starts = Uint32Array.from(found);
    lineIndexes.set(source, starts);
  }
  return starts;
}

/** Line and column of an offset. */
export function positionAt(source: Source, offset: number): Position {
  const starts = lineStarts(source);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - starts[low]! + 1 };
}

/** `path:line:column` of where a span begins. */
export function whereIs(span: Span): string {
  const { line, column } = positionAt(span.source, span.start);
  return `${span.source.path}:${line}:${column}`;
}
