// The tree of a transparency log (RFC 9162, 2.1.3.2).
// In: an entry, its place, the size of the tree, the hashes next to its way up. Out: the hash of the root that follows.
// Elsewhere: whether the log has signed that root (log_entry.ts).

import { createHash } from "node:crypto";

const LEAF = Uint8Array.of(0), NODE = Uint8Array.of(1);

/** @returns undefined when these are not the hashes of such a place */
export function rootHash(
  entry: Uint8Array,
  index: bigint,
  size: bigint,
  hashes: readonly Uint8Array[],
): Buffer | undefined {
  if (index >= size) return undefined;
  let place = index, last = size - 1n;
  let hash = sha256(LEAF, entry);
  for (const next of hashes) {
    if (last === 0n) return undefined;
    if ((place & 1n) === 1n || place === last) {
      hash = sha256(NODE, next, hash);
      // levels at which it has nobody at its right
      while ((place & 1n) === 0n && place !== 0n) [place, last] = [place >> 1n, last >> 1n];
    } else hash = sha256(NODE, hash, next);
    [place, last] = [place >> 1n, last >> 1n];
  }
  return last === 0n ? hash : undefined;
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}
