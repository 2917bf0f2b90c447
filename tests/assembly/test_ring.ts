// A ring in the matcher's memory, written to as the kernel does.

import assert from "node:assert/strict";
import type { StateMatcher } from "./event_stream.ts";

const PAGE = 4096;

/** A ring as the kernel keeps it, in ordinary memory: the second mapping of the data is a copy that is kept equal. */
export class TestRing {
  produced = 0;

  constructor(readonly owner: StateMatcher, readonly at: number, readonly dataBytes: number, cpu = 0) {
    assert.notEqual(owner.matcher.ring_add(at, dataBytes, cpu), -1);
  }

  get consumed(): number {
    return Number(this.owner.data.getBigUint64(this.at, true));
  }

  /** Writes a record; undefined when there is no room for it. */
  write(bytes: Uint8Array, flags = 0): number | undefined {
    const size = (8 + bytes.length + 7) & ~7;
    if (this.produced - this.consumed + size > this.dataBytes) return undefined;
    const position = this.produced;
    const record = new Uint8Array(size);
    new DataView(record.buffer).setUint32(0, (bytes.length | flags) >>> 0, true);
    record.set(bytes, 8);
    record.forEach((byte, i) => this.#store(position + i, byte));
    this.produced += size;
    this.publish();
    return position;
  }

  /** Clears the busy bit of the record at a position. */
  commit(position: number, flags = 0): void {
    const at = (position % this.dataBytes) + 3;
    this.#store(at, (this.owner.bytes[this.at + 2 * PAGE + at]! & 0x3f) | (flags >>> 24));
  }

  publish(): void {
    this.owner.data.setBigUint64(this.at + PAGE, BigInt(this.produced), true);
  }

  #store(position: number, byte: number): void {
    const offset = position % this.dataBytes;
    this.owner.bytes[this.at + 2 * PAGE + offset] = byte;
    this.owner.bytes[this.at + 2 * PAGE + this.dataBytes + offset] = byte;
  }
}
