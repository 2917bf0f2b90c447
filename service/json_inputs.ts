// Where events of a JSON source come from: requests, files, a file that is followed, standard input.
// In: a plan, the source that takes events. Out: batches in its queue. An input ends when there is no more to read;
// requests and files that are followed never do.

import type { JsonInput, JsonInputPlan } from "../config/json_sources.ts";
import { MAX_EVENT_BYTES } from "../engine/json_engine.ts";
import { BatchReader } from "../sources/json/batch_reader.ts";
import { type Piece, readFiles, readStdin } from "../sources/json/file_input.ts";
import { jsonEventFinder } from "../sources/json/found_events.ts";
import { LineReader } from "../sources/json/line_reader.ts";
import { tailFile } from "../sources/json/tail_input.ts";
import { findAuditEvents } from "../sources/k8s_audit/audit_events.ts";
import type { JsonSource } from "./json_source.ts";
import { JsonWebhook } from "./json_webhook.ts";
import type { Log } from "./log.ts";

export interface RunningInput {
  /** where events come from, for the log */
  readonly where: string;
  /** there is no more to read; rejects when it failed. Undefined for what never ends. */
  readonly ended: Promise<void> | undefined;
  stop(): Promise<void>;
}

/** Batches are offered when they have so many events, so that one queue entry is worth its price. */
const BATCH_EVENTS = 256;
/** Complaints about lines of files, for each input. */
const MAX_COMPLAINTS = 5;

export async function startInput(plan: JsonInputPlan, source: JsonSource, log: Log): Promise<RunningInput> {
  const reader = new BatchReader({
    find: plan.format === "k8s_audit"
      ? findAuditEvents
      : jsonEventFinder(plan, () => BigInt(Date.now()) * 1_000_000n),
    maxEventBytes: Math.min(plan.maxEventBytes, MAX_EVENT_BYTES),
  });
  const { input } = plan;
  if (input.kind === "http") {
    const webhook = new JsonWebhook(plan, input, source, reader);
    await webhook.start();
    return { where: webhook.url, ended: undefined, stop: () => webhook.stop() };
  }
  const abort = new AbortController();
  const lines = new Lines(plan, source, reader, log);
  const ended = lines.takeAll(pieces(input, abort.signal));
  // it may fail while nobody waits yet
  ended.catch(() => {});
  return {
    where: whereOf(input),
    ended,
    async stop() {
      abort.abort();
      // standard input may never give anything again
      if (input.kind !== "stdin") await ended.catch(() => {});
    },
  };
}

function pieces(input: Exclude<JsonInput, { kind: "http" }>, signal: AbortSignal): AsyncGenerator<Piece> {
  switch (input.kind) {
    case "file":
      return readFiles(input.path, signal);
    case "tail":
      return tailFile(input.path, { fromStart: input.fromStart, signal });
    case "stdin":
      return readStdin(signal);
  }
}

function whereOf(input: Exclude<JsonInput, { kind: "http" }>): string {
  return input.kind === "stdin"
    ? "standard input"
    : input.kind === "tail"
    ? `${input.path}, followed`
    : input.path;
}

/** Lines of files, each a JSON text. */
class Lines {
  #number = 0;
  #complaints = 0;
  #events: { text: Uint8Array; timeNs: bigint }[] = [];
  #bytes = 0;

  constructor(
    readonly plan: JsonInputPlan,
    readonly source: JsonSource,
    readonly reader: BatchReader,
    readonly log: Log,
  ) {}

  async takeAll(pieces: AsyncIterable<Piece>): Promise<void> {
    // a line may be a list of events
    const lines = new LineReader(this.plan.maxBatchBytes);
    let tooLong = 0;
    for await (const piece of pieces) {
      for (const line of piece === "end of file" ? lines.end() : lines.take(piece)) {
        this.#take(line);
        if (this.#events.length >= BATCH_EVENTS) await this.#flush();
      }
      await this.#flush();
      if (lines.tooLong > tooLong) {
        this.source.note({ malformed: 0, tooLong: lines.tooLong - tooLong });
        this.#complain(`a line is longer than ${this.plan.maxBatchBytes} bytes`);
        tooLong = lines.tooLong;
      }
      if (piece === "end of file") this.#number = 0;
    }
  }

  #take(line: Uint8Array): void {
    this.#number++;
    const batch = this.reader.read(line);
    this.source.note(batch);
    if (batch.reason !== undefined) this.#complain(`line ${this.#number}: ${batch.reason}`);
    this.#events.push(...batch.events);
    this.#bytes += batch.bytes;
  }

  async #flush(): Promise<void> {
    const events = this.#events, bytes = this.#bytes;
    this.#events = [];
    this.#bytes = 0;
    await this.source.push({ events, bytes });
  }

  #complain(what: string): void {
    this.#complaints++;
    if (this.#complaints > MAX_COMPLAINTS) return;
    const more = this.#complaints === MAX_COMPLAINTS ? "; further ones are only counted" : "";
    this.log("warning", `source ${this.plan.source}: ${what}${more}`);
  }
}
