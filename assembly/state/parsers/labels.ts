// Labels of a container out of the JSON of its record: an object of texts.
// In: the value that is next in the JSON. Out: the list as it is kept, sorted by key as Falco prints them.

import { compareBytes } from "../../memory/bytes";
import { takeScratch } from "../../memory/scratch";
import { begin, finish, putByte, putText } from "../../strings/writer";
import { enterObject, nextKey, readText } from "../../strings/json";
import { viewAt, viewBytes } from "../../strings/view";

/** Labels of one container beyond these are left out; they also bound what sorting costs. */
const MAX_LABELS: u32 = 512;
/** views of key and value */
const ENTRY: usize = 16;

let entries: usize = 0;
let labels: u32 = 0;

/** Keys in ascending order, each followed by its value, NUL after each; 0 when there are none. */
export function sortedLabels(): u64 {
  entries = takeScratch(<usize>MAX_LABELS * ENTRY);
  labels = 0;
  if (!enterObject()) return 0;
  for (let key = nextKey(); key != 0; key = nextKey()) {
    const value = readText();
    if (entries != 0 && value != 0) insert(key, value);
  }
  if (labels == 0) return 0;
  begin();
  for (let i: u32 = 0; i < labels * 2; i++) {
    putText(load<u64>(entries + (<usize>i << 3)));
    putByte(0);
  }
  return finish();
}

/** Of two labels with the same key the later one counts. */
function insert(key: u64, value: u64): void {
  let at = labels;
  let order: i32 = -1;
  while (at > 0) {
    const other = load<u64>(entries + <usize>(at - 1) * ENTRY);
    order = compareBytes(viewAt(other), viewBytes(other), viewAt(key), viewBytes(key));
    if (order <= 0) break;
    at--;
  }
  if (at > 0 && order == 0) {
    store<u64>(entries + <usize>(at - 1) * ENTRY, value, 8);
    return;
  }
  if (labels == MAX_LABELS) return;
  const place = entries + <usize>at * ENTRY;
  memory.copy(place + ENTRY, place, <usize>(labels - at) * ENTRY);
  store<u64>(place, key);
  store<u64>(place, value, 8);
  labels++;
}
