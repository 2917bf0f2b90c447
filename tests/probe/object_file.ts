// What the compiled probe says about itself: sections, functions and structs with their real offsets.
// In: the bytes of a 64-bit little-endian ELF object. Out: its section names, its functions, its structs, from the
// type information (BTF) that clang wrote into it. Only as much of BTF as these tests need.

import assert from "node:assert/strict";

export interface StructMember {
  readonly name: string;
  readonly at: number;
}

export interface StructShape {
  readonly bytes: number;
  readonly members: readonly StructMember[];
}

export interface ObjectFile {
  readonly sections: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
  readonly structs: ReadonlyMap<string, StructShape>;
}

const KIND_STRUCT = 4;
const KIND_FUNC = 12;

/** Bytes after the 12 of a type's own, by kind; those not listed have none or depend on the number of members. */
const EXTRA_BYTES: Readonly<Record<number, number>> = { 1: 4, 3: 12, 14: 4, 17: 4 };
const BYTES_PER_MEMBER: Readonly<Record<number, number>> = { 4: 12, 5: 12, 6: 8, 13: 8, 15: 12, 19: 12 };

export function readObjectFile(bytes: Uint8Array<ArrayBuffer>): ObjectFile {
  const sections = readSections(bytes);
  const btf = sections.get(".BTF");
  assert.ok(btf, "the object has type information: it was compiled with -g");
  return { sections: new Set(sections.keys()), ...readTypes(btf) };
}

function readSections(bytes: Uint8Array<ArrayBuffer>): Map<string, DataView> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headersAt = Number(view.getBigUint64(0x28, true));
  const headerBytes = view.getUint16(0x3a, true);
  const section = (index: number) => {
    const at = headersAt + index * headerBytes;
    const from = Number(view.getBigUint64(at + 0x18, true));
    const size = Number(view.getBigUint64(at + 0x20, true));
    return {
      nameAt: view.getUint32(at, true),
      data: new DataView(bytes.buffer, bytes.byteOffset + from, size),
    };
  };
  const names = section(view.getUint16(0x3e, true)).data;
  const sections = new Map<string, DataView>();
  for (let i = 1; i < view.getUint16(0x3c, true); i++) {
    const { nameAt, data } = section(i);
    sections.set(text(names, nameAt), data);
  }
  return sections;
}

function readTypes(btf: DataView): Pick<ObjectFile, "functions" | "structs"> {
  assert.equal(btf.getUint16(0, true), 0xeb9f, "BTF magic");
  const headerBytes = btf.getUint32(4, true);
  const typesAt = headerBytes + btf.getUint32(8, true);
  const typesEnd = typesAt + btf.getUint32(12, true);
  const namesAt = headerBytes + btf.getUint32(16, true);
  const functions = new Set<string>();
  const structs = new Map<string, StructShape>();
  let at = typesAt;
  while (at < typesEnd) {
    const name = text(btf, namesAt + btf.getUint32(at, true));
    const info = btf.getUint32(at + 4, true);
    const kind = info >>> 24 & 31;
    const count = info & 0xffff;
    if (kind === KIND_FUNC) functions.add(name);
    if (kind === KIND_STRUCT) {
      const members: StructMember[] = [];
      for (let i = 0; i < count; i++) {
        const member = at + 12 + 12 * i;
        const bits = btf.getUint32(member + 8, true) & 0xffffff;
        members.push({ name: text(btf, namesAt + btf.getUint32(member, true)), at: bits / 8 });
      }
      structs.set(name, { bytes: btf.getUint32(at + 8, true), members });
    }
    at += 12 + (EXTRA_BYTES[kind] ?? 0) + count * (BYTES_PER_MEMBER[kind] ?? 0);
  }
  return { functions, structs };
}

function text(view: DataView, at: number): string {
  let end = at;
  while (view.getUint8(end) !== 0) end++;
  return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at, end - at));
}
