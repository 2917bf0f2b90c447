// What the main thread and the engine worker say to each other.
// Types only. Besides messages there are the words of the CONTROL region (control.ts), which reach a worker that sleeps
// in the kernel or computes.

import type { LiveOptions } from "../sources/live/mod.ts";
import type { Alert } from "../alerts/mod.ts";
import type { EngineCounters } from "./counters.ts";
import type { MemoryPlan } from "./memory_plan.ts";
import type { RuleCost } from "./rule_costs.ts";
import type { SeenContainer } from "./seen_container.ts";
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
  /** however often it is prolonged; absent: any time */
  readonly maxDurationMs?: number;
  /** begin within a minute; absent: any number */
  readonly maxPerMinute?: number;
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
export interface RecordedChunk {
  readonly kind: "state" | "events";
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** how many events it holds */
  readonly events: number;
  /** a new section begins here: with it a file can begin */
  readonly begins: boolean;
  /** the limit of events, or the end of a capture, has been reached */
  readonly full: boolean;
  /** the event that let a capture begin; on its first chunk */
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
  /** the number of these rules: alerts tell it */
  readonly generation: number;
  readonly source: SourceOptions;
  readonly record?: RecordOptions;
  /** nothing is evaluated before `release` */
  readonly isHeld: boolean;
}

/** Other rules for the run. */
export interface RuleSwap {
  readonly rules: RuleCode;
  readonly generation: number;
  /** which of them begin captures, in a run that was started with captures */
  readonly capture?: CaptureOptions;
}

export type ToWorker =
  | WorkerStart
  | { readonly type: "counters" }
  /** begin a new section of the recording: the state as of now, then what follows */
  | { readonly type: "section" }
  /** records from outside the stream of events */
  | { readonly type: "inject"; readonly blocks: Uint8Array<ArrayBuffer> }
  /** nothing more will be said about a container */
  | { readonly type: "settle"; readonly id: string; readonly what: "facts" | "users" }
  /**
   * a run that was held goes on; what happened up to `takenUntilNs` changes its state and is not evaluated, without it
   * nothing is
   */
  | { readonly type: "release"; readonly takenUntilNs: bigint | undefined }
  /** these rules evaluate from the next turn on; answered by `swapped` or `refused` */
  | { readonly type: "swap"; readonly swap: RuleSwap };

/** What the rules that evaluate have counted. */
export interface RuleCounts {
  readonly ruleCosts: readonly RuleCost[];
  /** empty for rules that do not count what their checks answer */
  readonly leafWords: BigUint64Array<ArrayBuffer>;
}

export type FromWorker =
  /** state is in place, events are taken from here on */
  | { readonly type: "started"; readonly hostProblem?: string; readonly filterProblem?: string }
  /** `weight` is what to report as taken once they are handled */
  | {
    readonly type: "alerts";
    readonly alerts: readonly Alert[];
    readonly weight: number;
    /** number of the rules that all of them come from */
    readonly generation: number;
  }
  /** after the last alerts of the rules before */
  | { readonly type: "swapped" }
  /** the rules before go on */
  | { readonly type: "refused"; readonly name: string; readonly message: string }
  | { readonly type: "recorded"; readonly chunk: RecordedChunk }
  /** a container has turned up in the stream of events */
  | { readonly type: "container"; readonly seen: SeenContainer }
  /** the call by which the service asks whether events come through (service/health/canary.ts) has been seen */
  | { readonly type: "canary"; readonly number: number }
  | ({ readonly type: "counters"; readonly counters: EngineCounters } & RuleCounts)
  /** the source has ended or was stopped; the last message */
  | {
    readonly type: "ended";
    readonly counters: EngineCounters;
    readonly ruleCounts: RuleCounts;
    /** everything up to this boot time has been evaluated; absent for recordings */
    readonly takenUntilNs?: bigint;
  }
  /** the run failed; the last message. What was counted before is there, unless there were no rules yet */
  | {
    readonly type: "failed";
    readonly name: string;
    readonly message: string;
    readonly counters: EngineCounters;
    readonly ruleCounts?: RuleCounts;
  };
