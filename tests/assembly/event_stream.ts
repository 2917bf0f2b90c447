// Feeds the matcher in tests: builds events and blocks, hands them over by blocks or by rings, and calls back for
// each event that rules would see.
// In: build/matcher.wasm. Out: `StateMatcher`, `event`, parameter encoders.

import { Matcher } from "../../engine/matcher.ts";
import { EVENT_COUNT } from "../../schema/events.ts";
import { counterAt, HEAP_AT, type MATCHER_COUNTERS, REGION } from "../../schema/layout.ts";

const WASM_PAGE_BYTES = 65536;
const NO_NUMBER = -(1n << 63n);

/** (module (import "m" "f" (func)) (export "f" (func 0))): turns a JavaScript function into a table element. */
const CALLBACK_MODULE = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 4, 1, 0x60, 0, 0],
  ...[2, 7, 1, 1, 0x6d, 1, 0x66, 0, 0],
  ...[7, 5, 1, 1, 0x66, 0, 0],
);

let wasm: Uint8Array<ArrayBuffer> | undefined;

function matcherModule(): Uint8Array<ArrayBuffer> {
  return wasm ??= Deno.readFileSync(new URL("../../build/matcher.wasm", import.meta.url));
}

export interface StateLimits {
  readonly heapBytes?: number;
  /** bytes after the heap, where rings lie */
  readonly ringBytes?: number;
  readonly maxThreads?: number;
  readonly maxFds?: number;
}

export class StateMatcher {
  readonly matcher: Matcher;
  readonly bytes: Uint8Array;
  readonly data: DataView;
  /** where rings may lie */
  readonly ringsAt: number;
  /** called for each event that rules see */
  onEvent: () => void = () => {};
  /** called for what the matcher hands over */
  onAlert: (rule: number, at: number, bytes: number) => void = () => {};

  constructor(limits: StateLimits = {}) {
    const { heapBytes = 16 << 20, ringBytes = 0, maxThreads = 4096, maxFds = 65536 } = limits;
    this.ringsAt = HEAP_AT + heapBytes;
    const pages = Math.ceil((this.ringsAt + ringBytes) / WASM_PAGE_BYTES);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.bytes = new Uint8Array(memory.buffer);
    this.data = new DataView(memory.buffer);
    this.matcher = new Matcher(matcherModule(), memory, { heapEnd: this.ringsAt, maxThreads, maxFds }, {
      onAlert: (rule, at, bytes) => this.onAlert(rule, at, bytes),
      now: () => 0n,
    });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(CALLBACK_MODULE), {
      m: { f: () => this.onEvent() },
    });
    for (let code = 0; code < EVENT_COUNT; code++) this.matcher.table.set(code, exports["f"] as () => void);
  }

  counter(name: typeof MATCHER_COUNTERS[number]): number {
    return Number(this.data.getBigUint64(counterAt(name), true));
  }

  /** Hands blocks over as the replay source does; the result of the last call of `ingest`. */
  ingest(blocks: Uint8Array): number {
    let from = 0, consumed = 0;
    while (from < blocks.length) {
      const part = blocks.subarray(from, from + REGION.INGEST.bytes);
      this.bytes.set(part, REGION.INGEST.at);
      consumed = this.matcher.ingest(REGION.INGEST.at, part.length);
      if (consumed <= 0) return consumed;
      from += consumed;
    }
    return consumed;
  }

  /** Evaluates events; a callback reads fields while the last one is current. */
  feed(events: readonly Uint8Array[], onLast: () => void = () => {}): void {
    this.ingest(concat(events.slice(0, -1).map((bytes) => eventBlock(bytes))));
    const before = this.onEvent;
    this.onEvent = onLast;
    this.ingest(concat(events.slice(-1).map((bytes) => eventBlock(bytes))));
    this.onEvent = before;
  }

  /** Value of a text field of the current event; undefined when it has none. */
  text(extractor: string): string | undefined {
    const view = BigInt.asUintN(64, this.#call(extractor));
    if (view === 0n) return undefined;
    const at = Number(view & 0xffffffffn);
    return new TextDecoder().decode(this.bytes.slice(at, at + Number(view >> 32n)));
  }

  number(extractor: string): number | undefined {
    const value = this.#call(extractor);
    return value === NO_NUMBER ? undefined : Number(value);
  }

  #call(extractor: string): bigint {
    return (this.matcher.exports[extractor] as () => bigint)();
  }
}

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** An event as it lies in a ring. */
export function event(
  { type, tid, timeNs = 0n, params, large = false }: {
    type: number;
    tid: number;
    timeNs?: bigint;
    params: readonly Uint8Array[];
    large?: boolean;
  },
): Uint8Array<ArrayBuffer> {
  const lengthBytes = large ? 4 : 2;
  const body = concat(params);
  const bytes = new Uint8Array(26 + params.length * lengthBytes + body.length);
  const data = new DataView(bytes.buffer);
  data.setBigUint64(0, timeNs, true);
  data.setBigInt64(8, BigInt(tid), true);
  data.setUint32(16, bytes.length, true);
  data.setUint16(20, type, true);
  data.setUint32(22, params.length, true);
  params.forEach((param, i) => {
    if (large) data.setUint32(26 + i * 4, param.length, true);
    else data.setUint16(26 + i * 2, param.length, true);
  });
  bytes.set(body, 26 + params.length * lengthBytes);
  return bytes;
}

export function block(type: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = (body.length + 3) & ~3;
  const bytes = new Uint8Array(12 + padded);
  const data = new DataView(bytes.buffer);
  data.setUint32(0, type, true);
  data.setUint32(4, bytes.length, true);
  bytes.set(body, 8);
  data.setUint32(8 + padded, bytes.length, true);
  return bytes;
}

export function eventBlock(bytes: Uint8Array, flags?: number): Uint8Array<ArrayBuffer> {
  const head = flags === undefined ? new Uint8Array(2) : concat([new Uint8Array(2), u32(flags)]);
  return block(flags === undefined ? 0x216 : 0x217, concat([head, bytes]));
}

function encoded(bytes: number, set: (data: DataView) => void): Uint8Array<ArrayBuffer> {
  const value = new Uint8Array(bytes);
  set(new DataView(value.buffer));
  return value;
}

export const NONE = new Uint8Array(0);
export const u8 = (n: number) => Uint8Array.of(n);
export const u16 = (n: number) => encoded(2, (data) => data.setUint16(0, n, true));
export const u32 = (n: number) => encoded(4, (data) => data.setUint32(0, n >>> 0, true));
export const i64 = (n: number | bigint) => encoded(8, (data) => data.setBigInt64(0, BigInt(n), true));
/** a text with its NUL */
/** A path or a name may be any bytes. */
export const text = (s: string | Uint8Array): Uint8Array =>
  typeof s === "string" ? new TextEncoder().encode(`${s}\0`) : Uint8Array.of(...s, 0);
/** texts, each with its NUL */
export const list = (...items: string[]) => concat(items.map(text));
export const address4 = (ip: number[], port: number) => concat([u8(2), Uint8Array.from(ip), u16(port)]);
export const tuple4 = (sip: number[], sport: number, dip: number[], dport: number) =>
  concat([u8(2), Uint8Array.from(sip), u16(sport), Uint8Array.from(dip), u16(dport)]);
export const u64Params = (...numbers: number[]) => numbers.map((n) => i64(n));
