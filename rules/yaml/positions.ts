// Where in the file each character of a YAML scalar's value was written.
// In: the scalar's place, style and value. Out: pieces for a MappedText.
//
// YAML never changes, drops or reorders the characters of a scalar other than white space, quotes and escapes. So
// value and file are walked side by side: runs without white space are equal in both, and a run of white space in
// the value stands for the run of white space at the same place in the file, whatever folding and chomping did to it.

import type { Piece } from "../syntax/mapped_text.ts";
import type { Source } from "../span.ts";

export type ScalarStyle = "plain" | "single" | "double" | "block";

/** Null when value and file do not agree, which a caller takes as "somewhere in this scalar". */
export function scalarPieces(
  source: Source,
  start: number,
  end: number,
  value: string,
  style: ScalarStyle,
): Piece[] | null {
  const walk = new Walk(source, value);
  switch (style) {
    case "plain":
      return walk.run(start, end, style);
    case "single":
    case "double":
      return walk.run(start + 1, end - 1, style);
    case "block": {
      const header = source.text.indexOf("\n", start);
      return walk.run(header < 0 ? end : header + 1, end, style);
    }
  }
}

class Walk {
  readonly #pieces: Piece[] = [];
  #at = 0;

  constructor(readonly source: Source, readonly value: string) {}

  run(start: number, end: number, style: ScalarStyle): Piece[] | null {
    const { text } = this.source;
    const { value } = this;
    let from = start;
    while (from < end) {
      const code = text.charCodeAt(from);
      if (isBlank(code)) {
        const until = blankEnd(text, from, end);
        this.#blanks(from, until, style);
        from = until;
      } else if (style === "double" && code === BACKSLASH) {
        const until = from + escapeLength(text, from);
        // A backslash at the end of a line joins it to the next and stands for nothing.
        if (text.charCodeAt(from + 1) === NEWLINE) from = blankEnd(text, from + 1, end);
        else {
          const astral = value.codePointAt(this.#at)! > 0xffff ? 2 : 1;
          this.#add(astral, from, until - from, false);
          from = until;
        }
      } else if (style === "single" && code === QUOTE) {
        this.#add(1, from, 2, false);
        from += 2;
      } else {
        let until = from + 1;
        let at = this.#at + 1;
        if (value.charCodeAt(this.#at) !== code) return null;
        while (until < end) {
          const next = text.charCodeAt(until);
          if (isBlank(next) || value.charCodeAt(at) !== next) break;
          if ((style === "double" && next === BACKSLASH) || (style === "single" && next === QUOTE)) break;
          until++;
          at++;
        }
        this.#add(until - from, from, until - from, true);
        from = until;
      }
    }
    if (this.#at < value.length) return null;
    return this.#pieces;
  }

  #blanks(from: number, until: number, style: ScalarStyle): void {
    const { value } = this;
    const { text } = this.source;
    const broken = text.slice(from, until).includes("\n");
    if (!broken && value.startsWith(text.slice(from, until), this.#at)) {
      this.#add(until - from, from, until - from, true);
      return;
    }
    let at = this.#at;
    if (style === "double" && broken) {
      // White space may follow that an escape made; folding itself gives one blank, or one break less than there were.
      const breaks = text.slice(from, until).split("\n").length - 1;
      at += breaks === 1 ? 1 : breaks - 1;
    } else {
      while (at < value.length && isBlank(value.charCodeAt(at))) at++;
    }
    this.#add(at - this.#at, from, until - from, false);
  }

  #add(length: number, from: number, extent: number, exact: boolean): void {
    if (length === 0) return;
    this.#pieces.push({ at: this.#at, length, source: this.source, from, extent, exact });
    this.#at += length;
  }
}

const NEWLINE = 10;
const QUOTE = 39;
const BACKSLASH = 92;

function isBlank(code: number): boolean {
  return code === 32 || code === NEWLINE || code === 9;
}

function blankEnd(text: string, from: number, end: number): number {
  while (from < end && isBlank(text.charCodeAt(from))) from++;
  return from;
}

function escapeLength(text: string, at: number): number {
  switch (text[at + 1]) {
    case "x":
      return 4;
    case "u":
      return 6;
    case "U":
      return 10;
    default:
      return 2;
  }
}
