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

/** When a match lets a recording begin, and for how long. */
export interface CaptureOptions {
  /** by the number of the rule */
  readonly rules: readonly { readonly starts: boolean; readonly durationMs: number }[];
  /** how much of what came before the match is kept */
  readonly beforeMs: number;
}

/** What to record of the events. */
export interface RecordOptions {
  /** every event, instead of those that the rules match */
  readonly all: boolean;
  /** then no more is recorded; without it any number */
  readonly maxEvents?: number;
  /** only around matches of rules; needs `all` */
  readonly capture?: CaptureOptions;
}

/** Part of a recording: whole blocks of the `.scap` format. */
export interface RecordedPiece {
  readonly kind: "state" | "events";
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** how many events it holds */
  readonly events: number;
  /** a new section begins here: with it a file can begin */
  readonly begins: boolean;
  /** the limit of events, or the end of a capture, has been reached */
  readonly full: boolean;
  /** the event that let a capture begin; on its first piece */
  readonly trigger?: { readonly timeNs: bigint; readonly eventNumber: bigint };
}

export interface WorkerStart {
  readonly type: "start";
  readonly matcherWasm: Uint8Array<ArrayBuffer>;
  readonly memory: WebAssembly.Memory;
  readonly plan: MemoryPlan;
  readonly maxThreads: number;
  readonly maxFds: number;
  readonly rules: RuleCode;
  readonly source: SourceOptions;
  readonly record?: RecordOptions;
}

export type ToWorker =
  | WorkerStart
  | { readonly type: "counters" }
  /** begin a new section of the recording: the state as of now, then what follows */
  | { readonly type: "section" };

export type FromWorker =
  /** state is in place, events are taken from here on */
  | { readonly type: "started" }
  /** `weight` is what to report as taken once they are handled */
  | { readonly type: "alerts"; readonly alerts: readonly Alert[]; readonly weight: number }
  | { readonly type: "recorded"; readonly piece: RecordedPiece }
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
