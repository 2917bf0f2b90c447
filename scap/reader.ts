// A `.scap` file as a stream of uncompressed bytes.
// In: a path; the file may be plain, gzip, or several gzip members one after the other. Out: pieces of any length, in
// order; where blocks begin and end is the business of who walks them (the matcher's `ingest`, fed by
// sources/replay). The head of the file is checked here, because every later error would be a riddle.

import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { BLOCK, BLOCK_HEADER_BYTES, SECTION } from "./blocks.ts";

/** A trace that is damaged or no trace. `offset` counts uncompressed bytes. */
export class TraceError extends Error {
  override readonly name = "TraceError";
  readonly path: string;
  readonly offset: number;

  constructor(path: string, offset: number, reason: string, cause?: unknown) {
    super(
      `Cannot read trace "${path}": ${reason} (at byte ${offset} of the uncompressed data)`,
      cause === undefined ? undefined : { cause },
    );
    this.path = path;
    this.offset = offset;
  }
}

const PIECE_BYTES = 1 << 20;
const HEAD_BYTES = BLOCK_HEADER_BYTES + 8;

/** @throws TraceError after the last piece that could be read */
export async function* readTrace(path: string): AsyncGenerator<Uint8Array> {
  let offset = 0;
  let head = new Uint8Array(0);
  try {
    for await (const piece of openPieces(path)) {
      offset += piece.length;
      if (head.length < HEAD_BYTES) {
        const joined = new Uint8Array(head.length + piece.length);
        joined.set(head);
        joined.set(piece, head.length);
        head = joined;
        if (head.length < HEAD_BYTES) continue;
        checkHead(path, head);
        yield head;
      } else {
        yield piece;
      }
    }
  } catch (error) {
    if (error instanceof TraceError) throw error;
    throw new TraceError(path, offset, reasonOf(error), error);
  }
  if (offset === 0) throw new TraceError(path, 0, "the file is empty");
  if (head.length < HEAD_BYTES) throw new TraceError(path, offset, "the file ends within its header");
}

async function* openPieces(path: string): AsyncGenerator<Uint8Array> {
  const compressed = await isGzip(path);
  const file = createReadStream(path, { highWaterMark: PIECE_BYTES });
  if (!compressed) {
    yield* file as AsyncIterable<Uint8Array>;
    return;
  }
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  // pipe() does not pass on an error of its source
  file.on("error", (error: Error) => gunzip.destroy(error));
  try {
    yield* file.pipe(gunzip) as AsyncIterable<Uint8Array>;
  } finally {
    file.destroy();
  }
}

async function isGzip(path: string): Promise<boolean> {
  using file = await Deno.open(path);
  const magic = new Uint8Array(2);
  return await file.read(magic) === 2 && magic[0] === 0x1f && magic[1] === 0x8b;
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
