// A file that is followed while others write to it: from its end on, through rotation by renaming and by truncation.
// In: a path, which need not exist yet. Out: pieces of bytes as they are written.
// The file is looked at several times a second, which works on every file system; what a file got before it was renamed is
// read to its end before the new one is begun.

import type { Piece } from "./file_input.ts";

const PIECE_BYTES = 1 << 16;
const INTERVAL_MS = 100;

export interface TailOptions {
  /** what stands in the file at the start is read too */
  readonly fromStart: boolean;
  readonly signal: AbortSignal;
}

export async function* tailFile(path: string, { fromStart, signal }: TailOptions): AsyncGenerator<Piece> {
  const buffer = new Uint8Array(PIECE_BYTES);
  let file = await open(path);
  if (file !== undefined && !fromStart) await file.seek(0, Deno.SeekMode.End);
  try {
    while (!signal.aborted) {
      if (file !== undefined) {
        const bytes = await file.read(buffer);
        if (bytes !== null && bytes > 0) {
          yield buffer.subarray(0, bytes);
          continue;
        }
        const isShorter = await wasTruncated(file);
        const next = isShorter ? undefined : await replacement(path, file);
        if (isShorter) {
          await file.seek(0, Deno.SeekMode.Start);
          yield "end of file";
          continue;
        }
        if (next !== undefined) {
          // the writer may have gone on with the old file until just now
          for (
            let more = await file.read(buffer);
            more !== null && more > 0;
            more = await file.read(buffer)
          ) {
            yield buffer.subarray(0, more);
          }
          yield "end of file";
          file.close();
          file = next;
          continue;
        }
      } else {
        file = await open(path);
        if (file !== undefined) continue;
      }
      await pause(signal);
    }
  } finally {
    file?.close();
  }
}

async function open(path: string): Promise<Deno.FsFile | undefined> {
  try {
    return await Deno.open(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function wasTruncated(file: Deno.FsFile): Promise<boolean> {
  const at = await file.seek(0, Deno.SeekMode.Current);
  return (await file.stat()).size < at;
}

/** Another file of the same name. */
async function replacement(path: string, file: Deno.FsFile): Promise<Deno.FsFile | undefined> {
  const next = await open(path);
  if (next === undefined) return undefined;
  const [old, now] = [await file.stat(), await next.stat()];
  if (old.ino !== now.ino || old.dev !== now.dev) return next;
  next.close();
  return undefined;
}

function pause(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = () => {
    clearTimeout(timer);
    signal.removeEventListener("abort", done);
    resolve();
  };
  const timer = setTimeout(done, INTERVAL_MS);
  signal.addEventListener("abort", done);
  return promise;
}
