// Looks values up in a JSON text.
// In: the tokens of a text (json_scanner.ts). Out: tokens of values, and their texts as Falco's plugins give them: a
// string decoded, everything else as it was written, without blanks.
// Where a key is there twice, the first one counts. What is found in a large object is remembered: a hostile one would
// otherwise be gone through for each field.
// Elsewhere: paths and keys (json_path.ts), texts with other blanks (json_text.ts).

import { isKey, type Step } from "./json_path.ts";
import { TOKEN_SIZE } from "./json_scanner.ts";
import type { JsonScanner } from "./json_scanner.ts";
import { indentedText, isTight, tightText } from "./json_text.ts";

const QUOTE = 0x22, OPEN_ARRAY = 0x5b, BACKSLASH = 0x5c, OPEN_OBJECT = 0x7b;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** What is looked up in an object with more values than these is remembered. */
const LARGE_OBJECT_TOKENS = 256;

export class JsonDocument {
  readonly #scanner: JsonScanner;
  /** of large objects: what a key leads to */
  readonly #found = new Map<number, Map<string, number>>();
  #ofScan = -1;

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
    return first === OPEN_ARRAY && step.index >= 0 ? this.element(token, step.index) : -1;
  }

  /** −1 when there is none. */
  element(array: number, index: number): number {
    const end = this.#next(array);
    let token = array + 1;
    for (let i = 0; i < index && token < end; i++) token = this.#next(token);
    return token < end ? token : -1;
  }

  elements(array: number): number[] {
    const found: number[] = [];
    this.forEach(array, (element) => found.push(element));
    return found;
  }

  forEach(array: number, visit: (element: number) => void): void {
    const end = this.#next(array);
    for (let token = array + 1; token < end; token = this.#next(token)) visit(token);
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
    return decoder.decode(
      isTight(bytes, start, end) ? bytes.subarray(start, end) : tightText(bytes, start, end),
    );
  }

  /** With a line for each value and two blanks for each level; undefined when that is longer. */
  indented(token: number, maxBytes: number): string | undefined {
    const text = indentedText(this.#scanner.bytes, this.start(token), this.end(token), maxBytes);
    return text === undefined ? undefined : decoder.decode(text);
  }

  #first(token: number): number {
    return this.#scanner.bytes[this.start(token)]!;
  }

  #next(token: number): number {
    return this.#scanner.tokens[token * TOKEN_SIZE + 2]!;
  }

  #value(object: number, step: Step): number {
    const end = this.#next(object);
    if (end - object <= LARGE_OBJECT_TOKENS) return this.#lookUp(object, end, step);
    if (this.#ofScan !== this.#scanner.scans) {
      this.#found.clear();
      this.#ofScan = this.#scanner.scans;
    }
    let found = this.#found.get(object);
    if (found === undefined) this.#found.set(object, found = new Map());
    let value = found.get(step.key);
    if (value === undefined) found.set(step.key, value = this.#lookUp(object, end, step));
    return value;
  }

  #lookUp(object: number, end: number, step: Step): number {
    const { bytes } = this.#scanner;
    for (let key = object + 1; key < end; key = this.#next(key + 1)) {
      if (isKey(bytes, this.start(key) + 1, this.end(key) - 1, step)) return key + 1;
    }
    return -1;
  }

  /** Whether there are no blanks between values. */
  isTight(token: number): boolean {
    return isTight(this.#scanner.bytes, this.start(token), this.end(token));
  }
}
