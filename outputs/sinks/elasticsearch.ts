// Alerts to Elasticsearch or OpenSearch by the bulk API.
// In: batches. Out: each document created, or which ones are not. Documents are created under the alert's id: one that
// is there already (409) has been delivered before.
// Elsewhere: keys (config/sinks/elasticsearch.ts), repeating (outputs/sink_queue.ts).

import type { ELASTICSEARCH, RecordOf } from "../../config/mod.ts";
import { alertId, utcDateTime } from "../../alerts/mod.ts";
import { authorization, BODY_REFUSED, HttpPush, withPath } from "../network/http_push.ts";
import { oneLine } from "../network/network_error.ts";
import { sumUp } from "../network/settle_each.ts";
import { type Sink, SinkError, type SinkMessage } from "../sink.ts";

export type ElasticsearchSinkKeys = RecordOf<typeof ELASTICSEARCH.keys>;

const EXISTS = 409;

export class ElasticsearchSink implements Sink {
  readonly name: string;
  readonly maxBatch: number;
  /** a request has its own */
  readonly attemptTimeoutMs = Infinity;
  readonly #index: string;
  readonly #push: HttpPush;

  constructor(name: string, keys: ElasticsearchSinkKeys) {
    this.name = name;
    this.maxBatch = keys.batch_max;
    this.#index = keys.index;
    const url = new URL(withPath(keys.url, "/_bulk", "append"));
    if (keys.pipeline !== "") url.searchParams.set("pipeline", keys.pipeline);
    this.#push = new HttpPush({
      what: "Elasticsearch",
      url: url.href,
      headers: {
        ...keys.headers,
        ...(keys.api_key === "" ? authorization(keys) : { authorization: `ApiKey ${keys.api_key}` }),
      },
      tls: keys,
      timeoutMs: keys.timeout,
    });
  }

  async deliver(batch: readonly SinkMessage[], signal: AbortSignal): Promise<void> {
    const request = batch.map((message) => this.#operation(message)).join("");
    const answer = await this.#push.post(request, "application/x-ndjson", signal);
    const items = readItems(answer, batch.length);
    sumUp(batch, items.map(itemError));
  }

  close(): Promise<void> {
    return this.#push.close();
  }

  #operation({ alert, body }: SinkMessage): string {
    const day = utcDateTime(alert.timeNs);
    const parts: Readonly<Record<string, string>> = {
      Y: day.slice(0, 4),
      m: day.slice(5, 7),
      d: day.slice(8, 10),
    };
    const index = this.#index.replace(/%([Ymd])/g, (_, part: string) => parts[part] ?? "");
    const action = JSON.stringify({ create: { _index: index, _id: alertId(alert) } });
    return `${action}\n${document(body, `${day}Z`)}\n`;
  }
}

/** Indexes and data streams want a time, and only objects. Numbers of the body keep all their digits. */
function document(body: string, time: string): string {
  const keys = objectKeys(body);
  if (keys === undefined) return JSON.stringify({ "@timestamp": time, message: body });
  if (keys.includes("@timestamp")) return body;
  return `{"@timestamp":"${time}"${keys.length === 0 ? "" : ","}${body.slice(1)}`;
}

function objectKeys(body: string): string[] | undefined {
  if (!body.startsWith("{")) return undefined;
  try {
    return Object.keys(JSON.parse(body));
  } catch {
    return undefined;
  }
}

interface Item {
  readonly status: number;
  readonly reason: string;
}

/** What is no answer to a bulk request leaves open what was taken: all of it goes again, which the ids make harmless. */
function readItems(answer: string, count: number): Item[] {
  try {
    const { items } = JSON.parse(answer) as { items: readonly Record<string, unknown>[] };
    const read = items.map((item) => readItem(Object.values(item)[0]));
    if (read.length === count) return read;
  } catch {
    // said below
  }
  throw new SinkError(`Elasticsearch gives no answer for each document: ${oneLine(answer)}`, {
    retryable: true,
    cause: "bad_answer",
  });
}

function readItem(item: unknown): Item {
  const { status, error } = item as { readonly status: unknown; readonly error?: unknown };
  if (typeof status !== "number") throw new TypeError("an item without a status");
  return { status, reason: error === undefined ? "" : JSON.stringify(error) };
}

function itemError({ status, reason }: Item): SinkError | undefined {
  if (status < 300 || status === EXISTS) return undefined;
  return new SinkError(`Elasticsearch answers ${status} for a document: ${oneLine(reason)}`, {
    retryable: !BODY_REFUSED.includes(status),
    cause: `status_${status}`,
  });
}
