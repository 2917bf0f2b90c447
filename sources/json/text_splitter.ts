// Takes a stream of JSON apart while it arrives, so that a list of events need not be in memory as a whole.
// In: chunks of bytes. Out: the elements of the list as they end, each as bytes of its own, and at the end of a text what
// it is without them: an event that is alone, or the frame of the list. What is longer than an event may be is
// passed over to its end.
// Only brackets and quotes are followed here, so that a bad event does not take the others with it: whether something
// is JSON is seen by anyone who reads the parts (batch_reader.ts). Depth is a number: nothing here grows with nesting.

import type { Step } from "./json_path.ts";
import { KeptBytes } from "./kept_bytes.ts";

export interface TextPart {
  /** absent: it is too long */
  readonly text?: Uint8Array<ArrayBuffer>;
  /** an element of an array that is the whole text, one of the list that `items` leads to, or what is left of a text */
  readonly kind: "element" | "item" | "rest";
  /** of the text in the stream, from 1: the number of its line */
  readonly textNumber: number;
  /** of an element in its text, from 1 */
  readonly number: number;
  /** of its first byte in its text */
  readonly at: number;
}

export interface SplitterOptions {
  /** keys that lead to the array of events; absent: a text that is an array is one of events */
  readonly items?: readonly Step[];
  /** a text that is an array is one of events, whatever `items` says */
  readonly splitsArrays?: boolean;
  /** each line is a text */
  readonly isLines: boolean;
  /** of an event */
  readonly maxBytes: number;
}

const QUOTE = 0x22, COMMA = 0x2c, COLON = 0x3a, BACKSLASH = 0x5c, NEWLINE = 0x0a;
const OPEN_ARRAY = 0x5b, CLOSE_ARRAY = 0x5d, OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d;
/** No key of a path is longer. */
const MAX_KEY_BYTES = 1024;
const decoder = new TextDecoder();

export class TextSplitter {
  readonly #steps: readonly Step[];
  readonly #splitsArrays: boolean;
  readonly #isLines: boolean;
  readonly #rest: KeptBytes;
  readonly #item: KeptBytes;
  #textNumber = 1;
  #textBytes = 0;
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  /** so many steps of the path have been taken: the object that they lead to is open at this depth − 1 */
  #matched = 0;
  /** the string that was read last in that object, with its quotes, and whether it is the key of what comes */
  #word: number[] = [];
  #isKey = false;
  /** of the array whose elements are taken out; 0: none is open */
  #listDepth = 0;
  #kind: "element" | "item" = "element";
  #number = 0;

  constructor({ items, splitsArrays, isLines, maxBytes }: SplitterOptions) {
    this.#steps = items ?? [];
    this.#splitsArrays = splitsArrays ?? items === undefined;
    this.#isLines = isLines;
    this.#rest = new KeptBytes(maxBytes);
    this.#item = new KeptBytes(maxBytes);
  }

  /** Bytes of parts that have not ended. */
  get heldBytes(): number {
    return this.#rest.bytes + this.#item.bytes;
  }

