// Where something is now that was read from an earlier text of its file.
// In: ranges of earlier texts, and where each of them is in the current text. Out: the same place in the current text.
// Elsewhere: which items are kept from earlier texts (items/rules_file.ts).

import type { Diagnostic } from "./diagnostic.ts";
import type { Source, Span } from "../text/span.ts";

/** Characters of an earlier text that are in the current one, letter by letter. */
export interface MovedRange {
  readonly from: Span;
  readonly to: Span;
}

export class Moved {
  /** in the order of the text */
  readonly #ranges = new Map<Source, MovedRange[]>();

  constructor(ranges: Iterable<MovedRange>) {
    for (const range of ranges) {
      const all = this.#ranges.get(range.from.source);
      if (all === undefined) this.#ranges.set(range.from.source, [range]);
      else all.push(range);
    }
    for (const all of this.#ranges.values()) all.sort((a, b) => a.from.start - b.from.start);
  }

  get isEmpty(): boolean {
    return this.#ranges.size === 0;
  }

  spanNow(span: Span): Span {
    const ranges = this.#ranges.get(span.source) ?? [];
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ranges[middle]!.from.start <= span.start) low = middle + 1;
      else high = middle;
    }
    const range = ranges[low - 1];
    if (range === undefined) return span;
    const { source, start } = range.to;
    const by = start - range.from.start;
    return { source, start: span.start + by, end: span.end + by };
  }

  diagnosticNow(diagnostic: Diagnostic): Diagnostic {
    const { span, labels, fixes } = diagnostic;
    return {
      ...diagnostic,
      ...(span === undefined ? {} : { span: this.spanNow(span) }),
      labels: labels.map((label) => ({ ...label, span: this.spanNow(label.span) })),
      ...(fixes === undefined ? {} : {
        fixes: fixes.map((fix) => ({
          ...fix,
          edits: fix.edits.map((edit) => ({ ...edit, span: this.spanNow(edit.span) })),
        })),
      }),
    };
  }
}
