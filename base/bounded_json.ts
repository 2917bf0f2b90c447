// JSON that a stranger wrote, read only when it cannot cost much: nesting and numbers of values are counted before
// anything is made of it, since a byte of text can become fifty of memory.
// In: bytes. Out: the value, or an error that says which bound was exceeded.

import type { JsonLimits } from "./json_limits.ts";

const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c;
const OPEN_ARRAY = 0x5b, OPEN_OBJECT = 0x7b, CLOSE_ARRAY = 0x5d, CLOSE_OBJECT = 0x7d;

export class BoundError extends Error {
  override readonly name = "BoundError";
}

/** @throws BoundError, or SyntaxError when it is no JSON */
export function parseBoundedJson(bytes: Uint8Array, limits: JsonLimits): unknown {
  if (bytes.length > limits.bytes) throw new BoundError(`larger than ${sizeOf(limits.bytes)}`);
  checkShape(bytes, limits);
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** The same; nothing for what is no JSON or exceeds a bound. */
export function parseJsonBytes(bytes: Uint8Array, limits: JsonLimits): unknown {
  try {
    return parseBoundedJson(bytes, limits);
  } catch {
    return undefined;
  }
}

function checkShape(bytes: Uint8Array, { values, depth }: JsonLimits): void {
  let left = values, level = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) at = endOfText(bytes, at + 1);
    else if (byte === COMMA) left--;
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      left--;
      if (++level > depth) throw new BoundError(`nested deeper than ${depth} levels`);
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) level--;
    else continue;
    if (left < 0) throw new BoundError(`more than ${values} values`);
  }
}

function endOfText(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at++;
  }
  return bytes.length;
}

function sizeOf(bytes: number): string {
  return bytes >= 1 << 20 ? `${bytes >> 20} MiB` : `${bytes >> 10} KiB`;
}
