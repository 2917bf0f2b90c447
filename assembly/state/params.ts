// Parameters of the current event as the state needs them: texts without their NUL, Falco's "<NA>" for those
// that are empty, the lists of texts as they are kept on threads.

import { hasParam, paramAddress, paramLength } from "../event";
import { lengthToNul } from "../memory/bytes";
import { view } from "../strings/view";

// @ts-ignore: decorator
@inline const NA_WORD: u32 = 0x3e414e3c;
const NA: usize = memory.data<u8>([60, 78, 65, 62]);

/** `(NULL)`, which old drivers wrote, without its last two bytes */
// @ts-ignore: decorator
@inline const NULL_WORD: u32 = 0x4c554e28;

/** The text that replaces a missing one. */
// @ts-ignore: decorator
@inline
export function notAvailable(): u64 {
  return view(NA, 4);
}

// @ts-ignore: decorator
@inline
export function isNotAvailable(v: u64): bool {
  return (v >> 32) == 4 && load<u32>(<usize>(<u32>v)) == NA_WORD;
}

// @ts-ignore: decorator
@inline
export function isNullText(at: usize, bytes: usize): bool {
  return bytes == 7 && load<u32>(at) == NULL_WORD && load<u16>(at, 4) == 0x294c;
}

/** A text of `bytes` bytes with its NUL, as it lies in an event. */
export function textAt(at: usize, bytes: usize): u64 {
  if (bytes == 0 || isNullText(at, bytes)) return notAvailable();
  return view(at, lengthToNul(at, bytes));
}

/** Text parameter `i`. */
export function paramText(i: u32): u64 {
  return hasParam(i) ? textAt(paramAddress(i), paramLength(i)) : notAvailable();
}

/** Parameter `i` as a list of texts: its bytes without a NUL at the end; empty when it is. */
export function paramList(i: u32): u64 {
  const bytes: usize = paramLength(i);
  if (bytes == 0) return 0;
  const at = paramAddress(i);
  return view(at, load<u8>(at + bytes - 1) == 0 ? bytes - 1 : bytes);
}
