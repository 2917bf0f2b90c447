// Captures: a match of a rule lets a recording begin, with what happened in the moments before it.
// In: alerts and recorded events as they come. Out: the chunks of a capture, from the state at its beginning to its end.
// One capture at a time; while it runs, every match prolongs it, up to a limit. So many begin within a minute. Between captures the latest events are kept in memory.
//
// The state is that of the moment of the match, so a process that ended in the moments before it has no entry there.
// Elsewhere: files (service/capture/capture_files.ts).

import type { Alert } from "../alerts/mod.ts";
import type { CaptureOptions, RecordedChunk } from "./messages.ts";

const MAX_KEPT_BYTES = 32 << 20;
const NS_PER_MS = 1_000_000n;
const MINUTE_MS = 60_000;
/** what stands for any time */
const MAX_DURATION_MS = 365 * 86_400_000;
/** An event may be so late. */
const PATIENCE_MS = 1000;
/** block type, its length and the CPU lie before an event, whose time comes first */
const FIRST_TIME_AT = 10;

interface Kept {
  readonly chunk: RecordedChunk;
  readonly timeNs: bigint;
}

export class Capture {
  #options: CaptureOptions;
  readonly #send: (chunk: RecordedChunk) => void;
  readonly #nowMs: () => number;
  #kept: Kept[] = [];
  #keptBytes = 0;
  #wanted: Alert | undefined;
  /** by the clock of events */
  #deadlineNs = 0n;
  /** the same by #nowMs */
  #quietDeadlineMs = 0;
  #isRunning = false;
  /** nothing prolongs it beyond */
  #latestNs = 0n;
  #latestMs = 0;
  /** when the latest began, within a minute */
  #begunMs: number[] = [];
  /** matches that would have begun one */
  refused = 0;

  /** @param nowMs a clock that goes on when no event comes, and that nobody can set */
  constructor(
    options: CaptureOptions,
    send: (chunk: RecordedChunk) => void,
    nowMs: () => number = () => performance.now(),
  ) {
    this.#options = options;
    this.#send = send;
    this.#nowMs = nowMs;
  }

  /** Other rules evaluate from here on. A capture that runs goes on as long as it was meant to. */
  setOptions(options: CaptureOptions): void {
    this.#options = options;
  }

  /** A rule has matched. */
  alert(alert: Alert): void {
    const rule = this.#options.rules[alert.rule];
    if (rule === undefined) return;
    if (!this.#isRunning && this.#wanted === undefined) {
      if (!rule.starts) return;
      if (!this.#mayBegin()) return void this.refused++;
      this.#wanted = alert;
      this.#deadlineNs = 0n;
      this.#quietDeadlineMs = 0;
      const limitMs = Math.max(rule.durationMs, this.#options.maxDurationMs ?? MAX_DURATION_MS);
      this.#latestNs = alert.timeNs + BigInt(limitMs) * NS_PER_MS;
      this.#latestMs = this.#nowMs() + limitMs + PATIENCE_MS;
    }
    const deadlineNs = alert.timeNs + BigInt(rule.durationMs) * NS_PER_MS;
    if (deadlineNs > this.#deadlineNs) this.#deadlineNs = deadlineNs;
    if (this.#deadlineNs > this.#latestNs) this.#deadlineNs = this.#latestNs;
    const quietDeadlineMs = this.#nowMs() + rule.durationMs + PATIENCE_MS;
    this.#quietDeadlineMs = Math.min(this.#latestMs, Math.max(this.#quietDeadlineMs, quietDeadlineMs));
  }

  #mayBegin(): boolean {
    const { maxPerMinute = Infinity } = this.#options;
    const nowMs = this.#nowMs();
    this.#begunMs = this.#begunMs.filter((begunMs) => nowMs - begunMs < MINUTE_MS);
    if (this.#begunMs.length >= maxPerMinute) return false;
    if (Number.isFinite(maxPerMinute)) this.#begunMs.push(nowMs);
    return true;
  }

  /** Events, in order. */
  take(chunk: RecordedChunk): void {
    if (chunk.bytes.length === 0) return;
    const timeNs = new DataView(chunk.bytes.buffer, chunk.bytes.byteOffset).getBigUint64(FIRST_TIME_AT, true);
    if (this.#isRunning && timeNs > this.#deadlineNs) this.#end();
    if (this.#isRunning) this.#send(chunk);
    else this.#keep({ chunk, timeNs });
  }

  /** Between two turns of the worker: begins what an alert asked for, ends what has lasted long enough. */
  settle(state: () => Iterable<Uint8Array<ArrayBuffer>>): void {
    // on a quiet host no event comes that would show that the time is over
    if (this.#isRunning && this.#nowMs() > this.#quietDeadlineMs) this.#end();
    const alert = this.#wanted;
    if (alert === undefined) return;
    this.#wanted = undefined;
    this.#isRunning = true;
    const { timeNs, eventNumber } = alert;
    let first = true;
    for (const bytes of state()) {
      const trigger = first ? { trigger: { timeNs, eventNumber } } : {};
      this.#send({ kind: "state", bytes: bytes.slice(), events: 0, begins: first, full: false, ...trigger });
      first = false;
    }
    for (const { chunk } of this.#kept.splice(0)) this.#send(chunk);
    this.#keptBytes = 0;
  }

  /** The run is over. */
  close(): void {
    if (this.#isRunning) this.#end();
  }

  #end(): void {
    this.#isRunning = false;
    this.#send({ kind: "events", bytes: new Uint8Array(0), events: 0, begins: false, full: true });
  }

  #keep(kept: Kept): void {
    this.#kept.push(kept);
    this.#keptBytes += kept.chunk.bytes.length;
    const oldestNs = kept.timeNs - BigInt(this.#options.beforeMs) * NS_PER_MS;
    let gone = 0;
    // the latest chunk always stays: the event that will have matched is in it
    while (gone < this.#kept.length - 1) {
      const next = this.#kept[gone + 1]!;
      if (next.timeNs > oldestNs && this.#keptBytes <= MAX_KEPT_BYTES) break;
      this.#keptBytes -= this.#kept[gone]!.chunk.bytes.length;
      gone++;
    }
    if (gone > 0) this.#kept.splice(0, gone);
  }
}
