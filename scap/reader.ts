// A `.scap` file as a stream of uncompressed bytes.
// In: a path; the file may be plain, gzip, or several gzip members one after the other. Out: chunks of any length, in
// order, or a plain file's bytes put where the caller wants them; where blocks begin and end is the business of who walks them (the matcher's `ingest`, fed by
// sources/replay). The head of the file is checked here, because every later error would be a riddle.

import { createGunzip, type Gunzip } from "node:zlib";
import { BLOCK_HEADER_BYTES } from "./blocks.ts";
import { BLOCK, SECTION } from "../schema/mod.ts";

/** A trace that is damaged or no trace. `offset` counts uncompressed bytes. */
export class TraceError extends Error {
  override readonly name = "TraceError";
  readonly path: string;
  readonly offset: number;

  constructor(path: string, offset: number, reason: string, cause?: unknown) {
    super(
      // what is wrong before anything was read is no matter of a place
      `Cannot read "${path}": ${reason}${
        offset === 0 ? "" : ` (at byte ${offset} of the uncompressed data)`
      }`,
      cause === undefined ? undefined : { cause },
    );
    this.path = path;
    this.offset = offset;
  }
}

/** How far reading has come, in bytes of the file as it lies on the disk. */
export interface ReadProgress {
  readBytes: number;
  /** 0 when it cannot be known, as for a pipe */
  fileBytes: number;
}

const CHUNK_BYTES = 1 << 20;
const HEAD_BYTES = BLOCK_HEADER_BYTES + 8;

/**
 * A chunk may be used until the next one is asked for.
 * @param progress is kept up to date
 * @throws TraceError after the last chunk that could be read
 */
export async function* readTrace(
  path: string,
  progress: ReadProgress = { readBytes: 0, fileBytes: 0 },
): AsyncGenerator<Uint8Array> {
  let offset = 0;
  let head = new Uint8Array(0);
  try {
    for await (const chunk of openChunks(path, progress)) {
      offset += chunk.length;
      if (head.length < HEAD_BYTES) {
        const joined = new Uint8Array(head.length + chunk.length);
        joined.set(head);
        joined.set(chunk, head.length);
        head = joined;
        if (head.length < HEAD_BYTES) continue;
        checkHead(path, head);
        yield head;
      } else {
        yield chunk;
      }
    }
  } catch (error) {
    if (error instanceof TraceError) throw error;
    throw new TraceError(path, offset, reasonOf(error), error);
  }
  if (offset === 0) throw new TraceError(path, 0, "the file is empty");
  if (head.length < HEAD_BYTES) throw new TraceError(path, offset, "the file ends within its header");
}

/** A plain file on a disk: its bytes need not pass through a buffer of their own. */
export class PlainTrace {
  #offset = 0;

  private constructor(
    readonly path: string,
    readonly file: Deno.FsFile,
    readonly progress: ReadProgress,
  ) {}

  /** Undefined for everything that `readTrace` has to look at: compressed, damaged or missing files, pipes. */
  static open(path: string, progress: ReadProgress): PlainTrace | undefined {
    let file: Deno.FsFile | undefined;
    try {
      file = Deno.openSync(path);
      const { isFile, size } = file.statSync();
      const head = new Uint8Array(HEAD_BYTES);
      if (isFile && file.readSync(head) === HEAD_BYTES) {
        checkHead(path, head);
        file.seekSync(0, Deno.SeekMode.Start);
        progress.fileBytes = size;
        return new PlainTrace(path, file, progress);
      }
    } catch {
      // told by readTrace
    }
    file?.close();
    return undefined;
  }

