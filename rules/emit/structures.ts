// Writes the tables that the matcher's primitives search: text sets, number sets, path lists, network lists.
// The layouts are in assembly/README.md; offsets are relative to the structure's own start.

import type { Structure } from "../lower/ir.ts";
import { compileRegex } from "../regex/compile.ts";
import { ByteWriter } from "../wasm/bytes.ts";
import { textHash } from "./hash.ts";

const SET_HEADER_BYTES = 24;
const SLOT_BYTES = 16;
/** bit of a text set's lengthBits that stands for this length and all above */
const LONG = 63;

/** One bit for each length that an item has. */
export function lengthBits(items: readonly Uint8Array[]): bigint {
  let bits = 0n;
  for (const item of items) bits |= 1n << BigInt(Math.min(item.length, LONG));
  return bits;
}

export function structureBytes(structure: Structure): Uint8Array {
  switch (structure.kind) {
    case "texts":
      return textSet(structure.items);
    case "numbers":
      return numberSet(structure.items);
    case "paths":
      return pathList(structure.items);
    case "nets":
      return netList(structure.items);
    case "dfa":
      return dfaTable(structure.pattern);
  }
}

/** Open addressing, at most half full. Items must be distinct. */
function textSet(items: readonly Uint8Array[]): Uint8Array {
  let slots = 2;
  while (slots < 2 * items.length) slots *= 2;
  const mask = slots - 1;
  const table = new Array<{ hash: number; item: Uint8Array; offset: number } | undefined>(slots).fill(
    undefined,
  );
  let offset = SET_HEADER_BYTES + slots * SLOT_BYTES;
  for (const item of items) {
    const hash = textHash(item);
    let slot = hash & mask;
    while (table[slot] !== undefined) slot = (slot + 1) & mask;
    table[slot] = { hash, item, offset };
    offset += item.length;
  }
  let shortest = Infinity, longest = 0;
  for (const { length } of items) {
    shortest = Math.min(shortest, length);
    longest = Math.max(longest, length);
  }
  const out = new ByteWriter();
  out.u32(items.length);
  out.u32(mask);
  out.u32(shortest);
  out.u32(longest);
  out.u64(lengthBits(items));
  for (const entry of table) {
    out.u32(entry?.hash ?? 0);
    out.u32(entry?.item.length ?? 0);
    out.u32(entry?.offset ?? 0);
    out.u32(0);
  }
  for (const item of items) out.bytes(item);
  return out.take();
}

function numberSet(items: readonly bigint[]): Uint8Array {
  const out = new ByteWriter();
  out.u32(items.length);
  out.u32(0);
  for (const item of [...items].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))) out.u64(item);
  return out.take();
}

function pathList(items: readonly Uint8Array[]): Uint8Array {
  const out = new ByteWriter();
  out.u32(items.length);
  out.u32(0);
  let offset = 8 + 8 * items.length;
  for (const item of items) {
    out.u32(offset);
    out.u32(item.length);
    offset += item.length;
  }
  for (const item of items) out.bytes(item);
  return out.take();
}

function netList(items: readonly { bytes: Uint8Array; prefixBits: number }[]): Uint8Array {
  const out = new ByteWriter();
  out.u32(items.length);
  out.u32(0);
  for (const { bytes, prefixBits } of items) {
    out.u32(bytes.length);
    out.u32(prefixBits);
    out.bytes(bytes);
    out.bytes(new Uint8Array(16 - bytes.length));
  }
  return out.take();
}

function dfaTable(pattern: string): Uint8Array {
  const compiled = compileRegex(pattern);
  if (typeof compiled === "string") {
    throw new Error(
      `Cannot compile the regular expression ${JSON.stringify(pattern)}: ${compiled}. ` +
        "It should have been refused when the rule was checked.",
    );
  }
  return compiled.table;
}
