// Writes DER, for certificates and timestamps of the tests' own.
// In: tags and parts. Out: bytes. Written apart from what reads them, which is a library's.

import { Buffer } from "node:buffer";

export function tagged(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

export const sequence = (...parts: readonly Uint8Array[]) => tagged(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]) => tagged(0x31, ...parts);
export const octets = (bytes: Uint8Array) => tagged(0x04, bytes);
export const bits = (bytes: Uint8Array, unused = 0) => tagged(0x03, Uint8Array.of(unused), bytes);
export const utf8 = (text: string) => tagged(0x0c, Buffer.from(text));
export const truth = () => tagged(0x01, Uint8Array.of(0xff));
export const nothing = () => tagged(0x05);
/** of a context, made of other values */
export const context = (number: number, ...parts: readonly Uint8Array[]) => tagged(0xa0 + number, ...parts);

export function integer(value: number | Uint8Array): Buffer {
  if (typeof value === "number") return tagged(0x02, Uint8Array.of(value));
  // a serial number: positive, without a zero at its beginning
  return tagged(0x02, Uint8Array.of(0x40 | value[0]! & 0x3f), value.subarray(1));
}

export function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const groups = [part % 128];
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128)) {
      groups.unshift(0x80 | left % 128);
    }
    bytes.push(...groups);
  }
  return tagged(0x06, Uint8Array.from(bytes));
}

/** Of a timestamp. */
export function time(ms: number): Buffer {
  return tagged(0x18, Buffer.from(digitsOf(ms)));
}

/** Of a certificate: until 2049 the century is left out. */
export function shortTime(ms: number): Buffer {
  return tagged(0x17, Buffer.from(digitsOf(ms).slice(2)));
}

function digitsOf(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, "");
}
