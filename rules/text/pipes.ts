// Rules and settings from a pipe: standard input, `<(command)` of a shell, a FIFO of the user's own.
// In: paths that the user has named on the command line. Out: their bytes, up to a bound. Others' FIFOs, and those among
// the files of a folder, are never opened: anyone who put one there could make us wait for ever.
// A pipe gives its content once, so it is kept for the reloads of a run.

import { concatenate } from "../../base/mod.ts";
import { lookAt } from "../../files/mod.ts";

const STDIN = "-";
/** What leads to a descriptor that this process was started with. */
const OWN_DESCRIPTOR = /^\/(dev\/(stdin|fd\/\d+)|proc\/self\/fd\/\d+)$/;
const NOTHING = "/dev/null";
const CHUNK_BYTES = 1 << 16;

const named = new Set<string>();
const contents = new Map<string, Uint8Array>();

/** The user has written these paths on the command line. */
export function namePipes(paths: readonly string[]): void {
  for (const path of paths) named.add(path);
}

export function isNamedPipe(path: string): boolean {
  if (path === STDIN || contents.has(path)) return true;
  if (!named.has(path)) return false;
  const look = lookAt(path);
  if (look === undefined || look.kind === "file" || look.kind === "directory") return false;
  return OWN_DESCRIPTOR.test(path) || path === NOTHING || (look.kind === "fifo" && look.uid === Deno.uid());
}

/** Waits for the writer. */
export function readPipe(path: string, maxBytes: number): Uint8Array {
  let bytes = contents.get(path);
  if (bytes === undefined) {
    bytes = path === STDIN ? readAll(Deno.stdin, maxBytes) : readFile(path, maxBytes);
    contents.set(path, bytes);
  }
  return bytes;
}

function readFile(path: string, maxBytes: number): Uint8Array {
  using file = Deno.openSync(path);
  return readAll(file, maxBytes);
}

function readAll(file: { readSync(buffer: Uint8Array): number | null }, maxBytes: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  let used = 0;
  while (used < maxBytes) {
    const chunk = new Uint8Array(Math.min(CHUNK_BYTES, maxBytes - used));
    const count = file.readSync(chunk);
    if (count === null) break;
    chunks.push(chunk.subarray(0, count));
    used += count;
  }
  return concatenate(chunks);
}
