// One file of a recording: bytes in, gzip on the disk.
// In: chunks of the `.scap` format. Out: a file that can be read up to the last `flush` whatever becomes of the program.
// Elsewhere: when a file begins and ends (recording_files.ts), the bytes (engine/, scap/).

import { constants as zlib, createGzip, type Gzip } from "node:zlib";
import { openOwnFile, OwnFileError } from "../../ffi/mod.ts";

const CHUNK_BYTES = 256 << 10;
/** So much may be on its way through the compressor before the size of the file is looked at again. */
const FLUSH_BYTES = 1 << 20;
/** It holds what programs read, wrote and were called with. */
const MODE = 0o600;
/** A recorder that falls behind loses events, so speed comes before size. */
const LEVEL = 1;

export class RecordingFile {
  readonly path: string;
  /** of the file, as far as it has been flushed */
  bytes = 0;
  readonly #file: Deno.FsFile;
  readonly #gzip: Gzip;
  readonly #done: Promise<void>;
  /** the chunks so far */
  #written: Promise<void> = Promise.resolve();
  #unflushedBytes = 0;
  #error: Error | undefined;

  private constructor(path: string, file: Deno.FsFile) {
    this.path = path;
    this.#file = file;
    this.#gzip = createGzip({ level: LEVEL, chunkSize: CHUNK_BYTES });
    this.#gzip.on("data", (chunk: Uint8Array) => this.#append(chunk));
    this.#done = new Promise((resolve) => {
      this.#gzip.on("end", resolve);
      this.#gzip.on("error", (error: Error) => {
        this.#error ??= writeError(path, error);
        resolve();
      });
    });
  }

  /**
   * @param mayExist whether a file of this name is written over; if not, it is an error
   * @throws Error that names the file
   */
  static async open(
    path: string,
    { mayExist }: { readonly mayExist: boolean } = { mayExist: true },
  ): Promise<RecordingFile> {
    try {
      const file = await openOwnFile(path, { how: mayExist ? "truncate" : "new", mode: MODE });
      return new RecordingFile(path, file);
    } catch (error) {
      throw writeError(path, error);
    }
  }

  /** Resolves when more may be written. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#throwError();
    this.#unflushedBytes += bytes.length;
    if (!this.#gzip.write(bytes)) await new Promise((resolve) => this.#gzip.once("drain", resolve));
    if (this.#unflushedBytes >= FLUSH_BYTES) await this.flush();
    this.#throwError();
  }

  /** All that was written is in the file. */
  async flush(): Promise<void> {
    if (this.#unflushedBytes === 0) return;
    this.#unflushedBytes = 0;
    await new Promise<void>((resolve) => this.#gzip.flush(zlib.Z_SYNC_FLUSH, resolve));
    await this.#written;
    this.#throwError();
  }

  async close(): Promise<void> {
    this.#gzip.end();
    await this.#done;
    await this.#written;
    this.#file.close();
    this.#throwError();
  }

  /** In the runtime's pool: a disk may take as long as it likes. */
  #append(chunk: Uint8Array): void {
    this.#written = this.#written.then(async () => {
      if (this.#error !== undefined) return;
      try {
        for (let at = 0; at < chunk.length;) at += await this.#file.write(chunk.subarray(at));
        this.bytes += chunk.length;
      } catch (error) {
        this.#error ??= writeError(this.path, error);
      }
    });
  }

  #throwError(): void {
    if (this.#error !== undefined) throw this.#error;
  }
}

function writeError(path: string, error: unknown): Error {
  const reason = error instanceof OwnFileError
    ? error.reason
    : error instanceof Error
    ? error.message
    : String(error);
  return new Error(`Cannot write the recording ${path}: ${reason}`, { cause: error });
}
