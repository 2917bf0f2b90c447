// Files that are read to their end: one, those of a folder, or standard input.
// In: a path. Out: chunks of bytes, file by file; a line never goes on in the next file. Only regular files are read: of
// a folder the others are left out, a path that is none is an error.
// Elsewhere: a file that is followed (tail_input.ts), what becomes of lines (service/json/json_source.ts).

import { join } from "node:path";
import { listFolderSlowly, lookSlowly, openRegularFile } from "../../files/mod.ts";

export type Chunk = Uint8Array<ArrayBuffer> | "end of file";

const CHUNK_BYTES = 1 << 16;
const MAX_FILES = 100_000;

/** Regular files of a folder, those that were changed first come first; or the file itself. */
export async function inputFiles(path: string): Promise<string[]> {
  if ((await lookSlowly(path))?.kind !== "directory") return [path];
  const list = await listFolderSlowly(path, MAX_FILES);
  if (list === undefined) throw new Error(`${path} cannot be read`);
  if (list.isCut) throw new Error(`${path}: there are more than ${MAX_FILES} files`);
  const found: { readonly path: string; readonly changedNs: bigint }[] = [];
  for (const name of list.names) {
    const inner = join(path, name);
    const look = await lookSlowly(inner);
    if (look?.kind === "file") found.push({ path: inner, changedNs: look.mtimeNs });
  }
  found.sort((a, b) => Number(a.changedNs - b.changedNs) || (a.path < b.path ? -1 : 1));
  return found.map(({ path }) => path);
}

/** @param signal ends reading between two chunks */
export async function* readFiles(path: string, signal: AbortSignal): AsyncGenerator<Chunk> {
  if (await isOwnPipe(path)) {
    using pipe = await Deno.open(path);
    yield* readAll(async (buffer) => await pipe.read(buffer) ?? 0, signal);
    yield "end of file";
    return;
  }
  for (const name of await inputFiles(path)) {
    const opened = await openRegularFile(name);
    // of a folder's files one may have gone meanwhile
    if ("problem" in opened) {
      if (name !== path) continue;
      throw new Error(`${path}: ${opened.problem.reason}`);
    }
    const { file } = opened;
    try {
      yield* readAll(async (buffer) => (await file.read(buffer, 0, buffer.length, null)).bytesRead, signal);
    } finally {
      await file.close();
    }
    yield "end of file";
  }
}

/** The settings name a FIFO that this user has made: he knows who writes to it. */
async function isOwnPipe(path: string): Promise<boolean> {
  const look = await lookSlowly(path);
  return look?.kind === "fifo" && look.uid === Deno.uid();
}

export async function* readStdin(signal: AbortSignal): AsyncGenerator<Chunk> {
  yield* readAll(async (buffer) => await Deno.stdin.read(buffer) ?? 0, signal);
  yield "end of file";
}

async function* readAll(
  read: (buffer: Uint8Array) => Promise<number>,
  signal: AbortSignal,
): AsyncGenerator<Chunk> {
  const buffer = new Uint8Array(CHUNK_BYTES);
  while (!signal.aborted) {
    const bytes = await read(buffer);
    if (bytes === 0) return;
    yield buffer.subarray(0, bytes);
  }
}
