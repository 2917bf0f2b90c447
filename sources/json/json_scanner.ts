// Reads the structure of JSON: which values there are and where, without making anything of them.
// In: bytes. Out: a table of tokens, or what is wrong and where. Values stay in the bytes as they were written, so that
// numbers keep all their digits, keys their order, and nothing is decoded that no rule asks for.
// Elsewhere: looking values up (json_document.ts).
//
// A token is two numbers: where it begins, and where it ends; of an object or array a third, the token after all that is
// in it. Tokens of an object come as key, value, key, value. There is no recursion: depth is bounded by MAX_DEPTH, work by
// the number of bytes, and the table by MAX_VALUES.

/** As the JSON reader of Falco's plugins. */
export const MAX_DEPTH = 300;
/**
 * Keys count too. Evaluating holds the main thread for as long as a text has values, whatever its bytes; the largest objects
 * of API servers, logged twice, have half of it.
 */
export const MAX_VALUES = 1 << 20;

const QUOTE = 0x22, COMMA = 0x2c, MINUS = 0x2d, DOT = 0x2e, ZERO = 0x30, NINE = 0x39, COLON = 0x3a;
const OPEN_ARRAY = 0x5b, BACKSLASH = 0x5c, CLOSE_ARRAY = 0x5d, OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d;

/** What has to come next. */
const enum Expect {
  VALUE,
  VALUE_OR_END,
  KEY,
  KEY_OR_END,
  COMMA_OR_END,
}

export interface JsonProblem {
  readonly message: string;
  readonly at: number;
}

/** Numbers for each token. */
export const TOKEN_SIZE = 3;

export class JsonScanner {
  /** START, END and NEXT of each token */
  tokens = new Int32Array(TOKEN_SIZE * 1024);
  count = 0;
  /** how many texts have been read */
  scans = 0;
  /** of the text that was read last */
  bytes: Uint8Array = new Uint8Array(0);
  readonly #open = new Int32Array(MAX_DEPTH);
  #problem: JsonProblem | undefined;

  /** Reads exactly one value, blanks around it allowed. */
  scan(bytes: Uint8Array, from = 0, to = bytes.length): JsonProblem | undefined {
    this.bytes = bytes;
    this.count = 0;
    this.scans++;
    this.#problem = undefined;
    this.#values(from, to);
    return this.#problem;
  }

  /** Gives up memory that a large text has taken. */
  shrink(tokens: number): void {
    if (this.tokens.length > TOKEN_SIZE * tokens) this.tokens = new Int32Array(TOKEN_SIZE * 1024);
  }

