// Looks values up in a JSON text.
// In: the tokens of a text (json_scanner.ts). Out: tokens of values, and their texts as Falco's plugins give them: a
// string decoded, everything else as it was written, without blanks.
// Where a key stands twice, the first one counts. Keys are compared as bytes: none has a meaning of its own here.

import { TOKEN_SIZE } from "./json_scanner.ts";
import type { JsonScanner } from "./json_scanner.ts";

/** A step of a path: the key as it is, and as bytes when it needs no escape to be written. */
export interface Step {
  readonly key: string;
  readonly bytes: Uint8Array;
  /** of an array; −1 when the key is no number */
  readonly index: number;
}

const QUOTE = 0x22, OPEN_ARRAY = 0x5b, BACKSLASH = 0x5c, OPEN_OBJECT = 0x7b;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

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

export class JsonDocument {
  readonly #scanner: JsonScanner;

  constructor(scanner: JsonScanner) {
    this.#scanner = scanner;
  }

  start(token: number): number {
    return this.#scanner.tokens[token * TOKEN_SIZE]!;
  }

  end(token: number): number {
    return this.#scanner.tokens[token * TOKEN_SIZE + 1]!;
  }

  isString(token: number): boolean {
    return this.#first(token) === QUOTE;
  }

  isArray(token: number): boolean {
    return this.#first(token) === OPEN_ARRAY;
  }

  isObject(token: number): boolean {
    return this.#first(token) === OPEN_OBJECT;
  }

  /** What the steps lead to; −1 when there is nothing. */
  find(steps: readonly Step[], from = 0): number {
    let token = from;
    for (let i = 0; i < steps.length && token >= 0; i++) token = this.member(token, steps[i]!);
    return token;
  }

  member(token: number, step: Step): number {
    const first = this.#first(token);
    if (first === OPEN_OBJECT) return this.#value(token, step);
    return first === OPEN_ARRAY && step.index >= 0 ? this.#element(token, step.index) : -1;
  }

  elements(array: number): number[] {
    const found: number[] = [];
    const end = this.#next(array);
    for (let token = array + 1; token < end; token = this.#next(token)) found.push(token);
    return found;
  }

  /** Keys of an object, decoded, in the order in which they are written. */
  keys(object: number): string[] {
    const found: string[] = [];
    const end = this.#next(object);
    for (let key = object + 1; key < end; key = this.#next(key + 1)) found.push(this.text(key));
    return found;
  }

  /** Of a string without escapes: whether the text can be taken from the bytes as they are. */
  isPlain(token: number): boolean {
    const { bytes } = this.#scanner;
    const end = this.end(token) - 1;
    for (let at = this.start(token) + 1; at < end; at++) if (bytes[at] === BACKSLASH) return false;
    return true;
  }

  text(token: number): string {
    if (!this.isString(token)) return this.raw(token);
    const { bytes } = this.#scanner;
    if (this.isPlain(token)) {
      return decoder.decode(bytes.subarray(this.start(token) + 1, this.end(token) - 1));
    }
    return JSON.parse(decoder.decode(bytes.subarray(this.start(token), this.end(token))));
  }

  /** As it is written, without the blanks between values. */
  raw(token: number): string {
    const { bytes } = this.#scanner;
    const start = this.start(token), end = this.end(token);
    return decoder.decode(this.isTight(token) ? bytes.subarray(start, end) : this.#tightened(token));
  }

  /** With a line for each value and two blanks for each level; undefined when that is longer. */
  indented(token: number, maxBytes: number): string | undefined {
    const { bytes } = this.#scanner;
    const text = new BoundedText(maxBytes);
    let depth = 0;
    let at = this.start(token);
    const end = this.end(token);
    while (at < end && !text.isFull) {
      const byte = bytes[at]!;
      if (byte === QUOTE || !PUNCTUATION.includes(byte)) {
        const from = at;
        at = byte === QUOTE ? stringEnd(bytes, at) : literalEnd(bytes, at, end);
        text.add(bytes, from, at);
        continue;
      }
      at++;
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        while (at < end && BLANKS.includes(bytes[at]!)) at++;
        text.put(byte);
        if (bytes[at] === byte + 2) text.put(bytes[at++]!);
        else text.begin(++depth);
      } else if (byte === 0x7d || byte === 0x5d) {
        text.begin(--depth);
        text.put(byte);
      } else if (byte === 0x2c) {
        text.put(byte);
        text.begin(depth);
      } else if (byte === 0x3a) {
        text.put(byte);
        text.put(0x20);
      }
    }
    return text.isFull ? undefined : text.text();
  }

  #first(token: number): number {
    return this.#scanner.bytes[this.start(token)]!;
  }

  #next(token: number): number {
    return this.#scanner.tokens[token * TOKEN_SIZE + 2]!;
  }