  /** Gives the number of bytes; 0 at the end. @throws TraceError */
  readInto(part: Uint8Array): number {
    try {
      const bytes = this.file.readSync(part) ?? 0;
      this.#offset += bytes;
      this.progress.readBytes += bytes;
      return bytes;
    } catch (error) {
      throw new TraceError(this.path, this.#offset, reasonOf(error), error);
    }
  }

  close(): void {
    this.file.close();
  }
}

async function* openChunks(path: string, progress: ReadProgress): AsyncGenerator<Uint8Array> {
  using file = await Deno.open(path);
  const { isDirectory, size } = await file.stat();
  if (isDirectory) throw new Deno.errors.IsADirectory();
  progress.fileBytes = size;
  const first = await readChunk(file, new Uint8Array(CHUNK_BYTES), HEAD_BYTES, progress);
  // looked at here and not in a reading of its own: a pipe can be read only once
  if (first[0] !== 0x1f || first[1] !== 0x8b) {
    yield* restOf(file, first, progress, () => new Uint8Array(first.buffer));
    return;
  }
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  feed(gunzip, restOf(file, first, progress, () => new Uint8Array(first.buffer)));
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array<ArrayBuffer>>) {
      // not the Buffer itself, whose slice() makes no copy
      yield new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
      release(chunk);
    }
  } finally {
    gunzip.destroy();
  }
}

/** Writes each chunk when the one before has been taken in, so that one buffer is enough for all. */
async function feed(gunzip: Gunzip, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const chunk of chunks) {
      if (gunzip.destroyed) return;
      await new Promise<void>((resolve, reject) => {
        gunzip.once("close", resolve);
        gunzip.write(chunk, (error) => {
          gunzip.off("close", resolve);
          if (error) reject(error);
          else resolve();
        });
      });
    }
    gunzip.end();
  } catch (error) {
    gunzip.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

/**
 * Gives the memory of a chunk back at once: waiting for the garbage collector costs some 80 MiB. The chunks of one
 * buffer come in order, and the decompressor is done with it when the last one reaches its end.
 */
function release(chunk: Uint8Array<ArrayBuffer>): void {
  if (chunk.byteOffset + chunk.length === chunk.buffer.byteLength) chunk.buffer.transfer(0);
}

/** `first` and what follows it; each further chunk is read into the buffer that `makeBuffer` gives. */
async function* restOf(
  file: Deno.FsFile,
  first: Uint8Array<ArrayBuffer>,
  progress: ReadProgress,
  makeBuffer: () => Uint8Array<ArrayBuffer>,
): AsyncGenerator<Uint8Array> {
  for (let chunk = first; chunk.length > 0;) {
    yield chunk;
    chunk = await readChunk(file, makeBuffer(), 1, progress);
  }
}

/** Fewer bytes than `least` only at the end of the file. */
async function readChunk(
  file: Deno.FsFile,
  buffer: Uint8Array<ArrayBuffer>,
  least: number,
  progress: ReadProgress,
): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = 0;
  while (bytes < least) {
    const read = await file.read(buffer.subarray(bytes));
    if (read === null) break;
    bytes += read;
  }
  progress.readBytes += bytes;
  return buffer.subarray(0, bytes);
}

function checkHead(path: string, head: Uint8Array): void {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (view.getUint32(0, true) !== BLOCK.SECTION_HEADER) {
    throw new TraceError(path, 0, "this is no .scap file: it does not begin with a section header");
  }
  if (view.getUint32(8, false) === SECTION.MAGIC) {
    throw new TraceError(path, 8, "the trace was written on a big-endian machine, which is not supported");
  }
  if (view.getUint32(8, true) !== SECTION.MAGIC) {
    throw new TraceError(path, 8, "this is no .scap file: the byte order mark is wrong");
  }
  const major = view.getUint16(12, true);
  if (major !== SECTION.MAJOR) {
    throw new TraceError(path, 12, `format version ${major} is not supported: expected ${SECTION.MAJOR}`);
  }
}

function reasonOf(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  if (error instanceof Deno.errors.NotFound || code === "ENOENT") return "no such file";
  if (error instanceof Deno.errors.PermissionDenied || code === "EACCES") return "permission denied";
  if (error instanceof Deno.errors.IsADirectory || code === "EISDIR") return "it is a directory";
  if (code === "Z_BUF_ERROR" || (error instanceof Error && error.message === "unexpected end of file")) {
    return "the compressed data end too early: the file is truncated";
  }
  if (typeof code === "string" && code.startsWith("Z_")) {
    return `the compressed data are damaged: ${(error as Error).message}`;
  }
  return error instanceof Error ? error.message : String(error);
}
