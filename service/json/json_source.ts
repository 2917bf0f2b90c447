// One source of JSON events while falco runs: what waits, and the engine that evaluates it.
// In: batches of events, rules. Out: alerts; counts of everything that was taken, refused and evaluated.
// Evaluating goes on in this thread, some milliseconds at a time, so that requests, files and alerts get their turn.
// Elsewhere: inputs (json_inputs.ts), all sources of a run (json_sources.ts), evaluating (engine/json_engine.ts).

import { setImmediate } from "node:timers";
import { messageOf } from "../../base/mod.ts";
import type { JsonInputPlan } from "../../config/mod.ts";
import type { Alert } from "../../alerts/mod.ts";
import { JsonEngine } from "../../engine/mod.ts";
import type { SourceRules } from "../../rules/mod.ts";
import { type Batch, JSON_EXTRACTORS, type SourceEvent } from "../../sources/json/mod.ts";
import { AUDIT_EXTRACTORS } from "../../sources/k8s_audit/mod.ts";

/** As Falco numbers its plugin k8saudit; other sources have no plugin. */
const AUDIT_PLUGIN_ID = 1;
const OTHER_PLUGIN_ID = 999;
const LARGE_BYTES = 256 << 10;
const SLICE_MS = 5;

export interface JsonSourceOptions {
  readonly name: string;
  readonly isAudit: boolean;
  readonly limits: Pick<JsonInputPlan, "queueEvents" | "queueBytes">;
  readonly onAlert: (alert: Alert) => void;
  /** an event could not be evaluated, or not by all of its values: it goes on with the next */
  readonly onFailure?: (reason: string) => void;
  /** while the promise is not kept nothing more is evaluated: for inputs that can wait */
  readonly settled?: () => Promise<void>;
}

export interface JsonSourceCounts {
  accepted: bigint;
  evaluated: bigint;
  /** neither JSON nor an event */
  malformed: bigint;
  tooLong: bigint;
  /** requests that found no room and were sent back */
  full: bigint;
  /** requests that were refused for another reason */
  refusedRequests: bigint;
  /** events at which evaluating failed */
  failed: bigint;
}

export class JsonSource {
  readonly name: string;
  readonly counts: JsonSourceCounts = {
    accepted: 0n,
    evaluated: 0n,
    malformed: 0n,
    tooLong: 0n,
    full: 0n,
    refusedRequests: 0n,
    failed: 0n,
  };
  readonly #options: JsonSourceOptions;
  readonly #engine: JsonEngine;
  #hasRules = false;
  readonly #queue: (readonly SourceEvent[])[] = [];
  /** of the first batch, what has been evaluated */
  #evaluatedOfFirst = 0;
  #events = 0;
  #bytes = 0;
  #isRunning = false;
  #waiting: (() => void)[] = [];

  constructor(options: JsonSourceOptions) {
    this.name = options.name;
    this.#options = options;
    this.#engine = new JsonEngine({
      source: options.name,
      pluginId: options.isAudit ? AUDIT_PLUGIN_ID : OTHER_PLUGIN_ID,
      extractors: options.isAudit ? [JSON_EXTRACTORS, AUDIT_EXTRACTORS] : [JSON_EXTRACTORS],
      onAlert: options.onAlert,
    });
  }

  /** Without rules events are counted and evaluated by none. When it throws, the old rules stay active. */
  put(rules: SourceRules | undefined): void {
    if (rules !== undefined) this.#engine.put(rules);
    this.#hasRules = rules !== undefined;
  }

  /** Anyone who begins to send now would have to wait. */
  get isFull(): boolean {
    const { queueEvents, queueBytes } = this.#options.limits;
    return this.#events >= queueEvents || this.#bytes >= queueBytes;
  }

  /** All events of a batch, or none when there is no room. A batch larger than the whole queue goes into an empty one. */
  #take({ events, bytes }: Pick<Batch, "events" | "bytes">): boolean {
    if (events.length === 0) return true;
    const { queueEvents, queueBytes } = this.#options.limits;
    const isFull = this.#events + events.length > queueEvents || this.#bytes + bytes > queueBytes;
    if (isFull && this.#events > 0) return false;
    this.#queue.push(events);
    this.#events += events.length;
    this.#bytes += bytes;
    this.counts.accepted += BigInt(events.length);
    this.#run();
    return true;
  }

  /** Resolves when there was room: who sends is held up as long. */
  async push(batch: Pick<Batch, "events" | "bytes">): Promise<void> {
    while (!this.#take(batch)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Counts what was set aside. */
  note({ malformed, tooLong }: Pick<Batch, "malformed" | "tooLong">): void {
    this.counts.malformed += BigInt(malformed);
    this.counts.tooLong += BigInt(tooLong);
  }

  /** Resolves when everything that was accepted has been evaluated. */
  async drained(): Promise<void> {
    while (this.#events > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  counters(): Readonly<Record<string, bigint>> {
    const { accepted, evaluated, malformed, tooLong, full, refusedRequests, failed } = this.counts;
    const own = this.#engine.counters();
    return {
      accepted,
      evaluated,
      waiting: BigInt(this.#events),
      malformed,
      too_long: tooLong,
      batches_sent_back: full,
      requests_refused: refusedRequests,
      evaluating_failed: failed,
      values_cut: (own["json_values_cut"] ?? 0n) + (own["ALERTS_TRUNCATED"] ?? 0n),
    };
  }

  #run(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    setImmediate(() => this.#slice());
  }

  async #slice(): Promise<void> {
    const end = performance.now() + SLICE_MS;
    try {
      while (this.#queue.length > 0 && performance.now() < end) this.#evaluateOne(this.#queue[0]!);
      for (const resolve of this.#waiting.splice(0)) resolve();
      await this.#options.settled?.();
    } finally {
      // whatever has failed: the events after it are evaluated
      this.#isRunning = false;
      if (this.#queue.length > 0) this.#run();
    }
  }

  /** One at a time: an event may be as large as a batch. */
  #evaluateOne(events: readonly SourceEvent[]): void {
    const { text, timeNs } = events[this.#evaluatedOfFirst++]!;
    if (this.#hasRules) this.#evaluate(text, timeNs);
    this.#events--;
    this.#bytes -= text.length;
    this.counts.evaluated++;
    if (this.#evaluatedOfFirst < events.length) return;
    this.#queue.shift();
    for (const { text } of events) giveBack(text);
    this.#evaluatedOfFirst = 0;
  }

  #evaluate(text: Uint8Array, timeNs: bigint): void {
    try {
      const unseen = this.#engine.evaluate(text, timeNs);
      if (unseen > 0) this.#options.onFailure?.(`${unseen} of the fields that rules ask for are too long`);
    } catch (error) {
      this.counts.failed++;
      this.#options.onFailure?.(messageOf(error));
    }
  }
}

/** Events of megabytes do not wait until garbage is collected. Those of one text share its buffer. */
function giveBack({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached && buffer.byteLength >= LARGE_BYTES) {
    buffer.transfer(0);
  }
}
