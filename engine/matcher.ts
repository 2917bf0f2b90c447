// The matcher's instance: build/matcher.wasm with its memory and its function table.
// In: the module's bytes and a shared memory. Out: its exports, which the rule module imports too.
// Elsewhere: what the exports do (assembly/), the generated rules (rule_module.ts).

import { TABLE, WASM_PAGE_BYTES } from "../schema/mod.ts";
import type { MatcherPort } from "../sources/mod.ts";
import { withMemoryPages } from "./exact_memory.ts";

export interface MatcherHost {
  /** an alert's values lie in the OUT region, from `at`; with rule −1, recorded events in the record buffer */
  onAlert(rule: number, at: number, bytes: number): void;
  /** epoch nanoseconds */
  now(): bigint;
}

export interface MatcherLimits {
  readonly heapEnd: number;
  readonly maxThreads: number;
  readonly maxFds: number;
}

/** Exports that the engine itself calls; extractors and primitives are for the rule module alone. */
interface MatcherExports extends WebAssembly.Exports {
  init(heapEnd: number, maxThreads: number, maxFds: number): void;
  allocate(bytes: number): number;
  free(at: number): void;
  ring_add(at: number, dataBytes: number, cpu: number): number;
  rings_clear(): void;
  pump(horizonNs: bigint, maxEvents: number): number;
  ingest(at: number, bytes: number): number;
  inject(at: number, bytes: number): number;
  look_up(at: number, bytes: number): number;
  look_up_threads(on: number): void;
  state_listed(ns: bigint): void;
  watch_containers(nowNs: bigint, waitNs: bigint, startWaitNs: bigint): number;
  is_holding(): number;
  unknown_container(at: number, bytes: number): void;
  read_container_users(at: number, bytes: number): void;
  set_evaluating(on: number): void;
  rules_changed(): void;
  set_clock_shift(shiftNs: bigint): void;
  record_start(bytes: number, maxEvents: bigint, all: number): number;
  record_flush(): void;
  record_matching: WebAssembly.ExportValue;
  record_nothing: WebAssembly.ExportValue;
}

const NEEDED = [
  "init",
  "allocate",
  "free",
  "ring_add",
  "rings_clear",
  "pump",
  "ingest",
  "inject",
  "look_up",
  "look_up_threads",
  "state_listed",
  "watch_containers",
  "is_holding",
  "unknown_container",
  "read_container_users",
  "set_evaluating",
  "rules_changed",
  "set_clock_shift",
  "record_start",
  "record_flush",
  "record_matching",
  "record_nothing",
] as const;

export class Matcher implements MatcherPort {
  readonly memory: WebAssembly.Memory;
  readonly table: WebAssembly.Table;
  readonly exports: MatcherExports;

  constructor(
    wasm: Uint8Array<ArrayBuffer>,
    memory: WebAssembly.Memory,
    limits: MatcherLimits,
    host: MatcherHost,
  ) {
    this.memory = memory;
    this.table = new WebAssembly.Table({
      initial: TABLE.ENTRIES,
      maximum: TABLE.ENTRIES,
      element: "anyfunc",
    });
    const exact = withMemoryPages(wasm, memory.buffer.byteLength / WASM_PAGE_BYTES);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(exact), {
      env: {
        memory,
        table: this.table,
        abort: () => {
          throw new Error("Internal error: the matcher aborted");
        },
      },
      host: { on_alert: host.onAlert, now: host.now },
    });
    for (const name of NEEDED) {
      if (typeof exports[name] !== "function") {
        throw new Error(`Cannot use the matcher: its module has no export "${name}", build it again`);
      }
    }
    this.exports = exports as MatcherExports;
    this.exports.init(limits.heapEnd, limits.maxThreads, limits.maxFds);
  }

  ring_add(at: number, dataBytes: number, cpu: number): number {
    return this.exports.ring_add(at, dataBytes, cpu);
  }

  rings_clear(): void {
    this.exports.rings_clear();
  }

  pump(horizonNs: bigint, maxEvents: number): number {
    return this.exports.pump(horizonNs, maxEvents);
  }

  ingest(at: number, bytes: number): number {
    return this.exports.ingest(at, bytes);
  }

  set_evaluating(on: number): void {
    this.exports.set_evaluating(on);
  }

  set_clock_shift(shiftNs: bigint): void {
    this.exports.set_clock_shift(shiftNs);
  }

  inject(at: number, bytes: number): number {
    return this.exports.inject(at, bytes);
  }

  look_up(at: number, bytes: number): number {
    return this.exports.look_up(at, bytes);
  }

  look_up_threads(on: number): void {
    this.exports.look_up_threads(on);
  }

  state_listed(ns: bigint): void {
    this.exports.state_listed(ns);
  }

  watch_containers(nowNs: bigint, waitNs: bigint, startWaitNs: bigint): number {
    return this.exports.watch_containers(nowNs, waitNs, startWaitNs);
  }

  is_holding(): number {
    return this.exports.is_holding();
  }

  unknown_container(at: number, bytes: number): void {
    this.exports.unknown_container(at, bytes);
  }

  read_container_users(at: number, bytes: number): void {
    this.exports.read_container_users(at, bytes);
  }
}
