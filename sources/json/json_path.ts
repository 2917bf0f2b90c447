// Paths through JSON, and whether a key as it is written is the one that a path names.
// In: pointers, bytes of keys. Keys are compared as bytes: none has a meaning of its own here, and one with escapes costs
// no more than any other.
// Elsewhere: following a path (json_document.ts).

/** A step of a path: the key as it is, and as bytes. */
export interface Step {
  readonly key: string;
  readonly bytes: Uint8Array;
  /** of an array; −1 when the key is no number */
  readonly index: number;
}

const BACKSLASH = 0x5c, UNICODE = 0x75, NINE = 0x39;
/** `\\u0061` */
const ESCAPE_BYTES = 6;
const NOT_ASCII = 0x80;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
/** what is behind a backslash, by byte */
const MEANINGS = new Uint8Array(256);
for (const [letter, meaning] of Object.entries({ b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" })) {
  MEANINGS[letter.charCodeAt(0)] = meaning.charCodeAt(0);
}
for (const letter of '"\\/') MEANINGS[letter.charCodeAt(0)] = letter.charCodeAt(0);

export function stepOf(key: string): Step {
  const index = /^\+?[0-9]{1,9}$/.test(key) ? Number(key) : -1;
  return { key, bytes: encoder.encode(key), index };
}

/** The steps of an RFC 6901 pointer. As in Falco's plugin the slash at its beginning may be left out. */
export function pointerSteps(pointer: string): readonly Step[] {
  if (pointer === "") return [];
  const path = pointer.startsWith("/") ? pointer.slice(1) : pointer;
  return path.split("/").map((part) => stepOf(part.replaceAll("~1", "/").replaceAll("~0", "~")));
}

/** @param from of what is between the quotes, which has been checked */
export function isKey(bytes: Uint8Array, from: number, to: number, { key, bytes: wanted }: Step): boolean {
  if (to - from < wanted.length || to - from > ESCAPE_BYTES * wanted.length) return false;
  let matched = 0;
  for (let at = from; at < to; matched++) {
    if (matched === wanted.length) return false;
    let byte = bytes[at]!;
    if (byte !== BACKSLASH) at++;
    else if (bytes[at + 1] === UNICODE) {
      byte = hexValue(bytes, at + 2, at + ESCAPE_BYTES);
      if (byte >= NOT_ASCII) {
        return wanted[matched]! >= NOT_ASCII &&
          JSON.parse(`"${decoder.decode(bytes.subarray(from, to))}"`) === key;
      }
      at += ESCAPE_BYTES;
    } else {
      byte = MEANINGS[bytes[at + 1]!]!;
      at += 2;
    }
    if (byte !== wanted[matched]) return false;
  }
  return matched === wanted.length;
}

function hexValue(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = bytes[at]!;
    value = value << 4 | (digit <= NINE ? digit & 15 : (digit & 15) + 9);
  }
  return value;
}
