// The engine as the main thread holds it: starts the worker, passes alerts on, stops it and reports what it counted.
// In: compiled rules and a source. Out: alerts through `onAlerts`, the end through `ended`.
// Elsewhere: the loop itself (worker.ts), signals and reload (service/), where alerts are printed (outputs/).

import { Waker } from "../sources/mod.ts";
import type { Alert } from "../alerts/mod.ts";
import { Control, type Ending } from "./control.ts";
import { type EngineCounters, type LiveCounters, readLiveCounters, readMatcherCounters } from "./counters.ts";
import { type EngineOptions, planEngine, startMessage } from "./engine_options.ts";
import { createMemory, type MemoryPlan } from "./memory_plan.ts";
import type { CaptureOptions, FromWorker, RecordedChunk, RuleCounts, ToWorker } from "./messages.ts";
import { engineWorkerUrl, provideLibbpf } from "./program_files.ts";
import type { RuleCost } from "./rule_costs.ts";
import type { RuleCode } from "./rule_module.ts";
import { endedError, RuleSwaps } from "./rule_swaps.ts";
import type { SeenContainer } from "./seen_container.ts";

/** A worker that does not answer `stop` within this time is ended by force. */
const STOP_PATIENCE_MS = 5000;
const ABANDON_PATIENCE_MS = 1000;

const NOTHING_COUNTED: RuleCounts = { ruleCosts: [], leafWords: new BigUint64Array(0) };

export class Engine {
  /** The run is over, by itself or by `stop`. Rejects when it failed. */
  readonly ended: Promise<EngineCounters>;
  /** State is in place and events are being evaluated. Rejects when that could not be reached. */
  readonly started: Promise<void>;
  /** a canary (service/health/canary.ts) has come through, after all alerts of events before it */
  onCanary: ((number: number) => void) | undefined;
  readonly #worker: Worker;
  readonly #memory: WebAssembly.Memory;
  readonly #control: Control;
  readonly #waker = new Waker();
  readonly #onAlerts: EngineOptions["onAlerts"];
  readonly #swaps: RuleSwaps;
  /** they take place one after the other */
  #lastSwap: Promise<void> = Promise.resolve();
  readonly #onContainer: (seen: SeenContainer) => void;
  readonly #onChunk: (chunk: RecordedChunk) => void | Promise<void>;
  /** the last chunk of a recording that was given away */
  #written: Promise<void> = Promise.resolve();
  #lastCounters: EngineCounters | undefined;
  #waiting: ((counters: EngineCounters) => void)[] = [];
  #ruleCounts: RuleCounts = NOTHING_COUNTED;
  /** what the memory holds; rings are readable in it when they are mapped there */
  readonly #plan: MemoryPlan;
  #hostProblem: string | undefined;
  #filterProblem: string | undefined;
  #isOver = false;
  #isHeld: boolean;
  #takenUntilNs: bigint | undefined;
  readonly #resolveStarted: () => void;
  readonly #rejectStarted: (error: Error) => void;
  readonly #resolveEnded: (counters: EngineCounters) => void;
  readonly #rejectEnded: (error: Error) => void;

