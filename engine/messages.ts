// What the main thread and the engine worker say to each other.
// Types only. Beside messages there are the words of the CONTROL region (control.ts), which reach a worker that sleeps
// in the kernel or computes.

import type { LiveOptions } from "../sources/live/live_source.ts";
import type { Alert } from "./alert.ts";
import type { EngineCounters } from "./counters.ts";
import type { MemoryPlan } from "./memory_plan.ts";
import type { RuleCode } from "./rule_module.ts";

export type SourceOptions =
  | { readonly kind: "replay"; readonly path: string }
  | ({ readonly kind: "live" } & LiveOptions);

export interface WorkerStart {
  readonly type: "start";
  readonly matcherWasm: Uint8Array<ArrayBuffer>;
  readonly memory: WebAssembly.Memory;
  readonly plan: MemoryPlan;
  readonly maxThreads: number;
  readonly maxFds: number;
  readonly rules: RuleCode;
  readonly source: SourceOptions;
}

export type ToWorker = WorkerStart | { readonly type: "counters" };

export type FromWorker =
  /** state is in place, events are taken from here on */
  | { readonly type: "started" }
  | { readonly type: "alerts"; readonly alerts: readonly Alert[] }
  | { readonly type: "counters"; readonly counters: EngineCounters }
  /** the source has ended or was stopped; the last message */
  | { readonly type: "ended"; readonly counters: EngineCounters }
  /** the run failed; the last message */
  | {
    readonly type: "failed";
    readonly name: string;
    readonly message: string;
    readonly counters: EngineCounters;
  };
