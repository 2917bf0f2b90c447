// Stands in for the matcher: instantiates a generated rule module over a real shared memory, with extractors
// that read from a map and primitives that read the module's constants by the documented layout.

import assert from "node:assert/strict";
import type { CompiledRules } from "../../rules/compile.ts";
import { textHash } from "../../rules/emit/hash.ts";
import { baseName, glob, inNet, lowerAscii, pathPrefix, textCompare, upperAscii } from "./slow_primitives.ts";

export const NO_NUMBER = -(1n << 63n);
/** A text (latin-1), a number, or nothing. */
export type Value = string | bigint | undefined;
/** Asked for an extractor by its name and argument; `number` tells how a missing value has to look. */
export type Extract = (fn: string, arg: string | number | undefined) => Value;

export interface Alert {
  readonly rule: number;
  readonly values: readonly { readonly fn: string; readonly value: Value }[];
}

const BASE = 4096;

/** `numeric`: extractors that return numbers. */
export class FakeMatcher {
  readonly memory = new WebAssembly.Memory({ initial: 64, maximum: 64, shared: true });
  readonly table = new WebAssembly.Table({ element: "anyfunc", initial: 1024 });
  readonly calls = new Map<string, number>();
  readonly instance: WebAssembly.Instance;
  #extract: Extract = () => undefined;
  #scratch: number;
  #alerts: { rule: number; values: { fn: string; value: Value }[] }[] = [];

