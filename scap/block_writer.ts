// Bytes of `.scap` blocks: little-endian numbers, length-prefixed strings, framing.
// In: calls in the order of the fields. Out: `take()`, the blocks written so far.
// Elsewhere: which fields a list has (process_list.ts, fd_list.ts, user_list.ts, interface_list.ts, section.ts).

import { BLOCK_HEADER_BYTES, BLOCK_TRAILER_BYTES } from "./blocks.ts";

const encoder = new TextEncoder();
const MAX_STRING_BYTES = 0xffff;

export class BlockWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #used = 0;
  #blockAt = -1;

  constructor(initialBytes = 1 << 20) {
    this.#bytes = new Uint8Array(initialBytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#used;
  }

  /** What was written, as a copy; the writer is empty afterwards. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = this.#bytes.slice(0, this.#used);
    this.#used = 0;
    return bytes;
  }

  beginBlock(type: number): void {
    this.#blockAt = this.#used;
    this.u32(type);
    this.u32(0);
  }

  /** Bytes of the body of the open block. */
  get bodyBytes(): number {
    return this.#used - this.#blockAt - BLOCK_HEADER_BYTES;
  }

  endBlock(): void {
    while ((this.#used - this.#blockAt) % 4 !== 0) this.u8(0);
    const total = this.#used - this.#blockAt + BLOCK_TRAILER_BYTES;
    this.#view.setUint32(this.#blockAt + 4, total, true);
    this.u32(total);
    this.#blockAt = -1;
  }

  /** Room for the length of an entry; `endEntry` fills it in. */
  beginEntry(): number {
    const at = this.#used;
    this.u32(0);
    return at;
  }

  /** @param includesItself whether the length counts its own four bytes: interface lists differ from the others */
  endEntry(at: number, includesItself = true): void {
    this.#view.setUint32(at, this.#used - at - (includesItself ? 0 : 4), true);
  }

  u8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#used] = value;
    this.#used += 1;
  }

  u16(value: number): void {
    this.#reserve(2);
    this.#view.setUint16(this.#used, value, true);
    this.#used += 2;
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#used, value, true);
    this.#used += 4;
  }

  /** Signed or unsigned: the bytes are the same. */
  u64(value: number | bigint): void {
    this.#reserve(8);
    this.#view.setBigUint64(this.#used, BigInt.asUintN(64, BigInt(value)), true);
    this.#used += 8;
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** u16 length and the bytes, cut at `maxBytes`. */
  string(value: Uint8Array | string, maxBytes: number = MAX_STRING_BYTES): void {
    const bytes = typeof value === "string" ? encoder.encode(value) : value;
    const kept = bytes.length > maxBytes ? bytes.subarray(0, maxBytes) : bytes;
    this.u16(kept.length);
    this.raw(kept);
  }

  #reserve(bytes: number): void {
    const needed = this.#used + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
