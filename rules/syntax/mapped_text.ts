// A text that remembers where each of its characters was written: a condition taken out of a folded YAML scalar,
// with an `append` from another file behind it and the items of lists in place of their names.
// In: scalars (yaml/) and pieces of other texts. Out: text for the lexer, and for any range of it a Span.

import type { Source, Span } from "../span.ts";

/** A run of the text that comes from one place. */
export interface Piece {
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
  #pieces: readonly Piece[] | (() => readonly Piece[]);

  /** `whole` is what an empty text points at. Pieces may be given late: few texts are ever pointed into. */
  constructor(
    readonly text: string,
    readonly whole: Span,
    pieces: readonly Piece[] | (() => readonly Piece[]),
  ) {
    this.#pieces = pieces;
  }

  get pieces(): readonly Piece[] {
    if (typeof this.#pieces === "function") this.#pieces = this.#pieces();
    return this.#pieces;
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
    const pieces: Piece[] = [];
    let text = "";
    for (const part of parts) {
      for (const piece of part.pieces) pieces.push({ ...piece, at: piece.at + text.length });
      text += part.text;
    }
    return new MappedText(text, whole, pieces);
  }

  slice(start: number, end = this.text.length): MappedText {
    const pieces: Piece[] = [];
    for (let i = this.#indexAt(start); i < this.pieces.length; i++) {
      const piece = this.pieces[i]!;
      if (piece.at >= end) break;
      const first = Math.max(piece.at, start);
      const last = Math.min(piece.at + piece.length, end);
      if (first >= last) continue;
      const cut = { ...piece, at: first - start, length: last - first };
      pieces.push(piece.exact ? { ...cut, from: piece.from + first - piece.at, extent: last - first } : cut);
    }
    return new MappedText(this.text.slice(start, end), this.whole, pieces);
  }

  /** This text as what stands in place of `host`. */
  hostedBy(host: Span): MappedText {
    return new MappedText(this.text, host, this.pieces.map((piece) => ({ ...piece, host })));
  }

  /** Where a range was written. A range over several files or lists points at the outermost use. */
  span(start: number, end: number): Span {
    const { pieces } = this;
    if (pieces.length === 0) return this.whole;
    const first = pieces[this.#indexAt(Math.min(start, this.text.length - 1))]!;
    const last = pieces[this.#indexAt(Math.max(start, Math.min(end, this.text.length) - 1))]!;
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

  /** Like span, but for what stands in a list's place it is the list's name in the condition. */
  outerSpan(start: number, end: number): Span {
    return this.pieces[this.#indexAt(start)]?.host ?? this.span(start, end);
  }

  #indexAt(offset: number): number {
    const { pieces } = this;
    let low = 0;
    let high = pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (pieces[middle]!.at <= offset) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }
}

function spanWithin(piece: Piece, start: number, end: number): Span {
  const { source, from } = piece;
  if (!piece.exact) return { source, start: from, end: from + piece.extent };
  const last = Math.min(end - piece.at, piece.length);
  return { source, start: from + Math.max(0, start - piece.at), end: from + last };
}

function endOf(piece: Piece): Span {
  return piece.host ?? { source: piece.source, start: piece.from, end: piece.from + piece.extent };
}
