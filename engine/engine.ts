// The engine as the main thread holds it: starts the worker, passes alerts on, stops it and reports what it counted.
// In: compiled rules and a source. Out: alerts through `onAlerts`, the end through `ended`.
// Elsewhere: the loop itself (worker.ts), signals and reload (service/), where alerts are printed (outputs/).

import { planRings, readCpus, type RingPlan } from "../sources/live/cpus.ts";
import { Waker } from "../sources/waker.ts";
import type { Alert } from "./alert.ts";
import { Control } from "./control.ts";
import { type EngineCounters, readMatcherCounters } from "./counters.ts";
import { createMemory, fitsMemory, type MemoryPlan, planMemory } from "./memory_plan.ts";
import type { FromWorker, RecordedPiece, RecordOptions, SourceOptions, ToWorker } from "./messages.ts";
import type { RuleCode } from "./rule_module.ts";

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
  /** reads and writes of data too (base_syscalls.all) */
  readonly withHighVolumeIo?: boolean;
  readonly dropFailed?: boolean;
  /** bytes kept of data that is read or written; default 80 */
  readonly snaplen?: number;
}

export interface EngineOptions {
  readonly rules: RuleCode;
  readonly source: { readonly kind: "replay"; readonly path: string } | LiveEngineSource;
  /** Further alerts rest in the worker until a promise is kept, once too many wait. */
  readonly onAlerts: (alerts: readonly Alert[]) => void | Promise<void>;
  /** Records events; when not all of them, those that the rules match, and then there are no alerts. */
  readonly record?: RecordOptions & {
    /** Pieces come in order, each after the promise of the one before is kept. */
    readonly onPiece: (piece: RecordedPiece) => void | Promise<void>;
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
/** A worker that does not answer `stop` within this time is ended by force. */
const STOP_PATIENCE_MS = 5000;

const BUILD = new URL("../build/", import.meta.url);

export class Engine {
  /** The run is over, by itself or by `stop`. Rejects when it failed. */
  readonly ended: Promise<EngineCounters>;
  /** State is in place and events are being judged. Rejects when that could not be reached. */
  readonly started: Promise<void>;
  readonly #worker: Worker;
  readonly #memory: WebAssembly.Memory;
  readonly #control: Control;
  readonly #waker = new Waker();
  readonly #onAlerts: EngineOptions["onAlerts"];
  readonly #onPiece: (piece: RecordedPiece) => void | Promise<void>;
  /** the last piece of a recording that was given away */
  #written: Promise<void> = Promise.resolve();
  #lastCounters: EngineCounters | undefined;
  #waiting: ((counters: EngineCounters) => void)[] = [];
  #isOver = false;
  readonly #resolveStarted: () => void;
  readonly #rejectStarted: (error: Error) => void;
  readonly #resolveEnded: (counters: EngineCounters) => void;
  readonly #rejectEnded: (error: Error) => void;

  private constructor(memory: WebAssembly.Memory, { onAlerts, record }: EngineOptions) {
    this.#memory = memory;
    this.#onAlerts = onAlerts;
    this.#onPiece = record?.onPiece ?? (() => {});
    this.#control = new Control(memory);
    const started = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<EngineCounters>();
    this.started = started.promise;
    this.ended = ended.promise;
    // who only waits for one of the two must not be ended by the other
    this.started.catch(() => {});
    this.ended.catch(() => {});
    this.#resolveStarted = started.resolve;
    this.#rejectStarted = started.reject;
    this.#resolveEnded = ended.resolve;
    this.#rejectEnded = ended.reject;
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), {
      type: "module",
      name: "falco engine",
    });
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(new Error(`The engine failed: ${event.message}`));
    };
  }

  /** Resolves when events are being judged; whatever prevents that is thrown. */
  static async start(options: EngineOptions): Promise<Engine> {
    const { source } = options;
    const heapBytes = options.heapBytes ??
      (source.kind === "live" ? DEFAULT_HEAP_BYTES : DEFAULT_REPLAY_HEAP_BYTES);
    const ringBytes = source.kind === "live" ? source.ringBytes ?? DEFAULT_RING_BYTES : 0;
    const rings = source.kind === "live"
      ? ringPlan(source.cpusPerRing ?? 1, (count) => fitsMemory(heapBytes, count, ringBytes))
      : undefined;
    const plan = planMemory(heapBytes, rings?.ringCpus.length ?? 0, ringBytes);
    const matcherWasm = options.matcherWasm ?? readArtefact("matcher.wasm");
    const engine = new Engine(createMemory(plan), options);
    engine.#send({
      type: "start",
      matcherWasm,
      memory: engine.#memory,
      plan,
      maxThreads: options.maxThreads ?? DEFAULT_MAX_THREADS,
      maxFds: options.maxFds ?? DEFAULT_MAX_FDS,
      rules: ruleCode(options.rules),
      source: engine.#sourceOptions(options, plan, rings),
      ...(options.record === undefined ? {} : { record: recordOptions(options.record) }),
    });
    await engine.started;
    return engine;
  }

  /** What was counted so far. */
  async counters(): Promise<EngineCounters> {
    if (this.#isOver) return await this.ended;
    const { promise, resolve } = Promise.withResolvers<EngineCounters>();
    this.#waiting.push(resolve);
    this.#control.announceMessage();
    this.#send({ type: "counters" });
    this.#waker.wake();
    return await promise;
  }

  /** The recording goes on in a new section, which begins with the state as of now. */
  beginSection(): void {
    if (this.#isOver) return;
    this.#control.announceMessage();
    this.#send({ type: "section" });
    this.#waker.wake();
  }

  /** What was counted up to the end of the run, be it a failure; undefined before. */
  get finalCounters(): EngineCounters | undefined {
    return this.#lastCounters;
  }

  /** Events that were reported before the call are still judged; their alerts arrive before the promise resolves. */
  async stop(): Promise<EngineCounters> {
    if (this.#isOver) return await this.ended;
    this.#control.requestStop();
    this.#waker.wake();
    const timer = setTimeout(
      () =>
        this.#fail(
          new Error(`The engine did not stop within ${STOP_PATIENCE_MS / 1000} s and was ended by force`),
        ),
      STOP_PATIENCE_MS,
    );
    try {
      return await this.ended;
    } finally {
      clearTimeout(timer);
    }
  }

  #sourceOptions(
    { source, rules }: EngineOptions,
    plan: MemoryPlan,
    rings: RingPlan | undefined,
  ): SourceOptions {
    if (source.kind === "replay") return source;
    return {
      kind: "live",
      probePath: source.probePath ?? new URL("probe.bpf.o", BUILD).pathname,
      rings: rings!,
      ringPages: plan.rings,
      copy: source.copy ?? false,
      hostRoot: source.hostRoot ?? Deno.env.get("HOST_ROOT") ?? "",
      eventCodes: rules.eventCodes,
      ...(rules.genericSyscalls === undefined ? {} : { genericSyscalls: rules.genericSyscalls }),
      usesRealpath: rules.usesRealpath ?? false,
      withHighVolumeIo: source.withHighVolumeIo ?? false,
      dropFailed: source.dropFailed ?? false,
      snaplen: source.snaplen ?? DEFAULT_SNAPLEN,
      wakerFd: this.#waker.fd,
    };
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case "started":
        return this.#resolveStarted();
      case "alerts":
        return this.#handOver(message.alerts, message.weight);
      case "recorded":
        return this.#record(message.piece);
      case "counters":
        return this.#waiting.shift()?.(message.counters);
      case "ended":
        this.#close(message.counters);
        this.#resolveStarted();
        // nothing of a recording is missing when the end is known
        return void this.#written.then(() => this.#resolveEnded(message.counters));
      case "failed": {
        const error = new Error(message.message);
        error.name = message.name;
        return this.#fail(error, message.counters);
      }
    }
  }

  #handOver(alerts: readonly Alert[], weight: number): void {
    let handled: void | Promise<void> = undefined;
    try {
      handled = this.#onAlerts(alerts);
    } finally {
      if (!(handled instanceof Promise)) this.#control.addTakenAlerts(weight);
    }
    if (handled instanceof Promise) {
      handled.catch((error) => this.#fail(asError(error))).finally(() =>
        this.#control.addTakenAlerts(weight)
      );
    }
  }

  #record(piece: RecordedPiece): void {
    this.#written = this.#written
      .then(() => this.#onPiece(piece))
      .catch((error) => this.#fail(asError(error)))
      .finally(() => this.#control.addTakenBytes(piece.bytes.length));
  }

  #fail(error: Error, counters: EngineCounters = readMatcherCounters(this.#memory)): void {
    if (this.#isOver) return;
    this.#close(counters);
    this.#worker.terminate();
    this.#rejectStarted(error);
    this.#rejectEnded(error);
  }

  #close(counters: EngineCounters): void {
    this.#isOver = true;
    this.#lastCounters = counters;
    this.#waker.close();
    for (const resolve of this.#waiting.splice(0)) resolve(counters);
  }
}

/** What the worker needs of them: functions do not cross over. */
function recordOptions({ all, maxEvents, capture }: RecordOptions): RecordOptions {
  return {
    all,
    ...(maxEvents === undefined ? {} : { maxEvents }),
    ...(capture === undefined ? {} : { capture }),
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Only what the worker needs crosses over: an output template may hold functions of the field catalogue. */
function ruleCode({ wasm, constantsBytes, eventCodes, genericSyscalls }: RuleCode): RuleCode {
  return { wasm, constantsBytes, eventCodes, ...(genericSyscalls === undefined ? {} : { genericSyscalls }) };
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

function readArtefact(name: string): Uint8Array<ArrayBuffer> {
  const path = new URL(name, BUILD);
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    throw new Error(
      `Cannot read ${path.pathname}: ${error instanceof Error ? error.message : error}\n` +
        "  remedy: build it with deno task build",
      { cause: error },
    );
  }
}
