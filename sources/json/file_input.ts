// Files that are read to their end: one, those of a folder, or standard input.
// In: a path. Out: pieces of bytes, file by file; a line never goes on in the next file.
// Elsewhere: a file that is followed (tail_input.ts), what becomes of lines (service/json_source.ts).

import { join } from "node:path";

export type Piece = Uint8Array<ArrayBuffer> | "end of file";

const PIECE_BYTES = 1 << 16;

/** Regular files of a folder, those that were changed first come first; or the file itself. */
export function inputFiles(path: string): string[] {
  const info = Deno.statSync(path);
  if (!info.isDirectory) return [path];
  const found: { readonly path: string; readonly changed: number }[] = [];
  for (const { name } of Deno.readDirSync(path)) {
    const inner = join(path, name);
    const { isFile, mtime } = Deno.statSync(inner);
    if (isFile) found.push({ path: inner, changed: mtime?.getTime() ?? 0 });
  }
  found.sort((a, b) => a.changed - b.changed || (a.path < b.path ? -1 : 1));
  return found.map(({ path }) => path);
}

/** @param signal ends reading between two pieces */
export async function* readFiles(path: string, signal: AbortSignal): AsyncGenerator<Piece> {
  for (const name of inputFiles(path)) {
    using file = await Deno.open(name);
    yield* readAll(file, signal);
    yield "end of file";
  }
}

export async function* readStdin(signal: AbortSignal): AsyncGenerator<Piece> {
  yield* readAll(Deno.stdin, signal);
  yield "end of file";
}

interface Readable {
  read(buffer: Uint8Array): Promise<number | null>;
}

async function* readAll(file: Readable, signal: AbortSignal): AsyncGenerator<Piece> {
  const buffer = new Uint8Array(PIECE_BYTES);
  while (!signal.aborted) {
    const bytes = await file.read(buffer);
    if (bytes === null) return;
    yield buffer.subarray(0, bytes);
  }
}
