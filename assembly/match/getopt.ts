// getopt(args, "optstring")[c]: the value that the option `c` has in a list of arguments, the last one if it
// occurs more than once; an option without a value gives its own letter, one whose value is missing "".
// Long options are passed over; `--` and the first argument that is no option end the search.

import { takeScratch } from "../memory/scratch";
import { EMPTY, literal } from "../strings/literal";
import { view, viewAt, viewBytes } from "../strings/view";

const UNKNOWN = literal("?");

/** Whether `options` has the letter: 0 no, 1 yes, 2 with a value. */
function optionKind(options: u64, letter: u8): i32 {
  if (letter == 58) return 0;
  const at = viewAt(options), bytes = viewBytes(options);
  for (let i: usize = 0; i < bytes; i++) {
    if (load<u8>(at + i) == letter) return i + 1 < bytes && load<u8>(at + i + 1) == 58 ? 2 : 1;
  }
  return 0;
}

export function text_getopt(list: u64, options: u64, wanted: u64): u64 {
  if (list == 0 || options == 0 || viewBytes(wanted) != 1) return 0;
  const letter = load<u8>(viewAt(wanted));
  const items = viewAt(list) + 8, count = load<u32>(viewAt(list));
  let found: u64 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const item = load<u64>(items + (<usize>i << 3));
    const at = viewAt(item), bytes = viewBytes(item);
    if (bytes < 2 || load<u8>(at) != 45) break;
    if (load<u8>(at + 1) == 45) {
      if (bytes == 2) break;
      continue;
    }
    for (let k: usize = 1; k < bytes; k++) {
      const option = load<u8>(at + k);
      const kind = optionKind(options, option);
      if (kind == 1 && option == letter) found = view(at + k, 1);
      if (kind != 2) continue;
      let value = EMPTY;
      if (k + 1 < bytes) value = view(at + k + 1, bytes - k - 1);
      else if (i + 1 < count) {
        i++;
        value = load<u64>(items + (<usize>i << 3));
      }
      if (option == letter) found = value;
      break;
    }
  }
  return found;
}

/** Appends an element to a list; how many it has then. */
function put(list: usize, count: u32, value: u64): u32 {
  store<u64>(list + 8 + (<usize>count << 3), value);
  return count + 1;
}

/**
 * getopt(args, "optstring"): each option, followed by its value; `?` for an option that the string does not name, and ""
 * for one whose value is missing. A text is an option of its own: the list has at most one element for each byte.
 */
export function list_getopt(list: u64, options: u64): u64 {
  if (list == 0 || options == 0) return 0;
  const items = viewAt(list) + 8, count = load<u32>(viewAt(list));
  let most: usize = 1;
  for (let i: u32 = 0; i < count; i++) most += viewBytes(load<u64>(items + (<usize>i << 3))) + 1;
  const to = takeScratch(8 + (most << 3));
  if (to == 0) return 0;
  let found: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const item = load<u64>(items + (<usize>i << 3));
    const at = viewAt(item), bytes = viewBytes(item);
    if (bytes < 2 || load<u8>(at) != 45) break;
    if (load<u8>(at + 1) == 45) {
      if (bytes == 2) break;
      continue;
    }
    for (let k: usize = 1; k < bytes; k++) {
      const kind = optionKind(options, load<u8>(at + k));
      if (kind == 2) {
        const inside = k + 1 < bytes;
        if (!inside && i + 1 >= count) {
          found = put(to, found, EMPTY);
          break;
        }
        found = put(to, found, view(at + k, 1));
        if (!inside) i++;
        const value = inside ? view(at + k + 1, bytes - k - 1) : load<u64>(items + (<usize>i << 3));
        found = put(to, found, value);
        break;
      }
      found = put(to, found, kind == 1 ? view(at + k, 1) : UNKNOWN);
    }
  }
  store<u64>(to, <u64>found);
  return view(to, 8 + (<usize>found << 3));
}