  constructor(
    compiled: Pick<CompiledRules, "wasm" | "constantsBytes">,
    readonly numeric: (fn: string) => boolean,
  ) {
    const module = new WebAssembly.Module(compiled.wasm as BufferSource);
    this.#scratch = BASE + compiled.constantsBytes;
    const matcher: Record<string, WebAssembly.ImportValue> = {};
    for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
      if (from === "matcher" && kind === "function") matcher[name] = this.#import(name);
    }
    this.instance = new WebAssembly.Instance(module, {
      env: {
        memory: this.memory,
        table: this.table,
        base: new WebAssembly.Global({ value: "i32", mutable: false }, BASE),
      },
      matcher,
    });
  }

  /** Evaluates one event and returns the alerts in order. */
  evaluate(code: number, extract: Extract): readonly Alert[] {
    this.#extract = extract;
    this.#alerts = [];
    const evaluate = this.table.get(code) as () => void;
    evaluate();
    return this.#alerts;
  }

  #text(view: bigint): string {
    const at = Number(view & 0xffff_ffffn), length = Number(BigInt.asUintN(64, view) >> 32n);
    return String.fromCharCode(...new Uint8Array(this.memory.buffer, at, length));
  }

  #view(text: string): bigint {
    const at = this.#scratch;
    new Uint8Array(this.memory.buffer, at, text.length).set([...text].map((char) => char.charCodeAt(0)));
    this.#scratch += text.length;
    if (this.#scratch > (1 << 21)) this.#scratch = 1 << 20;
    return (BigInt(text.length) << 32n) | BigInt(at);
  }

  #give(value: Value, numeric: boolean): bigint {
    if (value === undefined) return numeric ? NO_NUMBER : 0n;
    return typeof value === "bigint" ? value : this.#view(value);
  }

  #import(name: string): (...args: never[]) => unknown {
    const made = this.#primitive(name) ?? this.#output(name) ?? this.#extractor(name);
    return (...args: never[]) => {
      this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
      return (made as (...args: never[]) => unknown)(...args);
    };
  }

  #extractor(name: string): (arg?: number | bigint) => bigint {
    return (arg) =>
      this.#give(this.#extract(name, typeof arg === "bigint" ? this.#text(arg) : arg), this.numeric(name));
  }

  #output(name: string): ((value: bigint) => void) | ((rule: number) => void) | (() => void) | undefined {
    if (!name.startsWith("out_")) return undefined;
    if (name === "out_begin") return (rule: number) => void this.#alerts.push({ rule, values: [] });
    if (name === "out_end") return () => {};
    const text = name === "out_text" || name === "out_ip" || name === "out_bytes";
    return (value: bigint) => {
      const missing = value === (text ? 0n : NO_NUMBER);
      const given = missing ? undefined : text ? this.#text(value) : value;
      this.#alerts.at(-1)!.values.push({ fn: name, value: given });
    };
  }

  #primitive(name: string): ((a: bigint, b: never) => unknown) | undefined {
    const pair = (holds: (a: string, b: string) => boolean) => (a: bigint, b: bigint) =>
      a !== 0n && b !== 0n && holds(this.#text(a), this.#text(b)) ? 1 : 0;
    const change = (make: (a: string) => string) => (a: bigint) =>
      a === 0n ? 0n : this.#view(make(this.#text(a)));
    const primitives: Record<string, (a: bigint, b: never) => unknown> = {
      str_eq: pair((a, b) => a === b),
      ip_eq: pair((a, b) => a === b),
      str_ne: pair((a, b) => a !== b),
      str_contains: pair((a, b) => a.includes(b)),
      str_icontains: pair((a, b) => lowerAscii(a).includes(b)),
      str_startswith: pair((a, b) => a.startsWith(b)),
      str_endswith: pair((a, b) => a.endsWith(b)),
      str_glob: pair((a, b) => glob(b, a)),
      str_iglob: pair((a, b) => glob(lowerAscii(b), lowerAscii(a))),
      str_compare: (a, b) => textCompare(this.#text(a), this.#text(b)),
      str_in: (a, at: number) => a !== 0n && this.#inTextSet(this.#text(a), at) ? 1 : 0,
      ip_in: (a, at: number) => a !== 0n && this.#inTextSet(this.#text(a), at) ? 1 : 0,
      num_in: (n, at: number) => n !== NO_NUMBER && this.#numbers(at).includes(n) ? 1 : 0,
      str_pmatch: (a, at: number) =>
        a !== 0n && this.#paths(at).some((path) => pathPrefix(path, this.#text(a))) ? 1 : 0,
      net_contains: (a, at: number) =>
        a !== 0n && this.#nets(at).some(([net, bits]) => inNet(this.#text(a), net, bits)) ? 1 : 0,
      text_lower: change(lowerAscii),
      text_upper: change(upperAscii),
      text_basename: change(baseName),
      text_concat2: (a, b: bigint) => a === 0n || b === 0n ? 0n : this.#view(this.#text(a) + this.#text(b)),
      text_len: (a) => a === 0n ? NO_NUMBER : BigInt(this.#text(a).length),
    };
    return primitives[name];
  }

  #inTextSet(text: string, set: number): boolean {
    assert.equal(set % 8, 0, "a structure is 8-byte aligned");
    const data = new DataView(this.memory.buffer);
    const u32 = (at: number) => data.getUint32(set + at, true);
    const [count, mask] = [u32(0), u32(4)];
    assert.ok(count <= mask, "a set keeps a free slot");
    assert.equal((mask + 1) & mask, 0);
    const hasLength = (data.getBigUint64(set + 16, true) >> BigInt(Math.min(text.length, 63)) & 1n) === 1n;
    if (text.length < u32(8) || text.length > u32(12) || !hasLength) return false;
    const hash = textHash(Uint8Array.from(text, (char) => char.charCodeAt(0)));
    for (let i = hash & mask;; i = (i + 1) & mask) {
      const slot = 24 + 16 * i;
      if (u32(slot) === 0) return false;
      if (u32(slot) !== hash || u32(slot + 4) !== text.length) continue;
      const item = new Uint8Array(this.memory.buffer, set + u32(slot + 8), text.length);
      if (String.fromCharCode(...item) === text) return true;
    }
  }

  #numbers(set: number): bigint[] {
    const data = new DataView(this.memory.buffer);
    const count = data.getUint32(set, true);
    const items = Array.from({ length: count }, (_, i) => data.getBigInt64(set + 8 + 8 * i, true));
    assert.deepEqual(items, [...items].sort((a, b) => (a < b ? -1 : 1)), "a number set is sorted");
    return items;
  }

  #paths(list: number): string[] {
    const data = new DataView(this.memory.buffer);
    return Array.from({ length: data.getUint32(list, true) }, (_, i) => {
      const at = list + data.getUint32(list + 8 + 8 * i, true);
      const length = data.getUint32(list + 12 + 8 * i, true);
      return String.fromCharCode(...new Uint8Array(this.memory.buffer, at, length));
    });
  }

  #nets(list: number): [string, number][] {
    const data = new DataView(this.memory.buffer);
    return Array.from({ length: data.getUint32(list, true) }, (_, i) => {
      const at = list + 8 + 24 * i;
      const bytes = new Uint8Array(this.memory.buffer, at + 8, data.getUint32(at, true));
      return [String.fromCharCode(...bytes), data.getUint32(at + 4, true)];
    });
  }
}
