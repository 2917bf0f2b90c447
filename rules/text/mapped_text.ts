// A text that remembers where each of its characters was written: a condition taken out of a folded YAML scalar,
// with an `append` from another file behind it and the items of lists in place of their names.
// In: scalars (yaml/) and chunks of other texts. Out: text for the lexer, and for any range of it a Span.

import type { Source, Span } from "./span.ts";

/** A run of the text that comes from one place. */
export interface Chunk {
  /** offset in the text */
  readonly at: number;
  readonly length: number;
  readonly source: Source;
  /** offset in the source */
  readonly from: number;
  /** characters in the source; when `exact`, the text's characters one by one */
  readonly extent: number;
  readonly exact: boolean;
  /** the list's name in whose place this stands */
  readonly host?: Span;
}

export class MappedText {
  #chunks: readonly Chunk[] | (() => readonly Chunk[]);

  /** `whole` is what an empty text points at. Chunks may be given late: few texts are ever pointed into. */
  constructor(
    readonly text: string,
    readonly whole: Span,
    chunks: readonly Chunk[] | (() => readonly Chunk[]),
  ) {
    this.#chunks = chunks;
  }

  get chunks(): readonly Chunk[] {
    if (typeof this.#chunks === "function") this.#chunks = this.#chunks();
    return this.#chunks;
  }

  /** A text of our own making that stands for a place in a file. */
  static synthetic(text: string, span: Span): MappedText {
    return new MappedText(text, span, [
      {
        at: 0,
        length: text.length,
        source: span.source,
        from: span.start,
        extent: span.end - span.start,
        exact: false,
      },
    ]);
  }

  static concat(whole: Span, parts: readonly MappedText[]): MappedText {
    const chunks: Chunk[] = [];
    let text = "";
    for (const part of parts) {
      for (const chunk of part.chunks) chunks.push(moved(chunk, chunk.at + text.length, chunk.host));
      text += part.text;
    }
    return new MappedText(text, whole, chunks);
  }

  slice(start: number, end = this.text.length): MappedText {
    const chunks: Chunk[] = [];
    for (let i = this.#indexAt(start); i < this.chunks.length; i++) {
      const chunk = this.chunks[i]!;
      if (chunk.at >= end) break;
      const first = Math.max(chunk.at, start);
      const last = Math.min(chunk.at + chunk.length, end);
      if (first >= last) continue;
      const cut = { ...chunk, at: first - start, length: last - first };
      chunks.push(chunk.exact ? { ...cut, from: chunk.from + first - chunk.at, extent: last - first } : cut);
    }
    return new MappedText(this.text.slice(start, end), this.whole, chunks);
  }

  /** This text as what is in place of `host`. */
  hostedBy(host: Span): MappedText {
    return new MappedText(this.text, host, this.chunks.map((chunk) => moved(chunk, chunk.at, host)));
  }

  /** Where a range was written. A range over several files or lists points at the outermost use. */
  span(start: number, end: number): Span {
    const { chunks } = this;
    if (chunks.length === 0) return this.whole;
    const first = chunks[this.#indexAt(Math.min(start, this.text.length - 1))]!;
    const last = chunks[this.#indexAt(Math.max(start, Math.min(end, this.text.length) - 1))]!;
    if (start >= this.text.length) {
      const at = endOf(last);
      return { source: at.source, start: at.end, end: at.end };
    }
    const outer = first !== last && (first.host !== undefined || last.host !== undefined);
    const from = outer && first.host ? first.host : spanWithin(first, start, start + 1);
    const to = outer && last.host ? last.host : spanWithin(last, Math.max(start, end - 1), end);
    if (from.source !== to.source || to.end < from.start) return from;
    return { source: from.source, start: from.start, end: to.end };
  }

  /** Like span, but for what is in a list's place it is the list's name in the condition. */
  outerSpan(start: number, end: number): Span {
    return this.chunks[this.#indexAt(start)]?.host ?? this.span(start, end);
  }

  /** The name of the list in whose place this character stands. */
  hostAt(offset: number): Span | undefined {
    return this.chunks[this.#indexAt(offset)]?.host;
  }

  /** Whether an appended text begins here: after a blank that nobody has written, unlike that of a folded line. */
  beginsAppended(offset: number): boolean {
    const at = this.#indexAt(offset);
    const chunk = this.chunks[at];
    const before = this.chunks[at - 1];
    if (chunk?.at !== offset || before === undefined) return false;
    const isOwn = before.exact || before.host !== undefined || before.length !== 1;
    return !isOwn && before.from + before.extent > chunk.from;
  }

  #indexAt(offset: number): number {
    const { chunks } = this;
    let low = 0;
    let high = chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (chunks[middle]!.at <= offset) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }
}

/** Written out: there are hundreds of thousands of chunks, and a spread takes several times as long. */
function moved({ length, source, from, extent, exact }: Chunk, at: number, host: Span | undefined): Chunk {
  return host === undefined
    ? { at, length, source, from, extent, exact }
    : { at, length, source, from, extent, exact, host };
}

function spanWithin(chunk: Chunk, start: number, end: number): Span {
  const { source, from } = chunk;
  if (!chunk.exact) return { source, start: from, end: from + chunk.extent };
  const last = Math.min(end - chunk.at, chunk.length);
  return { source, start: from + Math.max(0, start - chunk.at), end: from + last };
}

function endOf(chunk: Chunk): Span {
  return chunk.host ?? { source: chunk.source, start: chunk.from, end: chunk.from + chunk.extent };
}
