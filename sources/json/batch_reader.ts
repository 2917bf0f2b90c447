// Events of one text: a line of a file, or the body of a request.
// In: bytes. Out: events as parts of these bytes, with their times; how many were refused, and why.
// Everything that is accepted here has been read as JSON: judging it cannot fail.

import type { FoundEvents } from "./found_events.ts";
import { JsonDocument } from "./json_document.ts";
import { JsonScanner } from "./json_scanner.ts";

export interface SourceEvent {
  readonly text: Uint8Array;
  /** epoch nanoseconds */
  readonly timeNs: bigint;
}

export interface Batch {
  readonly events: readonly SourceEvent[];
  readonly bytes: number;
  /** what was refused, each with its cause; never text of the sender's */
  readonly malformed: number;
  readonly tooLong: number;
  readonly reason?: string;
}

export interface BatchReaderOptions {
  readonly find: (document: JsonDocument) => FoundEvents;
  /** of an event as it is written */
  readonly maxEventBytes: number;
}

/** Memory for tokens beyond this is given back after each text. */
const USUAL_TOKENS = 1 << 18;

export class BatchReader {
  readonly #scanner = new JsonScanner();
  readonly #document = new JsonDocument(this.#scanner);
  readonly #options: BatchReaderOptions;

  constructor(options: BatchReaderOptions) {
    this.#options = options;
  }

  read(text: Uint8Array): Batch {
    const problem = this.#scanner.scan(text);
    if (problem !== undefined) {
      const reason = `not JSON: ${problem.message} (byte ${problem.at})`;
      return { events: [], bytes: 0, malformed: 1, tooLong: 0, reason };
    }
    const { find, maxEventBytes } = this.#options;
    const found = find(this.#document);
    const events: SourceEvent[] = [];
    let bytes = 0;
    for (const { token, timeNs } of found.events) {
      const part = text.subarray(this.#document.start(token), this.#document.end(token));
      if (part.length > maxEventBytes) continue;
      events.push({ text: part, timeNs });
      bytes += part.length;
    }
    this.#scanner.shrink(USUAL_TOKENS);
    const tooLong = found.events.length - events.length;
    const reason = found.problems[0] ??
      (tooLong > 0 ? `longer than ${maxEventBytes} bytes, the limit of an event` : undefined);
    const malformed = found.problems.length;
    return { events, bytes, malformed, tooLong, ...(reason === undefined ? {} : { reason }) };
  }
}
