// JSON texts with other blanks: none, or a line for each value.
// In: bytes that have been checked, and where a value begins and ends. Out: bytes.

const QUOTE = 0x22,
  OPEN_ARRAY = 0x5b,
  BACKSLASH = 0x5c,
  CLOSE_ARRAY = 0x5d,
  OPEN_OBJECT = 0x7b,
  CLOSE_OBJECT = 0x7d;
const BLANK_BYTES = [0x20, 0x0a, 0x0d, 0x09];
const COMMA = 0x2c, COLON = 0x3a;
/** by byte: whether it is one of these */
const BLANKS = tableOf(BLANK_BYTES);
const PUNCTUATION = tableOf([
  ...BLANK_BYTES,
  ...[OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY, COMMA, COLON],
]);

/** Whether there are no blanks between values. */
export function isTight(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) at = stringEnd(bytes, at) - 1;
    else if (BLANKS[byte] === 1) return false;
  }
  return true;
}

/** Without the blanks between values. */
export function tightText(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const out = new Uint8Array(end - start);
  let length = 0;
  for (let at = start; at < end;) {
    const byte = bytes[at]!;
    if (byte === QUOTE) {
      const behind = stringEnd(bytes, at);
      out.set(bytes.subarray(at, behind), length);
      length += behind - at;
      at = behind;
    } else {
      if (BLANKS[byte] === 0) out[length++] = byte;
      at++;
    }
  }
  return out.subarray(0, length);
}

/** With a line for each value and two blanks for each level; undefined when that is longer. */
export function indentedText(
  bytes: Uint8Array,
  start: number,
  end: number,
  maxBytes: number,
): Uint8Array | undefined {
  const text = new BoundedText(maxBytes);
  let depth = 0;
  let at = start;
  while (at < end && !text.isFull) {
    const byte = bytes[at]!;
    if (byte === QUOTE || PUNCTUATION[byte] === 0) {
      const from = at;
      at = byte === QUOTE ? stringEnd(bytes, at) : literalEnd(bytes, at, end);
      text.add(bytes, from, at);
      continue;
    }
    at++;
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      while (at < end && BLANKS[bytes[at]!] === 1) at++;
      text.put(byte);
      if (bytes[at] === byte + 2) text.put(bytes[at++]!);
      else text.begin(++depth);
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      text.begin(--depth);
      text.put(byte);
    } else if (byte === COMMA) {
      text.put(byte);
      text.begin(depth);
    } else if (byte === COLON) {
      text.put(byte);
      text.put(0x20);
    }
  }
  return text.isFull ? undefined : text.bytes();
}

function tableOf(bytes: readonly number[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of bytes) table[byte] = 1;
  return table;
}

/** Behind the string that begins here. */
function stringEnd(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}

function literalEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && PUNCTUATION[bytes[at]!] === 0) at++;
  return at;
}

/** Bytes that are put one after the other, up to a bound. */
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

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
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
