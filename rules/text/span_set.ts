// Places that something was said about: by the very text that they are in, since two texts of one file can have entries.

import type { Source, Span } from "./span.ts";

export class SpanSet {
  readonly #starts = new Map<Source, Set<number>>();

  /** Whether nothing that begins there was in it. */
  add({ source, start }: Span): boolean {
    const starts = this.#starts.get(source);
    if (starts === undefined) this.#starts.set(source, new Set([start]));
    else if (starts.has(start)) return false;
    else starts.add(start);
    return true;
  }
}
