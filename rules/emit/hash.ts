// The hash of text sets, as docs/architecture.md defines it; the matcher has the same in assembly/strings/hash.ts.

const FACTOR = 0x9e3779b97f4a7c15n;
const MASK = 0xffff_ffff_ffff_ffffn;

/** 32-bit hash of a text; never 0, which marks a free slot. */
export function textHash(bytes: Uint8Array): number {
  let hash = (BigInt(bytes.length) * FACTOR) & MASK;
  for (let at = 0; at < bytes.length; at += 8) {
    let word = 0n;
    for (let i = Math.min(7, bytes.length - at - 1); i >= 0; i--) {
      word = (word << 8n) | BigInt(bytes[at + i]!);
    }
    hash = ((hash ^ word) * FACTOR) & MASK;
    hash ^= hash >> 32n;
  }
  const folded = Number((hash ^ (hash >> 15n)) & 0xffff_ffffn);
  return folded === 0 ? 1 : folded;
}
