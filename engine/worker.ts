// The engine worker: one thread that takes events from a source, lets the matcher judge them and hands alerts over.
// In: a start message. Out: alerts in batches, one message per turn, then the counters.
// A live source blocks this thread in the kernel, so the main thread speaks through the CONTROL words (control.ts) and a
// waker; messages are looked at only when such a word says so.
/// <reference lib="deno.worker" />

import { LiveSource } from "../sources/live/live_source.ts";
import type { MatcherPort, Source } from "../sources/matcher_port.ts";
import { ReplaySource } from "../sources/replay/replay_source.ts";
import type { Alert } from "./alert.ts";
import { readAlert } from "./alert_reader.ts";
import { Capture } from "./capture.ts";
import { Control } from "./control.ts";
import { type EngineCounters, readMatcherCounters } from "./counters.ts";
import { Matcher } from "./matcher.ts";
import type { FromWorker, RecordOptions, SourceOptions, ToWorker, WorkerStart } from "./messages.ts";
import { PieceChannel } from "./piece_channel.ts";
import { Recording } from "./recording.ts";
import { instantiateRules } from "./rule_module.ts";

/** A batch is posted before the end of a turn when it has this many alerts. */
const BATCH_ALERTS = 1024;
/**
 * So many alerts may wait for the main thread, a long one counting for several. Beyond it the source rests: a flood of alerts must not become a flood of
 * memory. What the rings cannot hold meanwhile is counted by the probe.
 */
const MAX_UNREAD_WEIGHT = 1 << 14;
const WEIGHT_BYTES = 4096;
const UNREAD_WAIT_MS = 50;

class Run {
  readonly #control: Control;
  readonly #memory: WebAssembly.Memory;
  readonly #start: WorkerStart;
  #alerts: Alert[] = [];
  #weight = 0;
  #posted = 0;
  #source: Source | undefined;
  #recording: Recording | undefined;
  #capture: Capture | undefined;
  #channel: PieceChannel | undefined;
  #sectionWanted = false;

  constructor(start: WorkerStart) {
    this.#start = start;
    this.#memory = start.memory;
    this.#control = new Control(start.memory);
  }

  async run(): Promise<void> {
    try {
      await this.#loop();
      this.#post({ type: "ended", counters: this.#finalCounters() });
    } catch (error) {
      this.#flush();
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      this.#post({ type: "failed", name, message, counters: this.#finalCounters() });
    }
    self.close();
  }

  async #loop(): Promise<void> {
    const { matcherWasm, memory, plan, maxThreads, maxFds, rules, source: options, record } = this.#start;
    const matcher = new Matcher(matcherWasm, memory, { heapEnd: plan.heapEnd, maxThreads, maxFds }, {
      onAlert: (rule, at, bytes) => rule < 0 ? this.#recording?.takeEvents(at, bytes) : this.#take(at, bytes),
      now: () => BigInt(Date.now()) * 1_000_000n,
    });
    instantiateRules(matcher, rules, record !== undefined && !record.all);
    const source = this.#source = createSource(options, matcher);
    if (record === undefined) await source.start();
    else await this.#startRecording(matcher, source, record);
    this.#post({ type: "started" });
    let more = true;
    while (more && !this.#control.stopRequested) {
      const turn = source.turn();
      more = typeof turn === "boolean" ? turn : await turn;
      this.#control.beat();
      this.#flush();
      this.#awaitReader();
      this.#capture?.settle(() => source.state?.() ?? []);
      this.#channel?.awaitWriter();
      // lets the event loop deliver the message; `counters` below answers it
      while (this.#control.messageWaits) await new Promise((resolve) => setTimeout(resolve));
      if (this.#sectionWanted) this.#beginSection(source);
    }
    await source.finish();
    this.#flush();
    this.#capture?.settle(() => source.state?.() ?? []);
    this.#capture?.close();
  }

  async #startRecording(matcher: Matcher, source: Source, record: RecordOptions): Promise<void> {
    const channel = this.#channel = new PieceChannel(
      this.#control,
      (message, transfer) => self.postMessage(message, transfer),
    );
    const capture = record.capture === undefined
      ? undefined
      : new Capture(record.capture, (piece) => channel.send(piece));
    this.#capture = capture;
    const recording = this.#recording = new Recording(
      matcher,
      (piece) => capture === undefined ? channel.send(piece) : capture.take(piece),
    );
    recording.start(record);
    if (capture !== undefined) return await source.start();
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    await source.start((bytes) => pieces.push(bytes));
    recording.takeState(pieces);
  }

  /** What came before belongs to the section that ends. */
  #beginSection(source: Source): void {
    this.#sectionWanted = false;
    this.#recording?.flush();
    this.#recording?.takeState(source.state?.() ?? []);
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
    if (this.#alerts.length === 0) return;
    this.#posted += this.#weight;
    this.#post({ type: "alerts", alerts: this.#alerts, weight: this.#weight });
    this.#alerts = [];
    this.#weight = 0;
  }

  #awaitReader(): void {
    const control = this.#control;
    while (control.unreadAlerts(this.#posted) > MAX_UNREAD_WEIGHT) {
      if (control.stopRequested || control.messageWaits) return;
      control.awaitTakenAlerts(UNREAD_WAIT_MS);
    }
  }

  requestSection(): void {
    this.#sectionWanted = true;
    this.#control.messageTaken();
  }

  postCounters(): void {
    this.#post({ type: "counters", counters: this.#counters() });
    this.#control.messageTaken();
  }

  #counters(): EngineCounters {
    return { ...readMatcherCounters(this.#memory), ...this.#source?.counters() };
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
  } else {
    run = new Run(data);
    run.run();
  }
};
