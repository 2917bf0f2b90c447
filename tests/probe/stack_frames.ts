// How much of the stack each function of the compiled probe takes, and which functions it calls.
// In: the bytes of a 64-bit little-endian ELF object with eBPF code. Out: functions by their place.
//
// As the verifier counts: the lowest byte below r10 that is read, written or pointed to. Only as much of ELF as this needs.

export interface BpfFunction {
  readonly name: string;
  readonly section: string;
  readonly stackBytes: number;
  /** places of those that it calls */
  readonly calls: ReadonlySet<string>;
}

const SYMBOLS = 2;
const RELOCATIONS = 9;
const FUNCTION = 2;
const FRAME = 10;
const CALL = 0x85;
const PSEUDO_CALL = 1;
const MOVE = 0xbf;
const ADD_CONSTANT = 0x07;
/** Of an instruction, by its lowest three bits. */
const LOAD = 1;
const STORES = [2, 3];
const WRITES_A_REGISTER = [0, LOAD, 4, 7];
const INSTRUCTION_BYTES = 8;

export function functionsOf(bytes: Uint8Array<ArrayBuffer>): ReadonlyMap<string, BpfFunction> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const number = (at: number) => Number(view.getBigUint64(at, true));
  const headers = Array.from({ length: view.getUint16(0x3c, true) }, (_, index) => {
    const at = number(0x28) + index * view.getUint16(0x3a, true);
    const [type, link, target] = [4, 0x28, 0x2c].map((offset) => view.getUint32(at + offset, true));
    return {
      nameAt: view.getUint32(at, true),
      type,
      from: number(at + 0x18),
      size: number(at + 0x20),
      link,
      target,
    };
  });
  const text = (table: number, at: number) => {
    const from = headers[table]!.from + at;
    return new TextDecoder().decode(bytes.subarray(from, bytes.indexOf(0, from)));
  };
  const nameOf = (section: number) => text(view.getUint16(0x3e, true), headers[section]?.nameAt ?? 0);
  const table = headers.find(({ type }) => type === SYMBOLS)!;
  const symbols = Array.from({ length: table.size / 24 }, (_, index) => {
    const at = table.from + 24 * index;
    return {
      name: text(table.link!, view.getUint32(at, true)),
      isFunction: (view.getUint8(at + 4) & 15) === FUNCTION,
      section: view.getUint16(at + 6, true),
      value: number(at + 8),
      size: number(at + 16),
    };
  });
  const relocated = new Map<string, (typeof symbols)[number]>();
  for (const { type, target, from, size } of headers) {
    for (let at = from; type === RELOCATIONS && at < from + size; at += 16) {
      relocated.set(`${target} ${number(at)}`, symbols[view.getUint32(at + 12, true)]!);
    }
  }
  const found = symbols.filter(({ isFunction }) => isFunction).map(({ name, section, value, size }) => {
    const code = new DataView(bytes.buffer, bytes.byteOffset + headers[section]!.from + value, size);
    const { stackBytes, calls } = readCode(code, (at, imm) => {
      const symbol = relocated.get(`${section} ${value + at}`);
      const base = symbol === undefined ? { section, value: value + at } : symbol;
      return `${base.section} ${base.value + (imm + 1) * INSTRUCTION_BYTES}`;
    });
    return [`${section} ${value}`, { name, section: nameOf(section), stackBytes, calls }] as const;
  });
  return new Map(found);
}

function readCode(code: DataView, target: (at: number, imm: number) => string) {
  let stackBytes = 0;
  const calls = new Set<string>();
  /** registers that point into the frame, and how far below its top */
  const pointers = new Map<number, number>([[FRAME, 0]]);
  const touch = (offset: number) => stackBytes = Math.max(stackBytes, -offset);
  for (let at = 0; at < code.byteLength; at += INSTRUCTION_BYTES) {
    const operation = code.getUint8(at);
    const [to, from] = [code.getUint8(at + 1) & 15, code.getUint8(at + 1) >> 4];
    const [offset, imm] = [code.getInt16(at + 2, true), code.getInt32(at + 4, true)];
    const kind = operation & 7;
    if (operation === CALL) {
      if (from === PSEUDO_CALL) calls.add(target(at, imm));
    } else if (kind === LOAD && from === FRAME || STORES.includes(kind) && to === FRAME) touch(offset);
    if (operation === MOVE && pointers.has(from)) pointers.set(to, pointers.get(from)!);
    else if (operation === ADD_CONSTANT && pointers.has(to)) {
      pointers.set(to, pointers.get(to)! + imm);
      touch(pointers.get(to)!);
    } else if (WRITES_A_REGISTER.includes(kind) && to !== FRAME) pointers.delete(to);
  }
  return { stackBytes, calls };
}
