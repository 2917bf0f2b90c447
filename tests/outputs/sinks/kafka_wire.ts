// Kafka's encoding as far as a producer needs it, read and written independently of the library under test.
// In: bytes. Out: numbers, texts, and the records of a record batch (magic 2), whose CRC32C is checked.
// Elsewhere: who answers what (kafka_broker.ts).

import { gunzipSync } from "node:zlib";

export class WireReader {
  at = 0;
  readonly #view: DataView;
  constructor(readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  int8 = () => this.#view.getInt8(this.#step(1));
  int16 = () => this.#view.getInt16(this.#step(2));
  int32 = () => this.#view.getInt32(this.#step(4));
  uint32 = () => this.#view.getUint32(this.#step(4));
  int64 = () => this.#view.getBigInt64(this.#step(8));

  take(length: number): Uint8Array {
    const at = this.#step(length);
    return this.bytes.subarray(at, at + length);
  }
  string(): string | null {
    const length = this.int16();
    return length < 0 ? null : new TextDecoder().decode(this.take(length));
  }
  block(): Uint8Array {
    return this.take(this.int32());
  }
  array<T>(item: () => T): T[] {
    return Array.from({ length: Math.max(0, this.int32()) }, item);
  }
  varint(): bigint {
    let value = 0n;
    for (let shift = 0n;; shift += 7n) {
      const byte = BigInt(this.bytes[this.#step(1)] ?? 0);
      value |= (byte & 0x7fn) << shift;
      if (byte < 0x80n) return (value >> 1n) ^ -(value & 1n);
    }
  }
  varText(): string {
    return new TextDecoder().decode(this.take(Number(this.varint())));
  }
  #step(length: number): number {
    if (length < 0 || this.at + length > this.bytes.length) throw new RangeError("a field beyond the end");
    this.at += length;
    return this.at - length;
  }
}

export class WireWriter {
  readonly #bytes: number[] = [];
  int8 = (value: number) => this.#number(BigInt(value), 1);
  int16 = (value: number) => this.#number(BigInt(value), 2);
  int32 = (value: number) => this.#number(BigInt(value), 4);
  int64 = (value: bigint) => this.#number(value, 8);

  string(text: string | null): this {
    if (text === null) return this.int16(-1);
    const bytes = new TextEncoder().encode(text);
    return this.int16(bytes.length).raw(bytes);
  }
  block(bytes: Uint8Array): this {
    return this.int32(bytes.length).raw(bytes);
  }
  array<T>(items: readonly T[], item: (value: T) => unknown): this {
    this.int32(items.length);
    items.forEach(item);
    return this;
  }
  raw(bytes: Uint8Array): this {
    this.#bytes.push(...bytes);
    return this;
  }
  done(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
  #number(value: bigint, bytes: number): this {
    for (let shift = bytes * 8 - 8; shift >= 0; shift -= 8) {
      this.#bytes.push(Number((value >> BigInt(shift)) & 0xffn));
    }
    return this;
  }
}

export interface KafkaRecord {
  readonly key: string;
  readonly value: string;
  readonly timestampMs: bigint;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RecordBatch {
  readonly isCompressed: boolean;
  readonly records: readonly KafkaRecord[];
}

const GZIP = 1;

/** @throws RangeError or Error for whatever a broker would call corrupt */
export function readRecordBatch(bytes: Uint8Array): RecordBatch {
  const reader = new WireReader(bytes);
  reader.int64(); // base offset
  const length = reader.int32();
  if (length !== bytes.length - 12) throw new Error(`batch of ${bytes.length - 12} bytes says ${length}`);
  reader.int32(); // leader epoch
  if (reader.int8() !== 2) throw new Error("not magic 2");
  const crc = reader.uint32();
  const actual = crc32c(bytes.subarray(reader.at));
  if (crc !== actual) throw new Error(`CRC32C is ${actual}, not ${crc}`);
  const attributes = reader.int16();
  const lastOffset = reader.int32();
  const firstTimestamp = reader.int64();
  reader.int64(); // last timestamp
  reader.int64(); // producer
  reader.int16(); // its epoch
  reader.int32(); // first sequence
  const count = reader.int32();
  if (lastOffset !== count - 1) throw new Error(`${count} records, but the last offset is ${lastOffset}`);
  const rest = bytes.subarray(reader.at);
  const isCompressed = (attributes & 7) === GZIP;
  const records = new WireReader(isCompressed ? new Uint8Array(gunzipSync(rest)) : rest);
  return { isCompressed, records: Array.from({ length: count }, () => readRecord(records, firstTimestamp)) };
}

function readRecord(reader: WireReader, firstTimestamp: bigint): KafkaRecord {
  reader.varint(); // length
  reader.int8(); // attributes
  const timestampMs = firstTimestamp + reader.varint();
  reader.varint(); // offset
  const key = reader.varText();
  const value = reader.varText();
  const headers = Array.from(
    { length: Number(reader.varint()) },
    () => [reader.varText(), reader.varText()] as const,
  );
  return { key, value, timestampMs, headers: Object.fromEntries(headers) };
}

const CRC32C_POLYNOMIAL = 0x82f63b78;
const CRC32C_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ CRC32C_POLYNOMIAL : crc >>> 1;
  return crc >>> 0;
});

export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC32C_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
