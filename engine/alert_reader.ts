// The values of an alert, from the bytes of the OUT region.
// In: the bytes as assembly/README.md draws them. Out: an Alert. Elsewhere: writing them (assembly), printing (outputs/).
//
//   u32 rule, u32 eventType, u64 timeNs, u64 eventNumber, i64 tid, u32 count, u32 0, then per value u8 kind and
//   1 text u32+bytes · 2 i64 · 3 u64 · 4 bool u8 · 5 ip u8+bytes · 6 time u64 · 7 bytes u32+bytes · 8 f64
//   9 list u32+values · 0 missing

import type { Alert, AlertValue } from "./alert.ts";

const HEADER_BYTES = 40;
const MISSING: AlertValue = { kind: "missing" };
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** @param bytes a copy in ordinary memory: TextDecoder does not read shared memory */
export function readAlert(bytes: Uint8Array<ArrayBuffer>): Alert {
  const reader = new ValueReader(bytes);
  const { view } = reader;
  const count = view.getUint32(32, true);
  const values: AlertValue[] = [];
  for (let i = 0; i < count; i++) values.push(reader.next());
  return {
    rule: view.getUint32(0, true),
    eventType: view.getUint32(4, true),
    timeNs: view.getBigUint64(8, true),
    eventNumber: view.getBigUint64(16, true),
    tid: view.getBigInt64(24, true),
    values,
  };
}

class ValueReader {
  readonly view: DataView;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #at = HEADER_BYTES;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  next(): AlertValue {
    const kind = this.#u8();
    switch (kind) {
      case 0:
        return MISSING;
      case 1:
        return { kind: "text", value: decoder.decode(this.#take(this.#u32())) };
      case 2:
        return { kind: "int", value: this.view.getBigInt64(this.#skip(8), true) };
      case 3:
        return { kind: "uint", value: this.view.getBigUint64(this.#skip(8), true) };
      case 4:
        return { kind: "bool", value: this.#u8() !== 0 };
      case 5:
        return { kind: "ip", value: this.#take(this.#u8()).slice() };
      case 6:
        return { kind: "time", value: this.view.getBigUint64(this.#skip(8), true) };
      case 7:
        return { kind: "bytes", value: this.#take(this.#u32()).slice() };
      case 8:
        return { kind: "double", value: this.view.getFloat64(this.#skip(8), true) };
      case 9: {
        const count = this.#u32();
        const value: AlertValue[] = [];
        for (let i = 0; i < count; i++) value.push(this.next());
        return { kind: "list", value };
      }
      default:
        throw new RangeError(`Cannot read an alert: unknown kind of value ${kind} at byte ${this.#at - 1}`);
    }
  }

  #u8(): number {
    return this.view.getUint8(this.#skip(1));
  }

  #u32(): number {
    return this.view.getUint32(this.#skip(4), true);
  }

  #take(bytes: number): Uint8Array<ArrayBuffer> {
    const at = this.#skip(bytes);
    if (this.#at > this.#bytes.length) {
      throw new RangeError(`Cannot read an alert: a value of ${bytes} bytes ends behind it`);
    }
    return this.#bytes.subarray(at, at + bytes);
  }

  #skip(bytes: number): number {
    const at = this.#at;
    this.#at += bytes;
    return at;
  }
}
