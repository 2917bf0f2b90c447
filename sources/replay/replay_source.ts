// Evaluates a recording: a `.scap` file goes through the matcher's `ingest`, one chunk a turn. A plain file is read right
// into the matcher's memory; mapped, a file that is cut short meanwhile would end the process.
// What came before a damaged or missing part has been evaluated when the error is thrown.
// Elsewhere: decompression (scap/reader.ts), feeding (ingest_blocks.ts).

import { PlainTrace, type ReadProgress, readTrace, TraceError } from "../../scap/mod.ts";
import { MATCHER_COUNTERS, REGION } from "../../schema/mod.ts";
import { BlockFeeder, IngestError } from "../ingest_blocks.ts";
import type { MatcherPort, Source } from "../matcher_port.ts";

export class ReplaySource implements Source {
  readonly #path: string;
  readonly #feeder: BlockFeeder;
  readonly #chunks: AsyncGenerator<Uint8Array>;
  readonly #progress: ReadProgress = { readBytes: 0, fileBytes: 0 };
  readonly #seen: BigUint64Array;
  #plain: PlainTrace | undefined;
  #bytes = 0;

  constructor(path: string, matcher: MatcherPort) {
    this.#path = path;
    this.#seen = new BigUint64Array(matcher.memory.buffer, REGION.COUNTERS.at, MATCHER_COUNTERS.length);
    this.#feeder = new BlockFeeder(matcher);
    this.#chunks = readTrace(path, this.#progress);
  }

  start(): void {
    this.#plain = PlainTrace.open(this.#path, this.#progress);
  }

  turn(): boolean | Promise<boolean> {
    const plain = this.#plain;
    return plain === undefined
      ? this.#takeChunk()
      : this.#take(() => this.#feeder.fill((part) => plain.readInto(part)));
  }

  async #takeChunk(): Promise<boolean> {
    const { value: chunk, done } = await this.#chunks.next();
    return this.#take(() => {
      if (done === true) return 0;
      this.#feeder.feed(chunk);
      return chunk.length;
    });
  }

  /** @param next gives the bytes taken in, 0 at the end */
  #take(next: () => number): boolean {
    try {
      const bytes = next();
      this.#bytes += bytes;
      if (bytes > 0) return true;
    } catch (error) {
      if (error instanceof IngestError) throw new TraceError(this.#path, error.offset, error.message, error);
      throw error;
    }
    this.#checkEnd();
    return false;
  }

  #checkEnd(): void {
    const { pendingBytes, pendingOffset } = this.#feeder;
    if (pendingBytes > 0) {
      throw new TraceError(
        this.#path,
        pendingOffset,
        `the file ends within a block, of which it has ${pendingBytes} bytes: it is truncated`,
      );
    }
    // a recording of a quiet time has the state of its host and no event
    const [events, unknown, threads] = [
      this.#count("EVENTS"),
      this.#count("EVENTS_UNKNOWN"),
      this.#count("THREADS_ADDED"),
    ];
    if (events + unknown + threads === 0n) {
      throw new TraceError(this.#path, this.#bytes, "there is no event in it");
    }
  }

  #count(name: typeof MATCHER_COUNTERS[number]): bigint {
    return this.#seen[MATCHER_COUNTERS.indexOf(name)]!;
  }

  finish(): void {}

  counters(): Readonly<Record<string, bigint>> {
    return {
      trace_bytes: BigInt(this.#bytes),
      trace_file_bytes_read: BigInt(this.#progress.readBytes),
      trace_file_bytes: BigInt(this.#progress.fileBytes),
    };
  }

  close(): void {
    this.#plain?.close();
    // ends the generator, which closes the file; nobody waits for that
    this.#chunks.return(undefined).catch(() => {});
  }
}