  #values(from: number, to: number): void {
    const { bytes } = this;
    const open = this.#open;
    let depth = 0, at = from;
    let expected = Expect.VALUE;
    while (true) {
      let byte = at < to ? bytes[at]! : 0;
      while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
        at++;
        byte = at < to ? bytes[at]! : 0;
      }
      if (at >= to) return this.#fail(at, "the text ends too early");
      if (expected === Expect.COMMA_OR_END) {
        const isObject = bytes[this.tokens[open[depth - 1]! * TOKEN_SIZE]!] === OPEN_OBJECT;
        if (byte === COMMA) {
          at++;
          expected = isObject ? Expect.KEY : Expect.VALUE;
          continue;
        }
        if (byte !== (isObject ? CLOSE_OBJECT : CLOSE_ARRAY)) return this.#fail(at, "a comma is missing");
        at = this.#close(open[--depth]!, at);
      } else if (
        (expected === Expect.KEY_OR_END && byte === CLOSE_OBJECT) ||
        (expected === Expect.VALUE_OR_END && byte === CLOSE_ARRAY)
      ) {
        at = this.#close(open[--depth]!, at);
      } else if (expected === Expect.KEY || expected === Expect.KEY_OR_END) {
        if (byte !== QUOTE) return this.#fail(at, "a key has to be a string");
        at = this.#string(at, to);
        if (at < 0) return;
        while (at < to && isBlank(bytes[at]!)) at++;
        if (at >= to || bytes[at] !== COLON) return this.#fail(at, "there is no colon after a key");
        at++;
        expected = Expect.VALUE;
        continue;
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (depth === MAX_DEPTH) return this.#fail(at, `values are nested deeper than ${MAX_DEPTH}`);
        if (this.count >= MAX_VALUES) return this.#fail(at, TOO_MANY);
        open[depth++] = this.#add(at, at + 1);
        at++;
        expected = byte === OPEN_OBJECT ? Expect.KEY_OR_END : Expect.VALUE_OR_END;
        continue;
      } else {
        at = byte === QUOTE ? this.#string(at, to) : this.#literal(at, to);
        if (at < 0) return;
        if (this.count > MAX_VALUES) return this.#fail(at, TOO_MANY);
      }
      // a value has ended
      if (depth === 0) break;
      expected = Expect.COMMA_OR_END;
    }
    while (at < to && isBlank(bytes[at]!)) at++;
    if (at < to) this.#fail(at, "something follows the value");
  }

  #add(start: number, end: number): number {
    const at = this.count * TOKEN_SIZE;
    if (at + TOKEN_SIZE > this.tokens.length) {
      const larger = new Int32Array(2 * this.tokens.length);
      larger.set(this.tokens);
      this.tokens = larger;
    }
    this.tokens[at] = start;
    this.tokens[at + 1] = end;
    this.tokens[at + 2] = this.count + 1;
    return this.count++;
  }

  #close(token: number, at: number): number {
    this.tokens[token * TOKEN_SIZE + 1] = at + 1;
    this.tokens[token * TOKEN_SIZE + 2] = this.count;
    return at + 1;
  }

  /** @returns after its end, or −1 */
  #string(start: number, to: number): number {
    const { bytes } = this;
    let at = start + 1;
    while (at < to) {
      const byte = bytes[at]!;
      if (byte === QUOTE) {
        this.#add(start, at + 1);
        return at + 1;
      }
      if (byte < 0x20) return this.#stop(at, "a control character is in a string");
      if (byte !== BACKSLASH) {
        at++;
        continue;
      }
      const escaped = at + 1 < to ? bytes[at + 1]! : 0;
      if (escaped === 0x75) {
        if (at + 6 > to || !areHex(bytes, at + 2, at + 6)) return this.#stop(at, "\\u needs four digits");
        at += 6;
      } else if (ESCAPES.includes(escaped)) at += 2;
      else return this.#stop(at, "there is no such escape");
    }
    return this.#stop(to, "the text ends within a string");
  }

  /** A number, true, false or null. */
  #literal(start: number, to: number): number {
    const { bytes } = this;
    const byte = bytes[start]!;
    if (byte === MINUS || (byte >= ZERO && byte <= NINE)) return this.#number(start, to);
    for (const word of WORDS) {
      if (byte !== word[0] || start + word.length > to) continue;
      if (!word.every((letter, i) => bytes[start + i] === letter)) break;
      this.#add(start, start + word.length);
      return start + word.length;
    }
    return this.#stop(start, "this is no value");
  }

  #number(start: number, to: number): number {
    const { bytes } = this;
    const digits = (from: number) => {
      let at = from;
      while (at < to && bytes[at]! >= ZERO && bytes[at]! <= NINE) at++;
      return at;
    };
    const whole = bytes[start] === MINUS ? start + 1 : start;
    let at = digits(whole);
    if (at === whole || (bytes[whole] === ZERO && at > whole + 1)) {
      return this.#stop(start, "this is no number");
    }
    if (at < to && bytes[at] === DOT) {
      const fraction = at + 1;
      at = digits(fraction);
      if (at === fraction) return this.#stop(start, "this is no number");
    }
    if (at < to && (bytes[at]! | 0x20) === 0x65) {
      const sign = at + 1 < to ? bytes[at + 1]! : 0;
      const exponent = sign === 0x2b || sign === MINUS ? at + 2 : at + 1;
      at = digits(exponent);
      if (at === exponent) return this.#stop(start, "this is no number");
    }
    this.#add(start, at);
    return at;
  }

  #fail(at: number, message: string): void {
    this.#problem = { message, at };
  }

  #stop(at: number, message: string): -1 {
    this.#problem = { message, at };
    return -1;
  }
}

const TOO_MANY = `there are more than ${MAX_VALUES} keys and values`;
const ESCAPES = [...'"\\/bfnrt'].map((letter) => letter.charCodeAt(0));
const WORDS = ["true", "false", "null"].map((word) => [...word].map((letter) => letter.charCodeAt(0)));

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function areHex(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at]! | 0x20;
    if (!((byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66))) return false;
  }
  return true;
}
