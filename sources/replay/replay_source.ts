// Judges a recording: a `.scap` file goes through the matcher's `ingest`, one piece a turn.
// What came before a damaged or missing part has been judged when the error is thrown.
// Elsewhere: decompression (scap/reader.ts), feeding (ingest_blocks.ts).

import { readTrace, TraceError } from "../../scap/reader.ts";
import { BlockFeeder, IngestError } from "../ingest_blocks.ts";
import type { MatcherPort, Source } from "../matcher_port.ts";

export class ReplaySource implements Source {
  readonly #path: string;
  readonly #feeder: BlockFeeder;
  readonly #pieces: AsyncGenerator<Uint8Array>;
  #bytes = 0n;

  constructor(path: string, matcher: MatcherPort) {
    this.#path = path;
    this.#feeder = new BlockFeeder(matcher);
    this.#pieces = readTrace(path);
  }

  start(): void {}

  async turn(): Promise<boolean> {
    const { value: piece, done } = await this.#pieces.next();
    if (done === true) {
      this.#checkEnd();
      return false;
    }
    this.#bytes += BigInt(piece.length);
    try {
      this.#feeder.feed(piece);
    } catch (error) {
      if (error instanceof IngestError) throw new TraceError(this.#path, error.offset, error.message, error);
      throw error;
    }
    return true;
  }

  #checkEnd(): void {
    const { pendingBytes, pendingOffset } = this.#feeder;
    if (pendingBytes === 0) return;
    throw new TraceError(
      this.#path,
      pendingOffset,
      `the file ends within a block, of which it has ${pendingBytes} bytes: it is truncated`,
    );
  }

  finish(): void {}

  counters(): Readonly<Record<string, bigint>> {
    return { trace_bytes: this.#bytes };
  }

  close(): void {
    // ends the generator, which closes the file; nobody waits for that
    this.#pieces.return(undefined).catch(() => {});
  }
}
