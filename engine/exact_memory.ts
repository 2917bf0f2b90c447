// The size of its memory, told to a module before it is compiled: the matcher's memory never grows, and code that knows so
// does not read the size again at each access.
// In: a module that imports one memory, and how many pages that has. Out: the same module, importing exactly so much.
// Elsewhere: how large the memory is (memory_plan.ts).

import { concatenate } from "../base/mod.ts";

const HEADER_BYTES = 8;
const IMPORT_SECTION = 2;
const [FUNCTION, TABLE, MEMORY, GLOBAL] = [0, 1, 2, 3];
const HAS_MAXIMUM = 1;

/** The module unchanged when it imports no memory. */
export function withMemoryPages(wasm: Uint8Array<ArrayBuffer>, pages: number): Uint8Array<ArrayBuffer> {
  const reader = new Reader(wasm, HEADER_BYTES);
  while (!reader.isAtEnd) {
    const sectionAt = reader.at;
    const id = reader.byte();
    const bytes = reader.number();
    const contentAt = reader.at;
    if (id === IMPORT_SECTION) {
      const limits = findMemoryLimits(reader);
      if (limits === undefined) return wasm;
      const size = encoded(pages);
      const content = concatenate([
        wasm.subarray(contentAt, limits.from),
        Uint8Array.of(...size, ...size),
        wasm.subarray(limits.to, contentAt + bytes),
      ]);
      return concatenate([
        wasm.subarray(0, sectionAt),
        Uint8Array.of(IMPORT_SECTION, ...encoded(content.length)),
        content,
        wasm.subarray(contentAt + bytes),
      ]);
    }
    reader.at = contentAt + bytes;
  }
  return wasm;
}

/** Where the two sizes of the imported memory are. */
function findMemoryLimits(reader: Reader): { from: number; to: number } | undefined {
  for (let left = reader.number(); left > 0; left--) {
    reader.skipName();
    reader.skipName();
    const kind = reader.byte();
    if (kind === MEMORY) {
      if ((reader.byte() & HAS_MAXIMUM) === 0) return undefined;
      const from = reader.at;
      reader.number();
      reader.number();
      return { from, to: reader.at };
    }
    if (kind === FUNCTION) reader.number();
    else if (kind === TABLE) {
      reader.byte();
      const hasMaximum = (reader.byte() & HAS_MAXIMUM) !== 0;
      reader.number();
      if (hasMaximum) reader.number();
    } else if (kind === GLOBAL) reader.at += 2;
    else return undefined;
  }
  return undefined;
}

class Reader {
  constructor(readonly bytes: Uint8Array, public at: number) {}

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  byte(): number {
    return this.bytes[this.at++] ?? 0;
  }

  /** unsigned LEB128 */
  number(): number {
    let value = 0, shift = 0, byte: number;
    do {
      byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      shift += 7;
    } while (byte >= 0x80);
    return value;
  }

  skipName(): void {
    const bytes = this.number();
    this.at += bytes;
  }
}

/** unsigned LEB128 */
function encoded(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push(value % 0x80 | 0x80);
  return [...bytes, value];
}