  /** @param chunk may be reused by the caller afterwards */
  *take(chunk: Uint8Array): Generator<TextPart> {
    const length = chunk.length;
    // of what has not been kept yet
    let from = 0;
    for (let at = 0; at < length; at++) {
      const byte = chunk[at]!;
      if (byte === NEWLINE && this.#isLines) {
        this.#keep(chunk, from, at);
        yield* this.end();
        from = at + 1;
      } else if (this.#inString) at = this.#string(chunk, at);
      else if (byte === QUOTE) {
        this.#inString = true;
        if (this.#isOnPath()) this.#word = [QUOTE];
      } else if (byte === COLON) this.#isKey = this.#isOnPath();
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (this.#opens(byte)) {
          this.#keep(chunk, from, at + 1);
          from = at + 1;
          this.#listDepth = this.#depth;
          this.#item.begin(this.#textBytes);
        }
      } else if (byte === COMMA || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
        const isEnd = this.#listDepth > 0 && this.#depth === this.#listDepth;
        if (isEnd) {
          this.#keep(chunk, from, at);
          yield* this.#ended();
          from = byte === COMMA ? at + 1 : at;
          if (byte === COMMA) this.#textBytes++;
          else this.#listDepth = 0;
          this.#item.begin(this.#textBytes);
        }
        if (byte !== COMMA) this.#closes();
        this.#isKey = false;
      }
    }
    this.#keep(chunk, from, length);
  }

  /** The text ends: with its line, or with the stream. */
  *end(): Generator<TextPart> {
    const text = this.#rest.take();
    const isNothing = this.#isLines && text !== undefined && text.every((byte) => byte <= 0x20);
    if (!isNothing) {
      yield {
        kind: "rest",
        textNumber: this.#textNumber,
        number: 0,
        at: 0,
        ...(text === undefined ? {} : { text }),
      };
    }
    this.#textNumber++;
    this.#textBytes =
      this.#depth =
      this.#matched =
      this.#listDepth =
      this.#number =
        0;
    this.#inString = this.#isEscaped = this.#isKey = false;
    this.#word = [];
    this.#item.begin(0);
    this.#rest.begin(0);
  }

  /** Reads on in a string; where it stopped. */
  #string(chunk: Uint8Array, start: number): number {
    const collects = this.#isOnPath() && this.#word.length <= MAX_KEY_BYTES;
    let at = start;
    if (this.#isEscaped) {
      this.#isEscaped = false;
      if (collects) this.#word.push(chunk[at]!);
      return at;
    }
    for (; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (byte === NEWLINE && this.#isLines) return at - 1;
      if (collects && this.#word.length <= MAX_KEY_BYTES) this.#word.push(byte);
      if (byte === QUOTE) {
        this.#inString = false;
        return at;
      }
      if (byte === BACKSLASH) {
        this.#isEscaped = true;
        return at;
      }
    }
    return at;
  }

  /** Whether what is read is directly in the object that the path has led to. */
  #isOnPath(): boolean {
    return this.#listDepth === 0 && this.#depth === this.#matched + 1 && this.#matched < this.#steps.length;
  }

  /** Whether it is the array of events. */
  #opens(byte: number): boolean {
    const isOnPath = this.#isOnPath() && this.#isKey && this.#isStep(this.#steps[this.#matched]!);
    const isLast = this.#matched === this.#steps.length - 1;
    this.#isKey = false;
    this.#depth++;
    if (this.#listDepth > 0) return false;
    if (byte === OPEN_OBJECT) {
      if (isOnPath && !isLast) this.#matched++;
      return false;
    }
    const isWhole = this.#depth === 1 && this.#splitsArrays;
    this.#kind = isWhole ? "element" : "item";
    return isWhole || (isOnPath && isLast);
  }

  #closes(): void {
    if (this.#depth > 0) this.#depth--;
    if (this.#listDepth === 0 && this.#matched > 0 && this.#depth <= this.#matched) {
      this.#matched = Math.max(0, this.#depth - 1);
    }
  }

  #isStep({ key, bytes }: Step): boolean {
    const word = this.#word;
    if (!word.includes(BACKSLASH)) {
      return word.length === bytes.length + 2 && bytes.every((byte, i) => byte === word[i + 1]);
    }
    try {
      return JSON.parse(decoder.decode(new Uint8Array(word))) === key;
    } catch {
      return false;
    }
  }

  #keep(chunk: Uint8Array, from: number, to: number): void {
    if (from >= to) return;
    this.#textBytes += to - from;
    (this.#listDepth > 0 ? this.#item : this.#rest).add(chunk.subarray(from, to));
  }

  *#ended(): Generator<TextPart> {
    const at = this.#item.at;
    const text = this.#item.take();
    if (text !== undefined && text.every((byte) => byte <= 0x20)) return;
    this.#number++;
    const place = { kind: this.#kind, textNumber: this.#textNumber, number: this.#number, at };
    yield text === undefined ? place : { ...place, text };
  }
}
