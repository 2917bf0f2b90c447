// The engine worker: one thread that takes events from a source, lets the matcher evaluate them and hands alerts over.
// In: a start message. Out: alerts in batches, one message per turn, then the counters.
// A live source blocks this thread in the kernel, so the main thread speaks through the CONTROL words (control.ts) and a
// waker; messages are looked at only when such a word says so.
/// <reference lib="deno.worker" />

import { NOT_A_RULE } from "../schema/mod.ts";
import { LiveSource } from "../sources/live/mod.ts";
import { IngestError, type MatcherPort, type Source } from "../sources/mod.ts";
import { ReplaySource } from "../sources/replay/mod.ts";
import type { Alert } from "../alerts/mod.ts";
import { readAlert } from "./alert_reader.ts";
import { Capture } from "./capture.ts";
import { Control } from "./control.ts";
import { type EngineCounters, readMatcherCounters } from "./counters.ts";
import { MainWatch } from "./main_watch.ts";
import { Matcher } from "./matcher.ts";
import type {
  FromWorker,
  RecordOptions,
  RuleCounts,
  RuleSwap,
  SourceOptions,
  ToWorker,
  WorkerStart,
} from "./messages.ts";
import { ChunkChannel } from "./chunk_channel.ts";
import { Recording } from "./recording.ts";
import { readSeenContainer } from "./seen_container.ts";
import { needsOf, RuleSlot } from "./rule_module.ts";
import { StopSignals } from "./stop_signals.ts";

/** A batch is posted before the end of a turn when it has this many alerts. */
const BATCH_ALERTS = 1024;
/**
 * So many alerts may wait for the main thread, a long one counting for several. Beyond it the source rests: a flood of alerts must not become a flood of
 * memory. What the rings cannot hold meanwhile is counted by the probe.
 */
const MAX_UNREAD_WEIGHT = 1 << 14;
const WEIGHT_BYTES = 4096;
const UNREAD_WAIT_MS = 50;

/** What the matcher reads in place of the thread when there was no time for an answer (assembly/state/look_up.ts). */
const REFUSED = -1n;

class Run {
  readonly #control: Control;
  readonly #signals = new StopSignals();
  readonly #mainWatch: MainWatch;
  readonly #memory: WebAssembly.Memory;
  readonly #start: WorkerStart;
  #alerts: Alert[] = [];
  #weight = 0;
  #posted = 0;
  /** the latest that has come through and was not handed over */
  #canary: number | undefined;
  #rules: RuleSlot | undefined;
  #generation: number;
  readonly #swaps: RuleSwap[] = [];
  readonly #released = Promise.withResolvers<bigint | undefined>();
  #source: Source | undefined;
  #recording: Recording | undefined;
  #capture: Capture | undefined;
  #channel: ChunkChannel | undefined;
  #sectionWanted = false;

  constructor(start: WorkerStart) {
    this.#start = start;
    this.#generation = start.generation;
    this.#memory = start.memory;
    this.#control = new Control(start.memory);
    this.#mainWatch = new MainWatch(this.#control, this.#signals);
  }

  async run(): Promise<void> {
    try {
      const takenUntilNs = await this.#loop();
      const until = takenUntilNs === undefined ? {} : { takenUntilNs };
      const ruleCounts = this.#ruleCounts();
      this.#post({ type: "ended", counters: this.#finalCounters(), ruleCounts, ...until });
    } catch (error) {
      this.#flush();
      const { name, message } = asError(error);
      const ruleCounts = this.#rules === undefined ? {} : { ruleCounts: this.#ruleCounts() };
      this.#post({ type: "failed", name, message, counters: this.#finalCounters(), ...ruleCounts });
    }
    this.#signals.close();
    self.close();
  }

