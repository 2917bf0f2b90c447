// Where events of a JSON source come from: requests, files, a file that is followed, standard input.
// In: a plan, the source that takes events. Out: batches in its queue. An input ends when there is no more to read;
// requests and files that are followed never do.

import type { JsonInput, JsonInputPlan } from "../../config/mod.ts";
import { MAX_EVENT_BYTES } from "../../engine/mod.ts";
import {
  BatchReader,
  type Chunk,
  type EventStream,
  jsonEventFinders,
  readFiles,
  readStdin,
  type SourceEvent,
  tailFile,
} from "../../sources/json/mod.ts";
import { AUDIT_FINDERS } from "../../sources/k8s_audit/mod.ts";
import type { JsonComplaints } from "./json_complaints.ts";
import type { JsonSource } from "./json_source.ts";
import { JsonWebhook } from "./json_webhook.ts";

export interface RunningInput {
  /** where events come from, for the log */
  readonly where: string;
  /** there is no more to read; rejects when it failed. Undefined for what never ends. */
  readonly ended: Promise<void> | undefined;
  stop(): Promise<void>;
}

/** Batches are offered when they have so many events or bytes, so that one queue entry is worth its price. */
const BATCH_EVENTS = 256;
const BATCH_BYTES = 1 << 20;

export async function startInput(
  plan: JsonInputPlan,
  source: JsonSource,
  complaints: JsonComplaints,
): Promise<RunningInput> {
  const reader = new BatchReader({
    finders: plan.format === "k8s_audit"
      ? AUDIT_FINDERS
      : jsonEventFinders(plan, () => BigInt(Date.now()) * 1_000_000n),
    maxEventBytes: Math.min(plan.maxEventBytes, MAX_EVENT_BYTES),
  });
  const { input } = plan;
  if (input.kind === "http") {
    const webhook = new JsonWebhook({ plan, input, source, reader, complaints });
    await webhook.start();
    return { where: webhook.url, ended: undefined, stop: () => webhook.stop() };
  }
  const abort = new AbortController();
  const lines = new Lines(source, reader, complaints);
  const ended = lines.takeAll(chunks(input, abort.signal));
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

function chunks(input: Exclude<JsonInput, { kind: "http" }>, signal: AbortSignal): AsyncGenerator<Chunk> {
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
  readonly #source: JsonSource;
  readonly #reader: BatchReader;
  readonly #complaints: JsonComplaints;
  #events: SourceEvent[] = [];
  #bytes = 0;

  constructor(source: JsonSource, reader: BatchReader, complaints: JsonComplaints) {
    this.#source = source;
    this.#reader = reader;
    this.#complaints = complaints;
  }

  async takeAll(chunks: AsyncIterable<Chunk>): Promise<void> {
    let stream = this.#reader.stream(true);
    for await (const chunk of chunks) {
      const isEnd = chunk === "end of file";
      await this.#takeAll(isEnd ? stream.end() : stream.take(chunk));
      if (isEnd) stream = this.#reader.stream(true);
    }
  }

  async #takeAll(batches: ReturnType<EventStream["take"]>): Promise<void> {
    for (const batch of batches) {
      this.#source.note(batch);
      if (batch.reason !== undefined) this.#complaints.setAside(batch.reason);
      for (const event of batch.events) this.#events.push(event);
      this.#bytes += batch.bytes;
      if (this.#events.length >= BATCH_EVENTS || this.#bytes >= BATCH_BYTES) await this.#flush();
    }
    await this.#flush();
  }

  async #flush(): Promise<void> {
    const events = this.#events, bytes = this.#bytes;
    this.#events = [];
    this.#bytes = 0;
    await this.#source.push({ events, bytes });
  }
}
