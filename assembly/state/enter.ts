// Enter events that are kept until their exit event: what the program passed before another thread could
// change it (open*, connect), and what execve exits of old captures do not have.
// In: the current event, an enter event. Out: texts and numbers of the stored one. One per thread.

import { event, hasLargeLengths } from "../event";
import { EVENT_HEADER_BYTES } from "../generated/layout";
import { allocate, free } from "../memory/heap";
import { view } from "../strings/view";
import { textAt } from "./params";
import { Thread } from "./thread";

/** Longer events are not kept. */
const MAX_STORED: usize = 64 << 10;

/** Keeps the current event on its thread. */
export function storeEnterEvent(thread: Thread): void {
  dropEnterEvent(thread);
  if (event.bytes > MAX_STORED) return;
  const copy = allocate(event.bytes);
  if (copy == 0) return;
  memory.copy(copy, event.at, event.bytes);
  thread.enterEvent = <u32>copy;
}

export function dropEnterEvent(thread: Thread): void {
  if (thread.enterEvent == 0) return;
  free(thread.enterEvent);
  thread.enterEvent = 0;
}

/** Type of the stored event if it belongs to the current exit event; 0 = there is none. */
export function matchingEnterType(thread: Thread): u32 {
  if (thread.enterEvent == 0 || thread.enterMatches == 0) return 0;
  return load<u16>(<usize>thread.enterEvent, 20);
}

/** Bytes of parameter `i` of the stored event; its lengths were checked when it was the current event. */
export function enterParam(thread: Thread, i: u32): u64 {
  const at: usize = thread.enterEvent;
  const params = load<u32>(at, 22);
  if (i >= params) return 0;
  const large = hasLargeLengths(load<u16>(at, 20));
  const lengths = at + EVENT_HEADER_BYTES;
  let value = lengths + params * (large ? 4 : 2);
  for (let j: u32 = 0; j < i; j++) value += lengthOfParam(lengths, j, large);
  return view(value, lengthOfParam(lengths, i, large));
}

// @ts-ignore: decorator
@inline
function lengthOfParam(lengths: usize, i: u32, large: bool): usize {
  return large ? load<u32>(lengths + (<usize>i << 2)) : <usize>load<u16>(lengths + (<usize>i << 1));
}

/** Text parameter `i` of the stored event, "<NA>" when it is empty. */
export function enterText(thread: Thread, i: u32): u64 {
  const v = enterParam(thread, i);
  return textAt(<usize>(<u32>v), <usize>(v >> 32));
}

/** Number `i` of the stored event; 0 when it is missing. */
export function enterNumber<T>(thread: Thread, i: u32): T {
  const v = enterParam(thread, i);
  return <usize>(v >> 32) < sizeof<T>() ? 0 : load<T>(<usize>(<u32>v));
}
