// Records the events of this host until enough have been recorded, or it is told to stop.
// In: where to, which events, limits. Out: `.scap` files that begin with the state of the host, the exit code.
// A file that begins later holds the state of its own beginning: each can be replayed alone.
// Elsewhere: the bytes (engine/, sources/live/seed.ts), the files (service/capture/recording_files.ts).

import type { Settings } from "../../config/mod.ts";
import { Engine, type RecordedChunk } from "../../engine/mod.ts";
import { type CompiledRules, compileRules } from "../../rules/mod.ts";
import { makeFdTypesPortable } from "../../scap/mod.ts";
import { CURRENT_EVENTS } from "../../schema/mod.ts";
import { lossLines } from "../health/counters_report.ts";
import { Containers } from "../containers/containers.ts";
import { eventSource } from "./event_source.ts";
import type { Log } from "../logging/log.ts";
import { RecordingFiles } from "../capture/recording_files.ts";
import { StopRequest } from "./stop_request.ts";

export interface RunRecordOptions {
  readonly path: string;
  /** absent: every event */
  readonly filter?: CompiledRules;
  readonly settings: Settings;
  readonly log: Log;
  readonly durationMs?: number;
  readonly maxBytes?: number;
  readonly maxEvents?: number;
  readonly rotateBytes?: number;
  readonly rotateMs?: number;
  readonly keep?: number;
  readonly snaplen?: number;
}

/** What a killed recorder may lose, and how stale the size of a quiet recording may be. */
const FLUSH_MS = 1000;
const CLOSE_PATIENCE_MS = 5000;

export async function runRecord(options: RunRecordOptions): Promise<number> {
  const { settings, log, filter } = options;
  const stop = new StopRequest();
  const recorder = new Recorder(options, (why) => stop.request({ why, exitCode: 0 }));
  const timers: ReturnType<typeof setInterval>[] = [];
  let engine: Engine | undefined;
  const containers = new Containers(settings, log);
  try {
    containers.start();
    engine = await Engine.start({
      rules: filter ?? { ...compileRules([], { matching: "all" }), eventCodes: everyEvent() },
      source: eventSource(settings, options),
      containers: containers.engineOption(settings),
      maxThreads: settings["falco_libs.thread_table_size"],
      onAlerts: () => {},
      record: {
        all: filter === undefined,
        onChunk: (chunk) => recorder.take(chunk, engine),
        ...(options.maxEvents === undefined ? {} : { maxEvents: options.maxEvents }),
      },
    });
    log("info", `recording into ${options.path}`);
    timers.push(setInterval(() => recorder.flush(), FLUSH_MS));
    const { durationMs, rotateMs } = options;
    if (durationMs !== undefined) {
      const why = `the time limit of ${durationMs / 1000} s`;
      timers.push(setTimeout(() => stop.request({ why, exitCode: 0 }), durationMs));
    }
    if (rotateMs !== undefined) timers.push(setInterval(() => recorder.rotate(engine), rotateMs));

    containers.startComponent({ engine, settings });
    const reason = await Promise.race([stop.reason, engine.ended.then(() => undefined)]);
    if (reason !== undefined) log("info", `stopping: ${reason.why}`);
    await engine.stop();
    await inTime(recorder.close());
    log("info", recorder.summary());
    return reason?.exitCode ?? 0;
  } finally {
    for (const timer of timers) clearInterval(timer);
    stop.dispose();
    containers.close();
    // after a failure: what was recorded before it is kept, and the first error counts
    await inTime(recorder.close()).catch(() => {});
    for (const line of lossLines(engine?.finalCounters ?? {})) log("warning", line);
  }
}

/** A disk that hangs must not keep the program from ending. */
async function inTime(written: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) =>
    timer = setTimeout(
      () => reject(new Error(`The disk did not take the recording within ${CLOSE_PATIENCE_MS / 1000} s`)),
      CLOSE_PATIENCE_MS,
    )
  );
  try {
    await Promise.race([written, late]);
  } finally {
    clearTimeout(timer);
  }
}

class Recorder {
  readonly #options: RunRecordOptions;
  readonly #files: RecordingFiles;
  readonly #requestStop: (why: string) => void;
  #events = 0;
  #isFull = false;
  #sectionAsked = false;
  /** writing, flushing and closing take their turns */
  #last: Promise<void> = Promise.resolve();

  constructor(options: RunRecordOptions, requestStop: (why: string) => void) {
    this.#options = options;
    this.#requestStop = requestStop;
    this.#files = new RecordingFiles({
      path: options.path,
      rotates: options.rotateBytes !== undefined || options.rotateMs !== undefined,
      ...(options.keep === undefined ? {} : { keep: options.keep }),
    });
  }

  take(chunk: RecordedChunk, engine: Engine | undefined): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isFull) return;
      if (chunk.begins) {
        await this.#files.begin();
        this.#sectionAsked = false;
      }
      if (chunk.kind === "state") makeFdTypesPortable(chunk.bytes);
      await this.#files.write(chunk.bytes);
      this.#events += chunk.events;
      const { maxBytes = Infinity, rotateBytes = Infinity, maxEvents } = this.#options;
      if (this.#files.totalBytes >= maxBytes) this.#end(`the size limit of ${maxBytes / 1e6} MB`);
      else if (chunk.full) this.#end(`the limit of ${maxEvents} events`);
      else if (this.#files.fileBytes >= rotateBytes) this.rotate(engine);
    });
  }

  /** The next file begins with the next section, in which the worker reports the state again. */
  rotate(engine: Engine | undefined): void {
    if (this.#sectionAsked || engine === undefined) return;
    this.#sectionAsked = true;
    engine.beginSection();
  }

  flush(): void {
    // an error shows itself again at the next write
    this.#inTurn(() => this.#files.flush()).catch(() => {});
  }

  close(): Promise<void> {
    return this.#inTurn(() => this.#files.close());
  }

  summary(): string {
    const { count, totalBytes } = this.#files;
    const files = count === 1 ? this.#options.path : `${count} files`;
    return `${this.#events} events in ${files}, ${(totalBytes / 1e6).toFixed(2)} MB`;
  }

  #end(why: string): void {
    this.#isFull = true;
    this.#requestStop(why);
  }

  #inTurn(action: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(action);
    this.#last = turn.catch(() => {});
    return turn;
  }
}

/** Entry events are reported with the returns from their calls. */
function everyEvent(): number[] {
  return CURRENT_EVENTS.map(({ code }) => code);
}
