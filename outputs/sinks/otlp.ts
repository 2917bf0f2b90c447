// Alerts to an OpenTelemetry collector as logs: OTLP over HTTP in JSON.
// In: batches of bodies in the format `otlp`, each a request of one record, which are joined to one request; bodies in
// another format become the text of a record. Out: accepted, refused as a whole, or some refused. A reader recognises a repeated alert by `falco.alert_id`.
// Elsewhere: records (alerts/formats/otlp.ts), keys (config/sinks/otlp.ts), repeating (outputs/sink_queue.ts).

import type { OTLP, RecordOf } from "../../config/mod.ts";
import { alertId } from "../../alerts/mod.ts";
import { authorization, HttpPush, withPath } from "../network/http_push.ts";
import { oneLine } from "../network/network_error.ts";
import { type Sink, SinkError, type SinkMessage } from "../sink.ts";

export type OtlpSinkKeys = RecordOf<typeof OTLP.keys>;

const REQUEST = /^\{"resourceLogs":\[(.*)\]\}$/s;

export class OtlpSink implements Sink {
  readonly name: string;
  readonly maxBatch: number;
  /** a request has its own */
  readonly attemptTimeoutMs = Infinity;
  readonly #push: HttpPush;

  constructor(name: string, keys: OtlpSinkKeys) {
    this.name = name;
    this.maxBatch = keys.batch_max;
    this.#push = new HttpPush({
      what: "OTLP",
      url: withPath(keys.url, "/v1/logs"),
      headers: { ...keys.headers, ...authorization(keys) },
      tls: keys,
      timeoutMs: keys.timeout,
    });
  }

  async deliver(batch: readonly SinkMessage[], signal: AbortSignal): Promise<void> {
    const logs = batch.map((message) => REQUEST.exec(message.body)?.[1] ?? foreignRecord(message));
    const answer = await this.#push.post(`{"resourceLogs":[${logs.join(",")}]}`, "application/json", signal);
    checkPartialSuccess(answer, batch);
  }

  close(): Promise<void> {
    return this.#push.close();
  }
}

/** For who has asked for OTLP as the way and for another format as the content. */
function foreignRecord({ alert, body }: SinkMessage): string {
  const attributes = [{ key: "falco.alert_id", value: { stringValue: alertId(alert) } }];
  const record = {
    timeUnixNano: String(alert.timeNs),
    severityText: alert.priority,
    body: { stringValue: body },
    attributes,
  };
  const resource = { attributes: [{ key: "host.name", value: { stringValue: alert.hostname } }] };
  return JSON.stringify({ resource, scopeLogs: [{ logRecords: [record] }] });
}

/**
 * A collector says how many records it has refused, but not which, and none of them may be sent again: the number of
 * refused alerts is right, the alerts are not known.
 */
function checkPartialSuccess(answer: string, batch: readonly SinkMessage[]): void {
  const { count, reason } = readPartialSuccess(answer);
  if (count === 0) return;
  const delivered = batch.slice(0, Math.max(0, batch.length - count));
  throw new SinkError(`the collector refuses ${count} of ${batch.length} alerts: ${oneLine(reason)}`, {
    retryable: false,
    cause: "otlp_rejected",
    delivered,
    refused: batch.slice(delivered.length),
  });
}

function readPartialSuccess(answer: string): { readonly count: number; readonly reason: string } {
  try {
    const { partialSuccess } = JSON.parse(answer) as { partialSuccess?: Record<string, unknown> };
    const { rejectedLogRecords = 0, errorMessage = "" } = partialSuccess ?? {};
    const count = Number(rejectedLogRecords);
    return { count: Number.isSafeInteger(count) && count > 0 ? count : 0, reason: String(errorMessage) };
  } catch {
    return { count: 0, reason: "" }; // a status of 2xx alone says that all is taken
  }
}
