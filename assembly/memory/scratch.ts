// Scratch memory: texts that live as long as one event (resolved paths, rendered values). A pointer that only
// moves up, set back when the next event begins. What does not fit is cut or missing, and counted.

import { count } from "./counters";
import { COUNT_SCRATCH_OVERFLOWS, SCRATCH_AT, SCRATCH_BYTES } from "../generated/layout";

/** Room for longer writes than any bound check allows, so that a text may be copied in words. */
const SLACK: usize = 64;
const END: usize = SCRATCH_AT + SCRATCH_BYTES - SLACK;

let next: usize = SCRATCH_AT;

// @ts-ignore: decorator
@inline
export function resetScratch(): void {
  next = SCRATCH_AT;
}

/** `bytes` bytes, aligned to 8; 0 when they do not fit. */
export function takeScratch(bytes: usize): usize {
  if (bytes > END - next) {
    count(COUNT_SCRATCH_OVERFLOWS);
    return 0;
  }
  const at = next;
  next = min<usize>((next + bytes + 7) & ~7, END);
  return at;
}

/** Where the next text begins, for writers that do not know their length: write up to `scratchEnd`, then commit. */
// @ts-ignore: decorator
@inline
export function scratchAt(): usize {
  return next;
}

/** First byte that may not be written. */
// @ts-ignore: decorator
@inline
export function scratchEnd(): usize {
  return END;
}

/** Keeps what was written from `scratchAt()` up to `end`. */
// @ts-ignore: decorator
@inline
export function commitScratch(end: usize): void {
  next = min<usize>((end + 7) & ~7, END);
}

/** A text was cut because the scratch region is full. */
export function countScratchOverflow(): void {
  count(COUNT_SCRATCH_OVERFLOWS);
}
