// Runs the matcher's primitives in a test: the built module in a memory of its own, texts written into it.
// In: build/matcher.wasm. Out: its exports, `place` for texts and structures.

import { HEAP_AT } from "../../schema/layout.ts";

const PAGE_BYTES = 65536;
const PAGES = 224;

type Exports = Record<string, (...args: (number | bigint)[]) => number | bigint>;

export class Primitives {
  readonly memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
  readonly bytes = new Uint8Array(this.memory.buffer);
  readonly #exports: Exports;
  #next = HEAP_AT;
  /** the bytes of the alert that was handed over last */
  alert: Uint8Array<ArrayBuffer> | undefined;

  constructor(module: WebAssembly.Module) {
    const table = new WebAssembly.Table({ initial: 1024, element: "anyfunc" });
    const instance = new WebAssembly.Instance(module, {
      env: { memory: this.memory, table, abort: () => {} },
      host: {
        on_alert: (_rule: number, at: number, bytes: number) => this.alert = this.bytes.slice(at, at + bytes),
        now: () => 0n,
      },
    });
    this.#exports = instance.exports as unknown as Exports;
  }

  static load(): Primitives {
    const path = new URL("../../build/matcher.wasm", import.meta.url);
    return new Primitives(new WebAssembly.Module(Deno.readFileSync(path)));
  }

  call(name: string, ...args: (number | bigint)[]): number | bigint {
    const fn = this.#exports[name];
    if (fn === undefined) throw new Error(`The matcher does not export ${name}`);
    return fn(...args);
  }

  /** Forgets all texts. */
  clear(): void {
    this.#next = HEAP_AT;
  }

  /** Address of a copy of the bytes, aligned to 8. */
  place(bytes: Uint8Array): number {
    const at = this.#next;
    this.bytes.set(bytes, at);
    this.#next = (at + bytes.length + 8) & ~7;
    return at;
  }

  /** View of a copy of the text. */
  view(text: string | Uint8Array): bigint {
    const bytes = toBytes(text);
    return viewOf(this.place(bytes), bytes.length);
  }

  /** View of a copy that ends where the memory ends: reading on is a trap. */
  viewAtEnd(text: string | Uint8Array): bigint {
    const bytes = toBytes(text);
    const at = PAGES * PAGE_BYTES - bytes.length;
    this.bytes.set(bytes, at);
    return viewOf(at, bytes.length);
  }

  /** The bytes of a view; undefined for a missing one. */
  read(view: bigint | number): Uint8Array | undefined {
    const v = BigInt.asUintN(64, BigInt(view));
    if (v === 0n) return undefined;
    const at = Number(v & 0xffffffffn);
    return this.bytes.slice(at, at + Number(v >> 32n));
  }

  text(view: bigint | number): string | undefined {
    const bytes = this.read(view);
    return bytes && new TextDecoder().decode(bytes);
  }
}

export function toBytes(text: string | Uint8Array): Uint8Array {
  return typeof text === "string" ? new TextEncoder().encode(text) : text;
}

export function viewOf(at: number, bytes: number): bigint {
  return (BigInt(bytes) << 32n) | BigInt(at);
}

/** The hash that sets are built with (assembly/README.md). */
export function hashOf(bytes: Uint8Array): number {
  const factor = 0x9E3779B97F4A7C15n;
  const wrap = (n: bigint) => BigInt.asUintN(64, n);
  let h = wrap(BigInt(bytes.length) * factor);
  for (let i = 0; i < bytes.length; i += 8) {
    let word = 0n;
    for (let k = 0; k < 8 && i + k < bytes.length; k++) word |= BigInt(bytes[i + k] ?? 0) << BigInt(8 * k);
    h = wrap((h ^ word) * factor);
    h ^= h >> 32n;
  }
  const low = Number((h ^ (h >> 15n)) & 0xffffffffn);
  return low === 0 ? 1 : low;
}

/** A text set as the rule compiler writes it. */
export function textSet(items: readonly Uint8Array[]): Uint8Array {
  let slots = 4;
  while (slots < items.length * 2) slots *= 2;
  const textsAt = 24 + slots * 16;
  const bytes = new Uint8Array(textsAt + items.reduce((sum, item) => sum + item.length, 0));
  const data = new DataView(bytes.buffer);
  data.setUint32(0, items.length, true);
  data.setUint32(4, slots - 1, true);
  data.setUint32(8, Math.min(...items.map((item) => item.length)), true);
  data.setUint32(12, Math.max(...items.map((item) => item.length)), true);
  let lengths = 0n, at = textsAt;
  for (const item of items) {
    lengths |= 1n << BigInt(Math.min(item.length, 63));
    const hash = hashOf(item);
    let slot = hash & (slots - 1);
    while (data.getUint32(24 + slot * 16, true) !== 0) slot = (slot + 1) & (slots - 1);
    data.setUint32(24 + slot * 16, hash, true);
    data.setUint32(28 + slot * 16, item.length, true);
    data.setUint32(32 + slot * 16, at, true);
    bytes.set(item, at);
    at += item.length;
  }
  data.setBigUint64(16, lengths, true);
  return bytes;
}

/** A path list for pmatch. */
export function pathList(paths: readonly string[]): Uint8Array {
  const texts = paths.map(toBytes);
  const bytes = new Uint8Array(8 + 8 * texts.length + texts.reduce((sum, text) => sum + text.length, 0));
  const data = new DataView(bytes.buffer);
  data.setUint32(0, texts.length, true);
  let at = 8 + 8 * texts.length;
  for (const [index, text] of texts.entries()) {
    data.setUint32(8 + 8 * index, at, true);
    data.setUint32(12 + 8 * index, text.length, true);
    bytes.set(text, at);
    at += text.length;
  }
  return bytes;
}
