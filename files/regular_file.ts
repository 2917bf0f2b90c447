// Reading a regular file whose folder others may write to, at once.
// In: a path, a bound. Out: the content, or why there is none. A FIFO, a device, a file of /proc or one that is too large
// is looked at (O_PATH) and never opened; one that grows or is replaced meanwhile is read up to the bound.
// Elsewhere: file systems that may not answer (slow_file.ts). This blocks the thread as long as they do, so it is for the
// start, for one-shot commands, and for files on the host's own disk.

import { type FileKind, type FileStat, kindOf, PathHandle, stampOf } from "../ffi/mod.ts";
import { failed, type FileProblem, MADE_UP, tooLarge, wrongKind } from "./file_problem.ts";

export type ReadFile =
  | { readonly bytes: Uint8Array<ArrayBuffer>; readonly stamp: string }
  | { readonly problem: FileProblem };

export function readRegularFile(path: string, maxBytes: number): ReadFile {
  const handle = PathHandle.open(path);
  if (typeof handle === "number") return { problem: failed(path, handle, isLink(path)) };
  try {
    const stat = handle.stat();
    if (typeof stat === "number") return { problem: failed(path, stat, false) };
    const problem = problemOf(stat, maxBytes, () => handle.isMadeUp());
    if (problem !== undefined) return { problem };
    const bytes = handle.read(maxBytes + 1);
    if (typeof bytes === "number") return { problem: failed(path, bytes, false) };
    return bytes.length > maxBytes ? { problem: tooLarge(maxBytes) } : { bytes, stamp: stampOf(stat) };
  } finally {
    handle.close();
  }
}

/** The text of such a file; undefined when it cannot be read. */
export function readRegularText(path: string, maxBytes: number): string | undefined {
  const read = readRegularFile(path, maxBytes);
  return "bytes" in read ? new TextDecoder().decode(read.bytes) : undefined;
}

export interface FileLook {
  readonly kind: FileKind;
  /** differs when it is another file or has changed */
  readonly stamp: string;
  /** the same for the same file, whatever it holds */
  readonly identity: string;
  readonly uid: number;
  readonly mtimeNs: bigint;
}

/** What is at a path; links are followed. Undefined when there is nothing. */
export function lookAt(path: string): FileLook | undefined {
  const handle = PathHandle.open(path);
  if (typeof handle === "number") return undefined;
  const stat = handle.stat();
  handle.close();
  return typeof stat === "number" ? undefined : lookOf(stat);
}

export function lookOf(stat: FileStat): FileLook {
  const identity = `${stat.devMajor}:${stat.devMinor} ${stat.ino}`;
  return { kind: kindOf(stat), stamp: stampOf(stat), identity, uid: stat.uid, mtimeNs: stat.mtimeNs };
}

/** What keeps a file from being read, as far as its metadata shows. */
export function problemOf(
  stat: FileStat,
  maxBytes: number,
  isMadeUp: () => boolean,
): FileProblem | undefined {
  const kind = kindOf(stat);
  if (kind !== "file") return wrongKind(kind);
  if (isMadeUp()) return MADE_UP;
  return stat.sizeBytes > BigInt(maxBytes) ? tooLarge(maxBytes) : undefined;
}

function isLink(path: string): boolean {
  try {
    return Deno.lstatSync(path).isSymlink;
  } catch {
    return false;
  }
}
