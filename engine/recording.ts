// The worker's side of a recording: what the matcher and the source hand over, as chunks of the `.scap` format in order.
// In: the matcher's record buffer (assembly/record.ts), chunks of state from the source. Out: RecordedChunk values.
// Elsewhere: which of them go to the main thread (chunk_channel.ts, capture.ts), files and rotation (service/).

import type { Matcher } from "./matcher.ts";
import type { RecordedChunk, RecordOptions } from "./messages.ts";

/** Room for the largest event block many times over: a buffer is handed over each turn, or when it is full. */
const BUFFER_BYTES = 1 << 20;
const BUFFER_HEADER_BYTES = 8;

export class Recording {
  readonly #matcher: Matcher;
  readonly #take: (chunk: RecordedChunk) => void;

  constructor(matcher: Matcher, take: (chunk: RecordedChunk) => void) {
    this.#matcher = matcher;
    this.#take = take;
  }

  start({ all, maxEvents }: RecordOptions): void {
    if (this.#matcher.exports.record_start(BUFFER_BYTES, BigInt(maxEvents ?? -1), all ? 1 : 0) === 0) {
      throw new Error(`Cannot record: no room for ${BUFFER_BYTES} bytes in the matcher's heap`);
    }
  }

  /** State as whole blocks; the first chunk begins a section. */
  takeState(chunks: Iterable<Uint8Array<ArrayBuffer>>): void {
    let begins = true;
    for (const bytes of chunks) {
      this.#take({ kind: "state", bytes: bytes.slice(), events: 0, begins, full: false });
      begins = false;
    }
  }

  /** The matcher's buffer. */
  takeEvents(at: number, bytes: number): void {
    const { buffer } = this.#matcher.memory;
    const [events = 0, full = 0] = new Uint32Array(buffer, at, 2);
    const blocks = new Uint8Array(buffer, at + BUFFER_HEADER_BYTES, bytes - BUFFER_HEADER_BYTES);
    // slice() of a view of shared memory makes a copy in ordinary memory
    const copy = blocks.slice() as Uint8Array<ArrayBuffer>;
    this.#take({ kind: "events", bytes: copy, events, begins: false, full: full !== 0 });
  }

  flush(): void {
    this.#matcher.exports.record_flush();
  }
}
