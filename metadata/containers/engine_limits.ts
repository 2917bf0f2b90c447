// How much an engine may say. In: as whom it speaks. Out: bounds. An engine of root's describes a whole host, one of a
// user's a few containers; anyone who exceeds them is given up for a while, and asked again after growing pauses.

import { ANSWER_LIMITS, type JsonLimits } from "../../base/mod.ts";
export interface EngineLimits {
  readonly answer: JsonLimits;
  /** one event of a stream */
  readonly lineBytes: number;
  /** all that a stream may bring at once, and then in a second; each chunk costs at least `MIN_CHUNK_BYTES` */
  readonly streamBytes: number;
  readonly streamBytesASecond: number;
  /** containers that a list may name */
  readonly listItems: number;
}

export const ROOT_LIMITS: EngineLimits = {
  answer: ANSWER_LIMITS,
  lineBytes: 1 << 20,
  streamBytes: 16 << 20,
  streamBytesASecond: 1 << 20,
  listItems: 16_384,
};

const USER_LIMITS: EngineLimits = {
  answer: { bytes: 2 << 20, values: 100_000, depth: 64 },
  lineBytes: 64 << 10,
  streamBytes: 1 << 20,
  streamBytesASecond: 32 << 10,
  listItems: 1000,
};

export function limitsFor(uid: number): EngineLimits {
  return uid === 0 ? ROOT_LIMITS : USER_LIMITS;
}
