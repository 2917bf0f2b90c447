// The value of a scalar while it is read, with the place of each of its characters.
// In: ranges of the file, and texts that stand for a range (a fold, an escape). Out: the value, and chunks for a MappedText.

import type { Chunk } from "../text/mapped_text.ts";
import type { Source } from "../text/span.ts";

/** Where a part of a value was written; without `text` the part is what was written. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly text?: string;
}

export class ScalarText {
  readonly #parts: Part[] = [];

  constructor(readonly file: string) {}

  /** What the file says, as it is. */
  copy(from: number, to: number): void {
    if (from < to) this.#parts.push({ from, to });
  }

  /** A text that a range of the file stands for. */
  put(text: string, from: number, to: number): void {
    if (text !== "") this.#parts.push({ from, to, text });
  }

  get value(): string {
    const [only] = this.#parts;
    if (this.#parts.length === 1 && only!.text === undefined) return this.file.slice(only!.from, only!.to);
    return this.#parts.map(({ from, to, text }) => text ?? this.file.slice(from, to)).join("");
  }

  /** `source` is the file; items that cannot be read may be blanks in the text that was scanned. */
  chunks(source: Source): Chunk[] {
    let at = 0;
    return this.#parts.map(({ from, to, text }) => {
      const length = text?.length ?? to - from;
      const chunk = { at, length, source, from, extent: to - from, exact: text === undefined };
      at += length;
      return chunk;
    });
  }
}
