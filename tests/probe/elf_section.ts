// Where a section lies in an object file of 64 bits, for tests that change what is in it.

import assert from "node:assert/strict";

const HEADERS_AT = 0x28;
const HEADER_BYTES_AT = 0x3a;
const COUNT_AT = 0x3c;
const NAMES_AT = 0x3e;

export function sectionOf(elf: Uint8Array<ArrayBuffer>, name: string): { at: number; bytes: number } {
  const view = new DataView(elf.buffer);
  const headers = Number(view.getBigUint64(HEADERS_AT, true));
  const headerBytes = view.getUint16(HEADER_BYTES_AT, true);
  const place = (index: number) => {
    const header = headers + index * headerBytes;
    return {
      name: view.getUint32(header, true),
      at: Number(view.getBigUint64(header + 0x18, true)),
      bytes: Number(view.getBigUint64(header + 0x20, true)),
    };
  };
  const names = place(view.getUint16(NAMES_AT, true)).at;
  for (let index = 0; index < view.getUint16(COUNT_AT, true); index++) {
    const section = place(index);
    const start = names + section.name;
    if (new TextDecoder().decode(elf.subarray(start, elf.indexOf(0, start))) === name) return section;
  }
  assert.fail(`no section ${name}`);
}
