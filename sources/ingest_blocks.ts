// Feeds `.scap` bytes to the matcher through the INGEST region, chunk by chunk.
// In: chunks of any length. Out: calls of `ingest`, which consumes whole blocks; what is left of a block waits in the
// region for the next chunk. Elsewhere: where the bytes come from (replay/, live/seed.ts).

import { REGION } from "../schema/mod.ts";
import type { MatcherPort } from "./matcher_port.ts";

/** So many bytes come in one go: they are walked while they are in the processor's cache. */
const FILL_BYTES = 1 << 20;

/** Bytes that the matcher could not take. `offset` counts from the first byte fed. */
export class IngestError extends Error {
  override readonly name = "IngestError";
  readonly offset: number;

  constructor(offset: number, reason: string) {
    super(reason);
    this.offset = offset;
  }
}

export class BlockFeeder {
  readonly #ingest: (at: number, bytes: number) => number;
  readonly #region: Uint8Array;
  #used = 0;
  /** offset of the first byte in the region */
  #offset = 0;

  /** @param ingest how the matcher takes them */
  constructor(matcher: MatcherPort, ingest = (at: number, bytes: number) => matcher.ingest(at, bytes)) {
    this.#ingest = ingest;
    this.#region = new Uint8Array(matcher.memory.buffer, REGION.INGEST.at, REGION.INGEST.bytes);
  }

  /** Bytes fed that belong to a block whose end has not come yet. */
  get pendingBytes(): number {
    return this.#used;
  }

  /** Offset of the first of them. */
  get pendingOffset(): number {
    return this.#offset;
  }

  /** @throws IngestError */
  feed(chunk: Uint8Array): void {
    let taken = 0;
    while (taken < chunk.length) {
      const part = chunk.subarray(taken, taken + this.#room());
      this.#region.set(part, this.#used);
      this.#used += part.length;
      taken += part.length;
      this.#consume();
    }
  }

  /** Has `read` put bytes where the matcher walks them; gives how many, 0 at the end. @throws IngestError */
  fill(read: (into: Uint8Array) => number): number {
    const bytes = read(this.#region.subarray(this.#used, this.#used + Math.min(this.#room(), FILL_BYTES)));
    this.#used += bytes;
    this.#consume();
    return bytes;
  }

  #room(): number {
    const room = this.#region.length - this.#used;
    if (room > 0) return room;
    throw new IngestError(this.#offset, `a block is larger than ${this.#region.length >> 20} MiB`);
  }

  /** The length is the one damage that a user can make out: the rest of a trace cannot be found without it. */
  #damage(at: number): string {
    let block = 0;
    for (let length = this.#u32(4); block + length <= at && length > 0; length = this.#u32(block + 4)) {
      block += length;
    }
    if (block < at) return `the block that begins at byte ${this.#offset + block} is damaged`;
    const length = this.#u32(at + 4);
    const limit = this.#region.length;
    if (length <= limit) return "the block is damaged";
    return `a block claims a length of ${length} bytes, more than the ${limit >> 20} MiB that are supported`;
  }

  /** 0 after what has been fed. */
  #u32(at: number): number {
    if (at + 4 > this.#used) return 0;
    return new DataView(this.#region.buffer, this.#region.byteOffset + at, 4).getUint32(0, true);
  }

  #consume(): void {
    const consumed = this.#ingest(REGION.INGEST.at, this.#used);
    if (consumed < 0) throw new IngestError(this.#offset - consumed - 1, this.#damage(-consumed - 1));
    this.#region.copyWithin(0, consumed, this.#used);
    this.#offset += consumed;
    this.#used -= consumed;
  }
}
