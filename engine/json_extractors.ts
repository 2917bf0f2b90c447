// Extractors of JSON fields as functions that the generated rules import: each gives a view into the matcher's memory.
// In: extractors over a document (sources/), the event that is evaluated. Out: imports of the rule module.
// A rule asks as often as it likes: each field is looked up once for an event, and only when a rule asks for it. A text that
// is in the event as it is wanted costs no copy; the others go into a region of the heap that each event starts over.

import type { Extractors, FieldText, FieldValue, JsonEvent } from "../sources/json/mod.ts";

/** For lists and for texts that have to be decoded: one list of as many elements as an event may have, and as much again. */
const ROOM_BYTES = 16 << 20;

interface Memory {
  readonly memory: WebAssembly.Memory;
  readonly exports: { allocate(bytes: number): number };
}

export class JsonExtractors {
  readonly imports: WebAssembly.ModuleImports = {};
  /** texts and lists that found no room */
  cut = 0n;
  #event: JsonEvent | undefined;
  /** where the first byte of the document's text lies in the matcher's memory, if its offsets began at 0 */
  #base = 0;
  #stamp = 0;
  readonly #roomAt: number;
  #next: number;
  readonly #bytes: Uint8Array;
  readonly #words: DataView;
  readonly #halves = new Uint32Array(2);
  readonly #view = new BigInt64Array(this.#halves.buffer);
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();

  constructor(matcher: Memory, extractors: readonly Extractors[]) {
    this.#bytes = new Uint8Array(matcher.memory.buffer);
    this.#words = new DataView(matcher.memory.buffer);
    this.#roomAt = this.#next = matcher.exports.allocate(ROOM_BYTES);
    if (this.#roomAt === 0) throw new Error("Cannot evaluate JSON events: the matcher's heap is too small");
    for (const { plain = {}, indexed = {}, named = {} } of extractors) {
      for (const [name, extract] of Object.entries(plain)) this.imports[name] = this.#remember(extract);
      for (const [name, extract] of Object.entries(indexed)) this.imports[name] = this.#byIndex(extract);
      for (const [name, make] of Object.entries(named)) this.imports[name] = this.#byName(make);
    }
  }

  /** @param at where the text of the event lies in the matcher's memory, `from` where in the document */
  begin(event: JsonEvent, at: number, from: number): void {
    this.#event = event;
    this.#base = at - from;
    this.#stamp++;
    this.#next = this.#roomAt;
  }

  #remember(extract: (event: JsonEvent) => FieldValue): () => bigint {
    let stamp = 0, view = 0n;
    return () => {
      if (stamp !== this.#stamp) {
        view = this.#put(extract(this.#event!));
        stamp = this.#stamp;
      }
      return view;
    };
  }

  #byIndex(extract: (event: JsonEvent, index: number) => FieldValue): (index: number) => bigint {
    const made = new Map<number, () => bigint>();
    return (index) => {
      let found = made.get(index);
      if (found === undefined) made.set(index, found = this.#remember((event) => extract(event, index)));
      return found();
    };
  }

  /** Arguments are constants of the rules, so that there are few of them. */
  #byName(make: (argument: string) => (event: JsonEvent) => FieldValue): (view: bigint) => bigint {
    const made = new Map<string, () => bigint>();
    return (view) => {
      const argument = this.#decoder.decode(this.#textOf(view).slice());
      let found = made.get(argument);
      if (found === undefined) made.set(argument, found = this.#remember(make(argument)));
      return found();
    };
  }

  #textOf(view: bigint): Uint8Array {
    this.#view[0] = view;
    const [at = 0, length = 0] = this.#halves;
    return this.#bytes.subarray(at, at + length);
  }

  #put(value: FieldValue): bigint {
    if (value === undefined) return 0n;
    if (typeof value !== "object") {
      return this.#locate(value) ? this.#view[0]! : 0n;
    }
    const bytes = 8 + 8 * value.length;
    const at = value.length === 0 ? 0 : this.#take(bytes);
    if (at === 0) return 0n;
    this.#words.setUint32(at, value.length, true);
    this.#words.setUint32(at + 4, 0, true);
    for (const [i, item] of value.entries()) {
      if (!this.#locate(item)) return 0n;
      this.#words.setUint32(at + 8 + 8 * i, this.#halves[0]!, true);
      this.#words.setUint32(at + 12 + 8 * i, this.#halves[1]!, true);
    }
    this.#halves[0] = at;
    this.#halves[1] = bytes;
    return this.#view[0]!;
  }

  /** Leaves the view of a text in #halves; false when there is no room. */
  #locate(text: FieldText): boolean {
    if (typeof text === "string") return this.#copy(text);
    const { document } = this.#event!;
    const quotes = document.isString(text) ? 1 : 0;
    if (quotes === 1 ? !document.isPlain(text) : !document.isTight(text)) {
      return this.#copy(document.text(text));
    }
    const start = document.start(text) + quotes;
    this.#halves[0] = this.#base + start;
    this.#halves[1] = document.end(text) - quotes - start;
    return true;
  }

  #copy(text: string): boolean {
    const encoded = this.#encoder.encode(text);
    const at = this.#take(encoded.length);
    if (at === 0) return false;
    this.#bytes.set(encoded, at);
    this.#halves[0] = at;
    this.#halves[1] = encoded.length;
    return true;
  }

  #take(bytes: number): number {
    const at = this.#next;
    if (bytes > this.#roomAt + ROOM_BYTES - at) {
      this.cut++;
      return 0;
    }
    // a text without bytes has an address too
    this.#next = at + ((bytes + 8) & ~7);
    return at;
  }
}