  private constructor(memory: WebAssembly.Memory, plan: MemoryPlan, options: EngineOptions) {
    const { onAlerts, record, generation } = options;
    this.#memory = memory;
    this.#plan = plan;
    this.#onAlerts = onAlerts;
    this.#swaps = new RuleSwaps(generation ?? 0);
    this.#isHeld = options.isHeld ?? false;
    this.#onContainer = options.containers?.onSeen ?? (() => {});
    this.#onChunk = record?.onChunk ?? (() => {});
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
    this.#worker = new Worker(engineWorkerUrl(), {
      type: "module",
      name: "falco engine",
    });
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(new Error(`The engine failed: ${event.message}`));
    };
    this.#worker.onmessageerror = () =>
      this.#fail(new Error("The engine failed: a message could not be read"));
  }

  /** Resolves when events are being evaluated; whatever prevents that is thrown. */
  static async start(options: EngineOptions): Promise<Engine> {
    if (options.source.kind === "live") provideLibbpf();
    const plan = planEngine(options);
    const engine = new Engine(createMemory(plan.memory), plan.memory, options);
    engine.#worker.postMessage(startMessage(options, plan, engine.#memory, engine.#waker.fd));
    await engine.started;
    return engine;
  }

  /** What was counted so far. */
  async counters(): Promise<EngineCounters> {
    if (this.#isOver) return await this.ended;
    const { promise, resolve } = Promise.withResolvers<EngineCounters>();
    this.#waiting.push(resolve);
    this.#command({ type: "counters" });
    return await promise;
  }

  /** Why what is known of this host is not this host's: a foreign /proc (sources/live/host_view.ts). */
  get hostProblem(): string | undefined {
    return this.#hostProblem;
  }

  /** Why the kernel's filter is not used although it was asked for (sources/live/probe.ts). */
  get filterProblem(): string | undefined {
    return this.#filterProblem;
  }

  /**
   * What each rule took, as of the last call of `counters` or the end of the run; nothing when the rules were compiled
   * without counting.
   */
  get ruleCosts(): readonly RuleCost[] {
    return this.#ruleCounts.ruleCosts;
  }

  /** What checks answered, as of the same moment, for `leafCounts` of rules/; empty when rules do not count that. */
  get leafWords(): BigUint64Array<ArrayBuffer> {
    return this.#ruleCounts.leafWords;
  }

  /** Read from the memory while the worker goes on: it is not asked. */
  get liveCounters(): LiveCounters {
    return readLiveCounters(this.#memory, this.#plan);
  }

  /** The worker's turns so far: while they grow, it is alive. */
  get beats(): number {
    return this.#control.beats;
  }

  /** A sign of life of this thread: without another one within `limitMs` the worker ends the process; 0: never. */
  beatOfMain(limitMs: number): void {
    if (!this.#isOver) this.#control.beatOfMain(limitMs);
  }

  /** Number of the rules that evaluate. */
  get generation(): number {
    return this.#swaps.generation;
  }

  /**
   * Other rules take the place of those that evaluate, between two events: the state is kept and no event is lost.
   * Resolves when they evaluate, after all alerts of the rules before. Rejects when the old rules stay active.
   * @param generation the number that alerts of these rules come with
   * @param capture which of them begin captures, in a run that was started with captures
   */
  swapRules(rules: RuleCode, generation?: number, capture?: CaptureOptions): Promise<void> {
    const swap = this.#lastSwap.then(() => this.#swap(rules, generation ?? this.generation + 1, capture));
    this.#lastSwap = swap.catch(() => {});
    return swap;
  }

  async #swap(rules: RuleCode, generation: number, capture: CaptureOptions | undefined): Promise<void> {
    const swap = await RuleSwaps.prepare(rules, generation, capture);
    if (this.#isOver) throw endedError();
    const answer = this.#swaps.expect(swap);
    this.#command({ type: "swap", swap });
    await answer;
  }

  /**
   * Records from outside the stream of events, as whole event blocks (scap/event_block.ts): what container engines say,
   * users of containers. They reach the matcher in order, soon, and no rule sees them. The bytes are given away.
   */
  inject(blocks: Uint8Array<ArrayBuffer>): void {
    this.#command({ type: "inject", blocks }, [blocks.buffer]);
  }

  /** No engine knows this container: its events need not wait any longer. */
  containerUnknown(id: string): void {
    this.#command({ type: "settle", id, what: "facts" });
  }

  /** The users of this container have been injected, or there are none. */
  containerUsersRead(id: string): void {
    this.#command({ type: "settle", id, what: "users" });
  }

  /** The recording goes on in a new section, which begins with the state as of now. */
  beginSection(): void {
    this.#command({ type: "section" });
  }

  /** What was counted up to the end of the run, be it a failure; undefined before. */
  get finalCounters(): EngineCounters | undefined {
    return this.#lastCounters;
  }

  /** Everything up to this boot time has been evaluated, and nothing after it; known when a run on this host has ended. */
  get takenUntilNs(): bigint | undefined {
    return this.#takenUntilNs;
  }

  /** A held run goes on. What happened up to `takenUntilNs` is not evaluated: another engine has. Without it nothing is. */
  release(takenUntilNs: bigint | undefined): void {
    if (!this.#isHeld || this.#isOver) return;
    this.#isHeld = false;
    const message: ToWorker = { type: "release", takenUntilNs };
    this.#worker.postMessage(message);
  }

  /** Events that were reported before the call are still evaluated; their alerts arrive before the promise resolves. */
  stop(): Promise<EngineCounters> {
    return this.#stop("drained");
  }

  /** Ends at once, for one who has all that was wanted: what has been reported and not evaluated yet is dropped. */
  abandon(): Promise<EngineCounters> {
    return this.#stop("abandoned");
  }

  /** Ends at one moment, which `takenUntilNs` then tells, for another engine that goes on from there (`release`). */
  handOver(): Promise<EngineCounters> {
    return this.#stop("handed over");
  }

  async #stop(ending: Ending): Promise<EngineCounters> {
    if (this.#isOver) return await this.ended;
    this.#control.requestStop(ending);
    this.#waker.wake();
    // one that was never released has nothing to say
    this.release(undefined);
    const timer = setTimeout(() => {
      // on a host where processes wait for their turn a second may not be enough for what it is just at
      if (ending === "abandoned") return this.#leave();
      const limit = `${STOP_PATIENCE_MS / 1000} s`;
      this.#fail(new Error(`The engine did not stop within ${limit} and was ended by force`));
    }, ending === "abandoned" ? ABANDON_PATIENCE_MS : STOP_PATIENCE_MS);
    try {
      return await this.ended;
    } finally {
      clearTimeout(timer);
    }
  }

  /** For a worker that may sleep in the kernel. */
  #command(message: ToWorker, transfer: Transferable[] = []): void {
    if (this.#isOver) return;
    this.#control.announceMessage();
    this.#worker.postMessage(message, transfer);
    this.#waker.wake();
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case "started":
        this.#hostProblem = message.hostProblem;
        this.#filterProblem = message.filterProblem;
        return this.#resolveStarted();
      case "alerts":
        return this.#handOver(message.alerts, message.generation, message.weight);
      case "swapped":
        // those of the rules before
        this.#ruleCounts = NOTHING_COUNTED;
        return this.#swaps.swapped();
      case "refused":
        return this.#swaps.refused(message.name, message.message);
      case "container":
        return this.#onContainer(message.seen);
      case "canary":
        return this.onCanary?.(message.number);
      case "recorded":
        return this.#record(message.chunk);
      case "counters":
        this.#ruleCounts = message;
        return this.#waiting.shift()?.(message.counters);
      case "ended":
        this.#takenUntilNs = message.takenUntilNs;
        this.#ruleCounts = message.ruleCounts;
        this.#close(message.counters);
        this.#resolveStarted();
        // nothing of a recording is missing when the end is known
        // (a failed one has ended the run already)
        return void this.#written.finally(() => this.#resolveEnded(message.counters));
      case "failed": {
        const error = new Error(message.message);
        error.name = message.name;
        this.#ruleCounts = message.ruleCounts ?? NOTHING_COUNTED;
        return this.#fail(error, message.counters);
      }
    }
  }

  #handOver(alerts: readonly Alert[], generation: number, weight: number): void {
    let handled: void | Promise<void> = undefined;
    try {
      handled = this.#onAlerts(alerts, generation);
    } finally {
      if (!(handled instanceof Promise)) this.#control.addTakenAlerts(weight);
    }
    if (handled instanceof Promise) {
      handled.catch((error) => this.#fail(asError(error))).finally(() =>
        this.#control.addTakenAlerts(weight)
      );
    }
  }

  #record(chunk: RecordedChunk): void {
    this.#written = this.#written
      .then(() => this.#onChunk(chunk))
      .catch((error) => this.#fail(asError(error)))
      .finally(() => this.#control.addTakenBytes(chunk.bytes.length));
  }

  #fail(error: Error, counters: EngineCounters = readMatcherCounters(this.#memory)): void {
    if (this.#isOver) return;
    this.#close(counters);
    this.#worker.terminate();
    this.#rejectStarted(error);
    this.#rejectEnded(error);
  }

  /** Without the worker's last word: what the probe has counted is not known then. */
  #leave(): void {
    if (this.#isOver) return;
    const counters = readMatcherCounters(this.#memory);
    this.#close(counters);
    this.#worker.terminate();
    this.#resolveEnded(counters);
  }

  #close(counters: EngineCounters): void {
    this.#isOver = true;
    this.#lastCounters = counters;
    this.#waker.close();
    for (const resolve of this.#waiting.splice(0)) resolve(counters);
    this.#swaps.close();
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
