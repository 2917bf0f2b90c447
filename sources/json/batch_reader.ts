// Events of a stream of JSON: the body of a request, or lines of a file.
// In: chunks of bytes as they arrive. Out: events with their times, each as bytes of its own; how many parts were set
// aside, and why. Everything that is accepted here has been read as JSON: evaluating it cannot fail.
// Elsewhere: taking the stream apart (text_splitter.ts), what is an event (found_events.ts, k8s_audit/audit_events.ts).

import type { EventFinders } from "./found_events.ts";
import { JsonDocument } from "./json_document.ts";
import { JsonScanner } from "./json_scanner.ts";
import { type TextPart, TextSplitter } from "./text_splitter.ts";

export interface SourceEvent {
  readonly text: Uint8Array;
  /** epoch nanoseconds */
  readonly timeNs: bigint;
}

export interface Batch {
  readonly events: readonly SourceEvent[];
  readonly bytes: number;
  /** what was set aside, each with its cause; never text of the sender's */
  readonly malformed: number;
  readonly tooLong: number;
  /** an element of a list of events, not a text that is alone */
  readonly isOfList: boolean;
  /** where, and what is wrong */
  readonly reason?: string;
}

export interface BatchReaderOptions {
  readonly finders: EventFinders;
  /** of an event as it is written */
  readonly maxEventBytes: number;
}

export interface EventStream {
  /** bytes of parts that have not ended */
  readonly heldBytes: number;
  take(chunk: Uint8Array): Generator<Batch>;
  end(): Generator<Batch>;
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

  /** One text for each line, or one in all. */
  stream(isLines: boolean): EventStream {
    const { finders: { items, splitsArrays }, maxEventBytes } = this.#options;
    const splitter = new TextSplitter({
      splitsArrays,
      isLines,
      maxBytes: maxEventBytes,
      ...(items === undefined ? {} : { items }),
    });
    // deno-lint-ignore no-this-alias
    const reader = this;
    return {
      get heldBytes() {
        return splitter.heldBytes;
      },
      *take(chunk) {
        for (const part of splitter.take(chunk)) yield reader.#read(part, isLines);
      },
      *end() {
        for (const part of splitter.end()) yield reader.#read(part, isLines);
      },
    };
  }

  #read({ text, kind, textNumber, number, at }: TextPart, isLines: boolean): Batch {
    const place = [
      ...(isLines ? [`line ${textNumber}`] : []),
      ...(number > 0 ? [`event ${number}`] : []),
    ].join(", ");
    const where = place === "" ? "" : `${place}: `;
    const isOfList = kind === "item";
    const { finders, maxEventBytes } = this.#options;
    if (text === undefined) {
      const reason = `${where}longer than ${maxEventBytes} bytes, the limit of an event`;
      return { events: [], bytes: 0, malformed: 0, tooLong: 1, isOfList, reason };
    }
    const problem = this.#scanner.scan(text);
    if (problem !== undefined) {
      const reason = `${where}not JSON: ${problem.message} (byte ${at + problem.at})`;
      return { events: [], bytes: 0, malformed: 1, tooLong: 0, isOfList, reason };
    }
    const found = finders[kind](this.#document);
    const events = found.events.map(({ token, timeNs }): SourceEvent => ({
      text: text.subarray(this.#document.start(token), this.#document.end(token)),
      timeNs,
    }));
    this.#scanner.shrink(USUAL_TOKENS);
    const [first] = found.problems;
    return {
      events,
      bytes: events.reduce((sum, event) => sum + event.text.length, 0),
      malformed: found.problems.length,
      tooLong: 0,
      isOfList,
      ...(first === undefined ? {} : { reason: where + first }),
    };
  }
}