  #value(object: number, step: Step): number {
    const end = this.#next(object);
    for (let key = object + 1; key < end; key = this.#next(key + 1)) {
      if (this.#isKey(key, step)) return key + 1;
    }
    return -1;
  }

  #isKey(token: number, { key, bytes: wanted }: Step): boolean {
    const { bytes } = this.#scanner;
    const start = this.start(token) + 1, length = this.end(token) - 1 - start;
    if (length === wanted.length) {
      let i = 0;
      while (i < length && bytes[start + i] === wanted[i]) i++;
      // equal bytes with an escape in them are written differently and mean something else
      if (i === length) return !wanted.includes(BACKSLASH) || this.text(token) === key;
    }
    // an escape is longer than what it stands for
    return length > wanted.length && !this.isPlain(token) && this.text(token) === key;
  }

  #element(array: number, index: number): number {
    const end = this.#next(array);
    let token = array + 1;
    for (let i = 0; i < index && token < end; i++) token = this.#next(token);
    return token < end ? token : -1;
  }

  /** Whether there are no blanks between values. */
  isTight(token: number): boolean {
    const { bytes } = this.#scanner;
    const end = this.end(token);
    for (let at = this.start(token); at < end; at++) {
      const byte = bytes[at]!;
      if (byte === QUOTE) at = stringEnd(bytes, at) - 1;
      else if (BLANKS.includes(byte)) return false;
    }
    return true;
  }

  #tightened(token: number): Uint8Array {
    const { bytes } = this.#scanner;
    const end = this.end(token);
    const out = new Uint8Array(end - this.start(token));
    let length = 0;
    for (let at = this.start(token); at < end;) {
      const byte = bytes[at]!;
      if (byte === QUOTE) {
        const behind = stringEnd(bytes, at);
        out.set(bytes.subarray(at, behind), length);
        length += behind - at;
        at = behind;
      } else {
        if (!BLANKS.includes(byte)) out[length++] = byte;
        at++;
      }
    }
    return out.subarray(0, length);
  }
}

const BLANKS = [0x20, 0x0a, 0x0d, 0x09];
const PUNCTUATION = [...BLANKS, 0x7b, 0x7d, 0x5b, 0x5d, 0x2c, 0x3a];

/** Behind the string that begins here; it has been checked. */
function stringEnd(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}

function literalEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && !PUNCTUATION.includes(bytes[at]!)) at++;
  return at;
}

/** Bytes that are put one behind the other, up to a bound. */
class BoundedText {
  isFull = false;
  #bytes = new Uint8Array(1024);
  #length = 0;

  constructor(readonly maxBytes: number) {}

  put(byte: number): void {
    if (this.#fits(1)) this.#bytes[this.#length++] = byte;
  }

  add(bytes: Uint8Array, from: number, to: number): void {
    if (!this.#fits(to - from)) return;
    this.#bytes.set(bytes.subarray(from, to), this.#length);
    this.#length += to - from;
  }

  /** A line at this depth. */
  begin(depth: number): void {
    if (!this.#fits(1 + 2 * depth)) return;
    this.#bytes[this.#length++] = 0x0a;
    this.#bytes.fill(0x20, this.#length, this.#length += 2 * depth);
  }

  text(): string {
    return decoder.decode(this.#bytes.subarray(0, this.#length));
  }

  #fits(bytes: number): boolean {
    const needed = this.#length + bytes;
    if (needed > this.maxBytes) this.isFull = true;
    else if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    return !this.isFull;
  }
}
