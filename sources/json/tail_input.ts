// A file that is followed while others write to it: from its end on, through rotation by renaming and by truncation.
// In: a path, which need not exist yet. Out: chunks of bytes as they are written.
// The file is looked at several times a second, which works on every file system; what a file got before it was renamed is
// read to its end before the new one is begun. Only a regular file is followed.

import type { FileHandle } from "node:fs/promises";
import { pause } from "../../base/mod.ts";
import { lookSlowly, openRegularFile } from "../../files/mod.ts";
import type { Chunk } from "./file_input.ts";

const CHUNK_BYTES = 1 << 16;
const INTERVAL_MS = 100;

export interface TailOptions {
  /** what is in the file at the start is read too */
  readonly fromStart: boolean;
  readonly signal: AbortSignal;
}

export async function* tailFile(path: string, { fromStart, signal }: TailOptions): AsyncGenerator<Chunk> {
  const buffer = new Uint8Array(CHUNK_BYTES);
  let file = await openFirst(path);
  if (!fromStart) await file?.skipToEnd();
  try {
    while (!signal.aborted) {
      if (file !== undefined) {
        const bytes = await file.read(buffer);
        if (bytes > 0) {
          yield buffer.subarray(0, bytes);
          continue;
        }
        if (await file.startAgainIfShorter()) {
          yield "end of file";
          continue;
        }
        const next = await replacement(path, file);
        if (next !== undefined) {
          // the writer may have gone on with the old file until just now
          for (let more = await file.read(buffer); more > 0; more = await file.read(buffer)) {
            yield buffer.subarray(0, more);
          }
          yield "end of file";
          await file.close();
          file = next;
          continue;
        }
      } else {
        file = await TailedFile.open(path);
        if (file !== undefined) continue;
      }
      await pause(INTERVAL_MS, signal);
    }
  } finally {
    await file?.close();
  }
}

/** An open file and how far it has been read. */
class TailedFile {
  readonly #file: FileHandle;
  readonly identity: string;
  #posBytes = 0;

  private constructor(file: FileHandle, identity: string) {
    this.#file = file;
    this.identity = identity;
  }

  /** Undefined when there is no regular file of this name (now). */
  static async open(path: string): Promise<TailedFile | undefined> {
    const opened = await openRegularFile(path);
    if ("problem" in opened) return undefined;
    const look = await lookSlowly(`/proc/self/fd/${opened.file.fd}`);
    return new TailedFile(opened.file, look?.identity ?? "");
  }

  async read(buffer: Uint8Array): Promise<number> {
    const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, this.#posBytes);
    this.#posBytes += bytesRead;
    return bytesRead;
  }

  async skipToEnd(): Promise<void> {
    this.#posBytes = (await this.#file.stat()).size;
  }

  async startAgainIfShorter(): Promise<boolean> {
    if ((await this.#file.stat()).size >= this.#posBytes) return false;
    this.#posBytes = 0;
    return true;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** What is there and can never be followed is an error; what others put there later is waited out. */
async function openFirst(path: string): Promise<TailedFile | undefined> {
  const opened = await openRegularFile(path);
  if ("file" in opened) {
    await opened.file.close();
    return await TailedFile.open(path);
  }
  const { kind, reason } = opened.problem;
  if (kind === "missing") return undefined;
  throw new Error(`${path}: ${reason}`);
}

/** Another file of the same name. */
async function replacement(path: string, file: TailedFile): Promise<TailedFile | undefined> {
  const look = await lookSlowly(path);
  if (look === undefined || look.kind !== "file" || look.identity === file.identity) return undefined;
  const next = await TailedFile.open(path);
  if (next === undefined || next.identity !== file.identity) return next;
  await next.close();
  return undefined;
}
