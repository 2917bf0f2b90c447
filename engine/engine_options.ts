// How a run of the engine is set up: what callers choose, and what the worker is told about it.
// In: options. Out: the plan of the memory, the worker's first message.
// Elsewhere: the run itself (engine.ts, worker.ts).

import { hostRoot } from "../ffi/mod.ts";
import type { BaseCalls } from "../sources/mod.ts";
import { type FilterMode, type IoCalls, planRings, readCpus, type RingPlan } from "../sources/live/mod.ts";
import type { Alert } from "../alerts/mod.ts";
import { fitsMemory, type MemoryPlan, planMemory } from "./memory_plan.ts";
import type { RecordedChunk, RecordOptions, SourceOptions, WorkerStart } from "./messages.ts";
import { matcherWasm, objectPath } from "./program_files.ts";
import { needsOf, type RuleCode, workerRules } from "./rule_module.ts";
import type { SeenContainer } from "./seen_container.ts";

export interface LiveEngineSource {
  readonly kind: "live";
  /** default: build/probe.bpf.o of the source tree */
  readonly probePath?: string;
  /** of each ring; a power of two; default 8 MiB */
  readonly ringBytes?: number;
  /** CPUs that share a ring; default 1; 0 = one ring for all */
  readonly cpusPerRing?: number;
  /** copy records instead of mapping the rings into the matcher's memory */
  readonly copy?: boolean;
  /** root of the host's file system when falco runs in a container; default HOST_ROOT or "" */
  readonly hostRoot?: string;
  /** which calls that move data are reported; default those that rules name */
  readonly io?: IoCalls;
  /** calls besides those of the rules (base_syscalls.custom_set and repair) */
  readonly baseCalls?: BaseCalls;
  readonly dropFailed?: boolean;
  /** whether what no rule can match is left out in the kernel; default "off"; never where events are recorded */
  readonly filterMode?: FilterMode;
  /** bytes kept of data that is read or written; default 80 */
  readonly snaplen?: number;
}

export interface EngineOptions {
  readonly rules: RuleCode;
  readonly source: { readonly kind: "replay"; readonly path: string } | LiveEngineSource;
  /** the number of these rules; default 0 */
  readonly generation?: number;
  /**
   * Alerts of the rules with this number. Further ones rest in the worker until a promise is kept, once too many wait.
   */
  readonly onAlerts: (alerts: readonly Alert[], generation: number) => void | Promise<void>;
  /** watches from the start on, but evaluates nothing before `release` */
  readonly isHeld?: boolean;
  /** Records events; when not all of them, those that the rules match, and then there are no alerts. */
  readonly record?: RecordOptions & {
    /** Chunks come in order, each after the promise of the one before is kept. */
    readonly onChunk: (chunk: RecordedChunk) => void | Promise<void>;
  };
  /** Live: containers that turn up are reported, and their first events wait for what `inject` says about them. */
  readonly containers?: {
    /** milliseconds at most; 0 = evaluated at once, as Falco does */
    readonly waitMs: number;
    /** a container that is new, or again after a while; its engine is to be asked when `isKnown` is false */
    readonly onSeen: (seen: SeenContainer) => void;
  };
  /** default: build/matcher.wasm of the source tree */
  readonly matcherWasm?: Uint8Array<ArrayBuffer>;
  readonly heapBytes?: number;
  readonly maxThreads?: number;
  /** open files over all processes */
  readonly maxFds?: number;
}

const DEFAULT_HEAP_BYTES = 256 << 20;
/** A recording is read by people on their own machines, and may be hostile: all memory together stays below 200 MiB. */
const DEFAULT_REPLAY_HEAP_BYTES = 64 << 20;
const DEFAULT_RING_BYTES = 8 << 20;
const DEFAULT_SNAPLEN = 80;
const DEFAULT_MAX_THREADS = 262144;
const DEFAULT_MAX_FDS = 1 << 20;

export interface EnginePlan {
  readonly memory: MemoryPlan;
  readonly rings: RingPlan | undefined;
}

export function planEngine({ source, heapBytes }: EngineOptions): EnginePlan {
  if (source.kind === "replay") {
    return { memory: planMemory(heapBytes ?? DEFAULT_REPLAY_HEAP_BYTES, 0, 0), rings: undefined };
  }
  const heap = heapBytes ?? DEFAULT_HEAP_BYTES;
  const ringBytes = source.ringBytes ?? DEFAULT_RING_BYTES;
  const rings = ringPlan(source.cpusPerRing ?? 1, (count) => fitsMemory(heap, count, ringBytes));
  return { memory: planMemory(heap, rings.ringCpus.length, ringBytes), rings };
}

/** @param wakerFd wakes the worker when it sleeps in the kernel */
export function startMessage(
  options: EngineOptions,
  plan: EnginePlan,
  memory: WebAssembly.Memory,
  wakerFd: number,
): WorkerStart {
  return {
    type: "start",
    matcherWasm: options.matcherWasm ?? matcherWasm(),
    memory,
    plan: plan.memory,
    maxThreads: options.maxThreads || DEFAULT_MAX_THREADS,
    maxFds: options.maxFds ?? DEFAULT_MAX_FDS,
    rules: workerRules(options.rules),
    generation: options.generation ?? 0,
    source: sourceOptions(options, plan, wakerFd),
    ...(options.record === undefined ? {} : { record: recordOptions(options.record) }),
    isHeld: options.isHeld ?? false,
  };
}

function sourceOptions(
  { source, rules, containers, record }: EngineOptions,
  plan: EnginePlan,
  wakerFd: number,
): SourceOptions {
  if (source.kind === "replay") return source;
  return {
    kind: "live",
    probePath: source.probePath ?? objectPath("probe.bpf.o"),
    preemptionPath: objectPath("preemption.bpf.o"),
    rings: plan.rings!,
    ringPages: plan.memory.rings,
    copy: source.copy ?? false,
    hostRoot: source.hostRoot ?? hostRoot(),
    needs: needsOf(rules),
    io: source.io ?? "named",
    ...(source.baseCalls === undefined ? {} : { baseCalls: source.baseCalls }),
    dropFailed: source.dropFailed ?? false,
    filterMode: record === undefined ? source.filterMode ?? "off" : "off",
    snaplen: source.snaplen ?? DEFAULT_SNAPLEN,
    ...(containers === undefined ? {} : { containers: { waitMs: containers.waitMs } }),
    isRecorded: record !== undefined,
    wakerFd,
  };
}

/** What the worker needs of them: functions do not cross over. */
function recordOptions({ all, maxEvents, capture }: RecordOptions): RecordOptions {
  return {
    all,
    ...(maxEvents === undefined ? {} : { maxEvents }),
    ...(capture === undefined ? {} : { capture }),
  };
}

/** On machines with so many CPUs that their rings would not fit, more of them share one than was asked for. */
function ringPlan(cpusPerRing: number, fits: (ringCount: number) => boolean): RingPlan {
  const possible = readCpus("possible");
  const online = readCpus("online");
  let share = cpusPerRing > 0 ? cpusPerRing : possible.length;
  let plan = planRings(possible, online, share);
  while (!fits(plan.ringCpus.length) && plan.ringCpus.length > 1) {
    share *= 2;
    plan = planRings(possible, online, share);
  }
  return plan;
}
