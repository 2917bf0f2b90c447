// The files of captures, one for each match that lets one begin.
// In: chunks from the engine, in order. Out: PREFIX_TIME_EVENT.scap, both numbers with 20 digits, as Falco names them.
// A capture that cannot be written, or must not be, is counted and told: monitoring goes on, and nobody waits for its
// disk. What a disk does not take in time is given up.
// Elsewhere: when a capture begins and ends (engine/capture.ts), what there is room for (capture_room.ts).

import { messageOf } from "../../base/mod.ts";
import type { Settings } from "../../config/mod.ts";
import type { CaptureOptions, RecordedChunk } from "../../engine/mod.ts";
import type { CompiledRule } from "../../rules/mod.ts";
import { makeFdTypesPortable } from "../../scap/mod.ts";
import { INTERNAL_ALERTS } from "../internal_alerts/internal_alert_kinds.ts";
import type { RaiseInternalAlert } from "../internal_alerts/internal_alerts.ts";
import type { Log } from "../logging/log.ts";
import { CaptureRoom } from "./capture_room.ts";
import { RecordingFile } from "./recording_file.ts";

const DIGITS = 20;
/** So much waits for the disk: about what comes before a match, and as much again. */
const MAX_QUEUED_BYTES = 64 << 20;
/** At the end a disk is waited for so long. */
const CLOSE_PATIENCE_MS = 3000;
/** Room is looked for again after so many bytes. */
const LOOK_BYTES = 8 << 20;

/** Which rules begin a capture; undefined when captures are not asked for. */
export function captureOptions(
  rules: readonly CompiledRule[],
  settings: Settings,
): CaptureOptions | undefined {
  if (!settings["capture.enabled"]) return undefined;
  const all = settings["capture.mode"] === "all_rules";
  return {
    rules: rules.map(({ capture, captureDurationMs }) => ({
      starts: all || capture,
      durationMs: captureDurationMs > 0 ? captureDurationMs : settings["capture.default_duration"],
    })),
    beforeMs: settings["capture.before_duration"],
    ...limit("maxDurationMs", settings["capture.max_duration"]),
    ...limit("maxPerMinute", settings["capture.max_per_minute"]),
  };
}

function limit<K extends string>(key: K, value: number): { readonly [N in K]?: number } {
  return value === 0 ? {} : { [key]: value } as { readonly [N in K]: number };
}

export class CaptureFiles {
  #prefix = "";
  #maxBytes = Infinity;
  #room: CaptureRoom;
  readonly #log: Log;
  readonly #raise: RaiseInternalAlert;
  #file: RecordingFile | undefined;
  #lookedBytes = 0;
  #queue: RecordedChunk[] = [];
  #queuedBytes = 0;
  #writing: Promise<void> | undefined;
  /** the rest of the present capture is not wanted */
  #isGivenUp = true;
  /** that were not written, or not to their end */
  refused = 0;

  constructor(settings: Settings, log: Log, raise: RaiseInternalAlert = () => {}) {
    this.#log = log;
    this.#raise = raise;
    this.#room = new CaptureRoom(settings);
    this.configure(settings);
  }

  configure(settings: Settings): void {
    this.#prefix = settings["capture.path_prefix"];
    const megabytes = settings["capture.max_file_size_mb"];
    this.#maxBytes = megabytes === 0 ? Infinity : megabytes << 20;
    this.#room = new CaptureRoom(settings);
  }

  /** Takes a chunk; nobody waits until it is written. */
  take(chunk: RecordedChunk): void {
    if (chunk.trigger !== undefined) this.#isGivenUp = false;
    if (this.#isGivenUp) return;
    if (this.#queuedBytes + chunk.bytes.length > MAX_QUEUED_BYTES) {
      this.#queue = [];
      this.#queuedBytes = 0;
      return this.#giveUp("the disk does not take it in time");
    }
    this.#queue.push(chunk);
    this.#queuedBytes += chunk.bytes.length;
    this.#writing ??= this.#writeAll();
  }

  /** What was taken is written; a disk that hangs is not waited for without end. */
  async close(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<"late">((resolve) =>
      timer = setTimeout(() => resolve("late"), CLOSE_PATIENCE_MS)
    );
    const written = (async () => {
      await this.#writing;
      await this.#end();
    })();
    written.catch(() => {});
    try {
      if (await Promise.race([written, late]) !== "late") return;
      this.#log("error", `captures: the disk did not take the last one within ${CLOSE_PATIENCE_MS / 1000} s`);
    } finally {
      clearTimeout(timer);
    }
  }

  async #writeAll(): Promise<void> {
    for (let chunk = this.#queue.shift(); chunk !== undefined; chunk = this.#queue.shift()) {
      this.#queuedBytes -= chunk.bytes.length;
      await this.#write(chunk);
    }
    this.#writing = undefined;
  }

  async #write(chunk: RecordedChunk): Promise<void> {
    try {
      if (chunk.trigger !== undefined) await this.#begin(chunk.trigger);
      const file = this.#file;
      if (file === undefined) return;
      if (chunk.kind === "state") makeFdTypesPortable(chunk.bytes);
      await file.write(chunk.bytes);
      const { bytes } = file;
      if (bytes >= this.#maxBytes) {
        this.#raise(INTERNAL_ALERTS.captureSizeLimit(this.#maxBytes / (1 << 20), bytes));
      }
      if (chunk.full || bytes >= this.#maxBytes) return await this.#end();
      if (bytes - this.#lookedBytes < LOOK_BYTES) return;
      this.#lookedBytes = bytes;
      const reason = await this.#room.refusal(this.#prefix, false);
      if (reason === undefined) return;
      await this.#end();
      this.#giveUp(reason);
    } catch (error) {
      // it has failed already: what closing says about it is no news
      await this.#file?.close().catch(() => {});
      this.#file = undefined;
      this.#giveUp(messageOf(error));
    }
  }

  async #begin(trigger: NonNullable<RecordedChunk["trigger"]>): Promise<void> {
    await this.#end();
    this.#lookedBytes = 0;
    const reason = await this.#room.refusal(this.#prefix, true);
    if (reason !== undefined) return this.#giveUp(reason);
    this.#file = await RecordingFile.open(this.#nameOf(trigger), { mayExist: false });
  }

  async #end(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    if (file === undefined) return;
    await file.close();
    this.#log("info", `capture written: ${file.path}, ${(file.bytes / 1e6).toFixed(2)} MB`);
  }

  /** Chunks of the next one may be waiting already. */
  #giveUp(reason: string): void {
    this.refused++;
    const next = this.#queue.findIndex(({ trigger }) => trigger !== undefined);
    const gone = this.#queue.splice(0, next < 0 ? this.#queue.length : next);
    for (const { bytes } of gone) this.#queuedBytes -= bytes.length;
    if (next < 0) this.#isGivenUp = true;
    this.#log("error", `capture not written to its end: ${reason} (${this.refused} so far)`);
  }

  #nameOf({ timeNs, eventNumber }: { timeNs: bigint; eventNumber: bigint }): string {
    const padded = [timeNs, eventNumber].map((number) => String(number).padStart(DIGITS, "0"));
    return `${this.#prefix}_${padded.join("_")}.scap`;
  }
}