  async #loop(): Promise<bigint | undefined> {
    const { matcherWasm, memory, plan, maxThreads, maxFds, rules, source: options, record } = this.#start;
    const matcher = new Matcher(matcherWasm, memory, { heapEnd: plan.heapEnd, maxThreads, maxFds }, {
      onAlert: (rule, at, bytes) => rule < 0 ? this.#takeOther(rule, at, bytes) : this.#take(at, bytes),
      now: () => BigInt(Date.now()) * 1_000_000n,
    });
    this.#rules = new RuleSlot(matcher, record !== undefined && !record.all);
    this.#rules.put(rules);
    const source = this.#source = createSource(options, matcher);
    if (record === undefined) await source.start();
    else await this.#startRecording(matcher, source, record);
    const { hostProblem, filterProblem } = source;
    this.#post({
      type: "started",
      ...hostProblem === undefined ? {} : { hostProblem },
      ...filterProblem === undefined ? {} : { filterProblem },
    });
    if (this.#start.isHeld) await this.#awaitRelease(matcher, source);
    let more = true;
    while (more && !this.#control.stopRequested) {
      const turn = source.turn();
      more = typeof turn === "boolean" ? turn : await turn;
      this.#control.beat();
      await this.#lookAtMain();
      this.#flush();
      await this.#awaitReader();
      this.#capture?.settle(() => source.state?.() ?? []);
      await this.#channel?.awaitWriter(() => this.#lookAtMain());
      // `counters` below answers it
      while (this.#control.messageWaits) {
        await eventLoop();
        this.#mainWatch.look();
      }
      if (this.#sectionWanted) this.#beginSection(source);
      for (const swap of this.#swaps.splice(0)) this.#swapRules(swap, source);
    }
    const takenUntilNs = this.#control.isAbandoned
      ? undefined
      : await source.finish(this.#control.handOverRequested) ?? undefined;
    this.#flush();
    this.#capture?.settle(() => source.state?.() ?? []);
    this.#capture?.close();
    return takenUntilNs;
  }

  async #startRecording(matcher: Matcher, source: Source, record: RecordOptions): Promise<void> {
    const channel = this.#channel = new ChunkChannel(
      this.#control,
      (message, transfer) => self.postMessage(message, transfer),
    );
    const capture = record.capture === undefined
      ? undefined
      : new Capture(record.capture, (chunk) => channel.send(chunk));
    this.#capture = capture;
    const recording = this.#recording = new Recording(
      matcher,
      (chunk) => capture === undefined ? channel.send(chunk) : capture.take(chunk),
    );
    recording.start(record);
    if (capture !== undefined) return await source.start();
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    await source.start((bytes) => chunks.push(bytes));
    recording.takeState(chunks);
  }

  async #awaitRelease(matcher: Matcher, source: Source): Promise<void> {
    const takenUntilNs = await this.#released.promise;
    if (takenUntilNs === undefined) matcher.set_evaluating(0);
    else source.skip?.(takenUntilNs);
  }

  /** Nothing is evaluated meanwhile: what is reported waits in the rings. */
  #swapRules({ rules, generation, capture }: RuleSwap, source: Source): void {
    this.#flush();
    let settle: ((adopted: boolean) => void) | undefined;
    try {
      settle = source.widen?.(needsOf(rules));
      this.#rules!.put(rules);
      settle?.(true);
    } catch (error) {
      settle?.(false);
      const { name, message } = asError(error);
      return this.#post({ type: "refused", name, message });
    }
    this.#generation = generation;
    if (capture !== undefined) this.#capture?.setOptions(capture);
    this.#post({ type: "swapped" });
  }

  /** What came before belongs to the section that ends. */
  #beginSection(source: Source): void {
    this.#sectionWanted = false;
    this.#recording?.flush();
    this.#recording?.takeState(source.state?.() ?? []);
  }

  /** What the matcher hands over besides alerts. */
  #takeOther(what: number, at: number, bytes: number): void {
    if (what === NOT_A_RULE.RECORDED) this.#recording?.takeEvents(at, bytes);
    else if (what === NOT_A_RULE.CANARY) this.#canary = at;
    else if (what === NOT_A_RULE.CONTAINER) {
      const copy = new Uint8Array(this.#memory.buffer, at, bytes).slice() as Uint8Array<ArrayBuffer>;
      this.#post({ type: "container", seen: readSeenContainer(copy) });
    } else if (what === NOT_A_RULE.LOOK_UP) this.#answer(at);
  }

  /** Whatever goes wrong with an answer, the event is evaluated without it. */
  #answer(at: number): void {
    const view = new DataView(this.#memory.buffer, at);
    const question = {
      tid: Number(view.getBigInt64(0, true)),
      pid: Number(view.getBigInt64(8, true)),
      timeNs: view.getBigUint64(16, true),
      fd: Number(view.getBigInt64(24, true)),
    };
    let isAnswered = true;
    try {
      isAnswered = this.#source?.answer?.(question) ?? true;
    } catch (error) {
      if (!(error instanceof IngestError)) throw error;
    }
    if (!isAnswered) view.setBigInt64(0, REFUSED, true);
  }

  #take(at: number, bytes: number): void {
    this.#weight += 1 + Math.floor(bytes / WEIGHT_BYTES);
    // slice() of a view of shared memory makes a copy in ordinary memory
    const alert = readAlert(
      new Uint8Array(this.#memory.buffer, at, bytes).slice() as Uint8Array<ArrayBuffer>,
    );
    this.#capture?.alert(alert);
    this.#alerts.push(alert);
    if (this.#alerts.length >= BATCH_ALERTS) this.#flush();
  }

  #flush(): void {
    this.#recording?.flush();
    if (this.#alerts.length > 0) {
      this.#posted += this.#weight;
      const generation = this.#generation;
      this.#post({ type: "alerts", alerts: this.#alerts, weight: this.#weight, generation });
      this.#alerts = [];
      this.#weight = 0;
    }
    // after the alerts: it arrives when they do
    if (this.#canary === undefined) return;
    this.#post({ type: "canary", number: this.#canary });
    this.#canary = undefined;
  }

  async #lookAtMain(): Promise<void> {
    if (this.#mainWatch.isUneasy) await eventLoop();
    this.#mainWatch.look();
  }

  async #awaitReader(): Promise<void> {
    const control = this.#control;
    while (control.unreadAlerts(this.#posted) > MAX_UNREAD_WEIGHT) {
      if (control.stopRequested || control.messageWaits) return;
      control.awaitTakenAlerts(UNREAD_WAIT_MS);
      await this.#lookAtMain();
    }
  }

  requestSection(): void {
    this.#sectionWanted = true;
    this.#control.messageTaken();
  }

  release(takenUntilNs: bigint | undefined): void {
    this.#released.resolve(takenUntilNs);
  }

  requestSwap(swap: RuleSwap): void {
    this.#swaps.push(swap);
    this.#control.messageTaken();
  }

  inject(blocks: Uint8Array<ArrayBuffer>): void {
    this.#source?.inject?.(blocks);
    this.#control.messageTaken();
  }

  settleContainer(id: string, what: "facts" | "users"): void {
    this.#source?.settle?.(id, what);
    this.#control.messageTaken();
  }

  postCounters(): void {
    this.#post({ type: "counters", counters: this.#counters(), ...this.#ruleCounts() });
    this.#control.messageTaken();
  }

  #ruleCounts(): RuleCounts {
    return {
      ruleCosts: this.#rules?.costs() ?? [],
      leafWords: this.#rules?.leafWords() ?? new BigUint64Array(0),
    };
  }

  #counters(): EngineCounters {
    const captures = this.#capture === undefined ? {} : { captures_refused: BigInt(this.#capture.refused) };
    return { ...readMatcherCounters(this.#memory), ...this.#source?.counters(), ...captures };
  }

  /** Reads what the source counted, then lets it go. Whatever fails here must not hide why the run ended. */
  #finalCounters(): EngineCounters {
    let counters: EngineCounters = readMatcherCounters(this.#memory);
    try {
      counters = this.#counters();
    } catch {
      // the matcher's counters are still true
    }
    try {
      this.#source?.close();
    } catch {
      // the kernel takes back everything when the process ends
    }
    return counters;
  }

  #post(message: FromWorker): void {
    self.postMessage(message);
  }
}

/** Lets it deliver messages and signals. */
function eventLoop(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function createSource(options: SourceOptions, matcher: MatcherPort): Source {
  return options.kind === "replay"
    ? new ReplaySource(options.path, matcher)
    : new LiveSource(options, matcher);
}

let run: Run | undefined;

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === "counters") {
    run?.postCounters();
  } else if (data.type === "section") {
    run?.requestSection();
  } else if (data.type === "inject") {
    run?.inject(data.blocks);
  } else if (data.type === "settle") {
    run?.settleContainer(data.id, data.what);
  } else if (data.type === "swap") {
    run?.requestSwap(data.swap);
  } else if (data.type === "release") {
    run?.release(data.takenUntilNs);
  } else {
    run = new Run(data);
    run.run();
  }
};
