// Alerts to Grafana Loki by its push API.
// In: batches. Out: accepted, or refused as a whole. A stream for each set of labels: rule, priority, source, hostname
// and the fixed ones of the configuration, all of them few; everything else is in the line. Loki drops a repeated
// alert by itself: same stream, same nanosecond, same line.
// Elsewhere: keys (config/sinks/loki.ts), repeating, and finding the bad message of a batch (outputs/sink_queue.ts).

import type { LOKI, RecordOf } from "../../config/mod.ts";
import { authorization, HttpPush, withPath } from "../network/http_push.ts";
import { labelled } from "../network/label_name.ts";
import type { Sink, SinkMessage } from "../sink.ts";

export type LokiSinkKeys = RecordOf<typeof LOKI.keys>;

export class LokiSink implements Sink {
  readonly name: string;
  readonly maxBatch: number;
  /** a request has its own */
  readonly attemptTimeoutMs = Infinity;
  readonly #labels: Readonly<Record<string, string>>;
  readonly #push: HttpPush;

  constructor(name: string, keys: LokiSinkKeys) {
    this.name = name;
    this.maxBatch = keys.batch_max;
    this.#labels = labelled(keys.labels);
    this.#push = new HttpPush({
      what: "Loki",
      url: withPath(keys.url, "/loki/api/v1/push"),
      headers: {
        ...keys.headers,
        ...authorization(keys),
        ...(keys.tenant === "" ? {} : { "x-scope-orgid": keys.tenant }),
      },
      tls: keys,
      timeoutMs: keys.timeout,
    });
  }

  async deliver(batch: readonly SinkMessage[], signal: AbortSignal): Promise<void> {
    await this.#push.post(lokiRequest(batch, this.#labels), "application/json", signal);
  }

  close(): Promise<void> {
    return this.#push.close();
  }
}

interface LokiStream {
  readonly stream: Readonly<Record<string, string>>;
  readonly values: [timeNs: string, line: string][];
}

function lokiRequest(batch: readonly SinkMessage[], fixed: Readonly<Record<string, string>>): string {
  const streams = new Map<string, LokiStream>();
  for (const { alert, body } of batch) {
    const { rule, priority, source, hostname } = alert;
    const stream = { ...fixed, rule, priority, source, hostname };
    const key = JSON.stringify(stream);
    const known: LokiStream = streams.get(key) ?? { stream, values: [] };
    known.values.push([String(alert.timeNs), body]);
    streams.set(key, known);
  }
  return JSON.stringify({ streams: [...streams.values()] });
}
