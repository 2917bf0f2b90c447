// Reading fields one after the other from a run of bytes that may be damaged: a read beyond the end gives zero
// and marks the reader as failed. There is one reader at a time.

import { view } from "../strings/view";

let at: usize = 0;
let end: usize = 0;
let failed: bool = false;

export function startReading(from: usize, bytes: usize): void {
  at = from;
  end = from + bytes;
  failed = false;
}

// @ts-ignore: decorator
@inline
export function readPosition(): usize {
  return at;
}

// @ts-ignore: decorator
@inline
export function bytesLeft(): usize {
  return end - at;
}

/** Whether a read went beyond the end. */
// @ts-ignore: decorator
@inline
export function hasFailed(): bool {
  return failed;
}

// @ts-ignore: decorator
@inline
export function readNumber<T>(): T {
  if (end - at < sizeof<T>()) {
    failed = true;
    at = end;
    return 0;
  }
  const value = load<T>(at);
  at += sizeof<T>();
  return value;
}

/** `bytes` bytes as they are. */
export function readBytes(bytes: usize): u64 {
  if (end - at < bytes) {
    failed = true;
    at = end;
    return 0;
  }
  const from = at;
  at += bytes;
  return view(from, bytes);
}

/** A text: u16 length, then the bytes; longer ones than `most` are damage. */
export function readText(most: u32): u64 {
  const bytes: u32 = readNumber<u16>();
  if (bytes > most) {
    failed = true;
    at = end;
    return 0;
  }
  return readBytes(bytes);
}

/** Continues at `to`, which is within the run. */
export function skipTo(to: usize): void {
  if (to > end) failed = true;
  at = min(to, end);
}
