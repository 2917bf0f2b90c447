// How much an engine may say. In: as whom it speaks. Out: bounds. An engine of root's describes a whole host, one of a
// user's a few containers; whoever exceeds them is given up for a while, and asked again after growing pauses.

export interface EngineLimits {
  readonly answer: JsonLimits;
  /** one event of a stream */
  readonly lineBytes: number;
  /** all that a stream may bring at once, and then in a second; each piece costs at least `PIECE_BYTES` */
  readonly streamBytes: number;
  readonly streamBytesASecond: number;
  /** containers that a list may name */
  readonly listItems: number;
}

export interface JsonLimits {
  readonly bytes: number;
  /** values in it: each takes some fifty bytes when it is read */
  readonly values: number;
  readonly depth: number;
}

export const PIECE_BYTES = 256;

export const ROOT_LIMITS: EngineLimits = {
  answer: { bytes: 16 << 20, values: 1_000_000, depth: 64 },
  lineBytes: 1 << 20,
  streamBytes: 16 << 20,
  streamBytesASecond: 1 << 20,
  listItems: 16_384,
};

export const USER_LIMITS: EngineLimits = {
  answer: { bytes: 2 << 20, values: 100_000, depth: 64 },
  lineBytes: 64 << 10,
  streamBytes: 1 << 20,
  streamBytesASecond: 32 << 10,
  listItems: 1000,
};

export function limitsFor(uid: number): EngineLimits {
  return uid === 0 ? ROOT_LIMITS : USER_LIMITS;
}

/** Counts what a stream brings. */
export class StreamBudget {
  readonly #limits: Pick<EngineLimits, "streamBytes" | "streamBytesASecond">;
  #left: number;
  #atMs = performance.now();

  constructor(limits: Pick<EngineLimits, "streamBytes" | "streamBytesASecond">) {
    this.#limits = limits;
    this.#left = limits.streamBytes;
  }

  /** @throws when it is too much */
  take(bytes: number): void {
    const nowMs = performance.now();
    const { streamBytes, streamBytesASecond } = this.#limits;
    this.#left = Math.min(streamBytes, this.#left + (nowMs - this.#atMs) / 1000 * streamBytesASecond);
    this.#atMs = nowMs;
    this.#left -= Math.max(bytes, PIECE_BYTES);
    if (this.#left < 0) throw new Error("it sends more than is read");
  }
}
