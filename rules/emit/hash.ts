// The hash of text sets, as assembly/README.md defines it; the matcher has the same in assembly/strings/hash.ts.
// 64-bit arithmetic in two halves: thousands of items are hashed at start, and BigInt takes ten times as long.

const FACTOR_HIGH = 0x9e3779b9;
const FACTOR_LOW = 0x7f4a7c15;
const FACTOR_LOW_0 = FACTOR_LOW & 0xffff;
const FACTOR_LOW_1 = FACTOR_LOW >>> 16;

/** 32-bit hash of a text; never 0, which marks a free slot. */
export function textHash(bytes: Uint8Array): number {
  let high = 0;
  let low = 0;
  const multiply = (): void => {
    // schoolbook multiplication of the low halves by 16 bits; all sums stay below 2^53
    const low0 = low & 0xffff, low1 = low >>> 16;
    const product = low0 * FACTOR_LOW_0;
    const middle = low1 * FACTOR_LOW_0 + low0 * FACTOR_LOW_1 + (product >>> 16);
    const carry = low1 * FACTOR_LOW_1 + Math.floor(middle / 0x10000);
    high = (carry + Math.imul(high, FACTOR_LOW) + Math.imul(low, FACTOR_HIGH)) | 0;
    low = ((middle & 0xffff) << 16) | (product & 0xffff);
  };

  low = bytes.length;
  multiply();
  for (let at = 0; at < bytes.length; at += 8) {
    low ^= word(bytes, at);
    high ^= word(bytes, at + 4);
    multiply();
    low ^= high;
  }
  // the lowest 32 bits of h ^ (h >> 15)
  const folded = (low ^ ((low >>> 15) | (high << 17))) >>> 0;
  return folded === 0 ? 1 : folded;
}

/** Four bytes, little endian, zeros after the end. */
function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24);
}
