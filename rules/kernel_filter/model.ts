// The probe's decision about an open, in TypeScript: what the proof runs over recordings, and what the probe is compared with.
// In: the filter and what the probe knows of a call. Out: whether it is reported.
// Elsewhere: the same in C (probe/lib/filter.bpf.h).

import {
  CREATES,
  EXECUTABLE,
  type OpenFilter,
  prefixKey,
  READS,
  tableKey,
  WINDOW,
  windowKey,
  WRITES,
} from "./plan.ts";

/** Of a longer path the probe does not read the end: it is reported. */
export const MAX_TESTED_BYTES = 254;

export interface OpenCall {
  /** without the 0 at its end: as the program passed it, after the path of the directory where that was left out */
  readonly path: Uint8Array;
  readonly reads: boolean;
  readonly writes: boolean;
  /** O_CREAT or O_TMPFILE */
  readonly creates: boolean;
  /** creates, with a mode that lets somebody execute it */
  readonly executable: boolean;
  /** as the kernel resolved it; absent where the call has failed, or the path was cut */
  readonly resolvedPath?: Uint8Array;
  readonly failed: boolean;
  /** a regular file or a device; others are state */
  readonly isFile: boolean;
  /** a directory that was opened as such (O_DIRECTORY) */
  readonly isDirectory?: boolean;
}

export function isReported(filter: OpenFilter, call: OpenCall): boolean {
  if (!call.failed && !call.isFile && !(call.isDirectory && filter.directories)) return true;
  if (!isTestable(call.path)) return !call.failed || filter.failedUnclean || isUnreadable(call);
  const kind = 1 <<
    ((call.reads ? READS : 0) | (call.writes ? WRITES : 0) | (call.creates ? CREATES : 0) |
      (call.executable ? EXECUTABLE : 0));
  const table = new Map(filter.keys.map((key) => [tableKey(key.part), key]));
  if (call.failed && (filter.failed & kind) === 0) return false;
  if ((filter.anyPath & kind) !== 0) return true;
  if ((found(table, call.path, "name") & kind) !== 0) return true;
  if ((filter.resolved & kind) === 0) return false;
  // of a call that has failed there is no other path
  const resolved = call.failed ? call.path : call.resolvedPath;
  return resolved === undefined || !isTestable(resolved) || (found(table, resolved, "resolved") & kind) !== 0;
}

/** Without its text the entry of an open cannot be put off, so both events are there. */
function isUnreadable({ path }: OpenCall): boolean {
  return path.length === 0 || path.length > MAX_TESTED_BYTES;
}

/** Absolute, and not to be shortened: then the text is the name of the file. */
export function isTestable(path: Uint8Array): boolean {
  if (path.length > MAX_TESTED_BYTES || path[0] !== 0x2f) return false;
  const text = `${String.fromCharCode(...path)}`;
  return !["//", "/./", "../"].some((part) => text.includes(part)) && !text.endsWith("/.") &&
    !text.endsWith("..");
}

function found(
  table: ReadonlyMap<bigint, { readonly name: number; readonly resolved: number }>,
  path: Uint8Array,
  which: "name" | "resolved",
): number {
  let [kinds, prefix, window] = [0, 0, 0];
  for (const byte of path) {
    prefix = prefixKey(prefix, byte);
    window = windowKey(window, byte);
    kinds |= (table.get(BigInt(prefix))?.[which] ?? 0) | (table.get(WINDOW | BigInt(window))?.[which] ?? 0);
  }
  return kinds;
}
