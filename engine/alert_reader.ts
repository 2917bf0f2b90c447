// The values of an alert, from the bytes of the OUT region.
// In: the bytes: a header (ALERT_HEADER of schema/wire.ts), then each value as a u8 kind (VALUE_KIND) and what that says.
// Out: an Alert. Elsewhere: writing them (assembly/out.ts), printing (outputs/).

import { ALERT_HEADER, VALUE_KIND } from "../schema/mod.ts";
import type { Alert, AlertValue } from "../alerts/mod.ts";

const MISSING: AlertValue = { kind: "missing" };
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** @param bytes a copy in ordinary memory: TextDecoder does not read shared memory */
export function readAlert(bytes: Uint8Array<ArrayBuffer>): Alert {
  const reader = new ValueReader(bytes);
  const { view } = reader;
  const count = view.getUint32(ALERT_HEADER.COUNT, true);
  const values: AlertValue[] = [];
  for (let i = 0; i < count; i++) values.push(reader.next());
  return {
    rule: view.getUint32(ALERT_HEADER.RULE, true),
    eventType: view.getUint32(ALERT_HEADER.EVENT_TYPE, true),
    timeNs: view.getBigUint64(ALERT_HEADER.TIME_NS, true),
    eventNumber: view.getBigUint64(ALERT_HEADER.EVENT_NUMBER, true),
    tid: view.getBigInt64(ALERT_HEADER.TID, true),
    values,
  };
}

class ValueReader {
  readonly view: DataView;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #at = ALERT_HEADER.BYTES;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  next(): AlertValue {
    const kind = this.#u8();
    switch (kind) {
      case VALUE_KIND.MISSING:
        return MISSING;
      case VALUE_KIND.TEXT:
        return { kind: "text", value: decoder.decode(this.#take(this.#u32())) };
      case VALUE_KIND.INT:
        return { kind: "int", value: this.view.getBigInt64(this.#skip(8), true) };
      case VALUE_KIND.UINT:
        return { kind: "uint", value: this.view.getBigUint64(this.#skip(8), true) };
      case VALUE_KIND.BOOL:
        return { kind: "bool", value: this.#u8() !== 0 };
      case VALUE_KIND.IP:
        return { kind: "ip", value: this.#take(this.#u8()).slice() };
      case VALUE_KIND.TIME:
        return { kind: "time", value: this.view.getBigUint64(this.#skip(8), true) };
      case VALUE_KIND.BYTES:
        return { kind: "bytes", value: this.#take(this.#u32()).slice() };
      case VALUE_KIND.DOUBLE:
        return { kind: "double", value: this.view.getFloat64(this.#skip(8), true) };
      case VALUE_KIND.LIST: {
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
      throw new RangeError(`Cannot read an alert: a value of ${bytes} bytes ends after it`);
    }
    return this.#bytes.subarray(at, at + bytes);
  }

  #skip(bytes: number): number {
    const at = this.#at;
    this.#at += bytes;
    return at;
  }
}
