// Records about names of hosts: events named `hostname`, which falco itself makes.
// In: {"name": "example.org", "addresses": ["5db8d822", …]}, addresses in hexadecimal digits. Out: the list of names.

import { str_eq } from "../../match/compare";
import { takeScratch } from "../../memory/scratch";
import { literal } from "../../strings/literal";
import { begin, finish, putByte } from "../../strings/writer";
import { internView } from "../../strings/intern";
import {
  enterArray,
  enterObject,
  jsonFailed,
  nextElement,
  nextKey,
  readText,
  skipValue,
  startJson,
} from "../../strings/json";
import { viewAt, viewBytes } from "../../strings/view";
import { putHostName } from "../host_names";

const K_NAME = literal("name");
const K_ADDRESSES = literal("addresses");
/** Addresses of one name beyond these are left out. */
const MAX_ADDRESSES: u32 = 64;

export function parseHostNameRecord(json: u64): void {
  let name: u64 = 0, count: u32 = 0;
  const texts = takeScratch(<usize>MAX_ADDRESSES << 3);
  startJson(json);
  if (texts == 0 || !enterObject()) return;
  for (let key = nextKey(); key != 0; key = nextKey()) {
    if (str_eq(key, K_NAME) != 0) name = readText();
    else if (str_eq(key, K_ADDRESSES) == 0) skipValue();
    else if (enterArray()) {
      while (nextElement()) {
        const text = readText();
        const digits = viewBytes(text);
        if ((digits != 8 && digits != 32) || count == MAX_ADDRESSES) continue;
        store<u64>(texts + (<usize>count << 3), text);
        count++;
      }
    }
  }
  if (jsonFailed() || viewBytes(name) == 0) return;
  begin();
  for (let i: u32 = 0; i < count; i++) {
    const text = load<u64>(texts + (<usize>i << 3));
    putByte(<u8>(viewBytes(text) >> 1));
    for (let at: usize = 0; at < viewBytes(text); at += 2) {
      putByte((digitOf(load<u8>(viewAt(text) + at)) << 4) | digitOf(load<u8>(viewAt(text) + at + 1)));
    }
  }
  putHostName(internView(name), internView(finish()));
}

function digitOf(c: u8): u8 {
  return c <= 57 ? c & 15 : ((c | 32) - 87) & 15;
}
