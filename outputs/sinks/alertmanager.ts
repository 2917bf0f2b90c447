// Alerts to Prometheus Alertmanager by its API v2.
// In: batches, each one request. Out: accepted, or refused as a whole. Alertmanager keeps one alert for each set of
// labels and only prolongs it when it comes again: repeated alerts do no harm, and many alerts of a rule with the same
// tags on a host are one to it, with the annotations of the last. That is its nature; other sinks keep every alert.
// Elsewhere: keys (config/sinks/alertmanager.ts), repeating, and finding the bad message of a batch (sink_queue.ts).

import type { ALERTMANAGER, RecordOf } from "../../config/mod.ts";
import { type AlertFacts, utcDateTime } from "../../alerts/mod.ts";
import { authorization, HttpPush, withPath } from "../network/http_push.ts";
import { labelled, labelName } from "../network/label_name.ts";
import type { Sink, SinkMessage } from "../sink.ts";

export type AlertmanagerSinkKeys = RecordOf<typeof ALERTMANAGER.keys>;

export class AlertmanagerSink implements Sink {
  readonly name: string;
  readonly maxBatch: number;
  /** a request has its own */
  readonly attemptTimeoutMs = Infinity;
  readonly #keys: AlertmanagerSinkKeys;
  readonly #push: HttpPush;

  constructor(name: string, keys: AlertmanagerSinkKeys) {
    this.name = name;
    this.maxBatch = keys.batch_max;
    this.#keys = keys;
    this.#push = new HttpPush({
      what: "Alertmanager",
      url: withPath(keys.url, "/api/v2/alerts", "append"),
      headers: { ...keys.headers, ...authorization(keys) },
      tls: keys,
      timeoutMs: keys.timeout,
    });
  }

  async deliver(batch: readonly SinkMessage[], signal: AbortSignal): Promise<void> {
    const alerts = batch.map(({ alert }) => this.#alert(alert));
    await this.#push.post(JSON.stringify(alerts), "application/json", signal);
  }

  close(): Promise<void> {
    return this.#push.close();
  }

  #alert(alert: AlertFacts): object {
    const { labels, expires_after } = this.#keys;
    const { rule, priority, source, hostname, tags, timeNs } = alert;
    const endNs = timeNs + BigInt(expires_after) * 1_000_000n;
    return {
      labels: {
        ...labelled(labels),
        alertname: rule,
        rule,
        priority,
        source,
        hostname,
        // empty labels are none
        tags: tags.join(","),
      },
      annotations: { ...annotations(alert), output: alert.message },
      startsAt: `${utcDateTime(timeNs)}Z`,
      ...(expires_after > 0 ? { endsAt: `${utcDateTime(endNs)}Z` } : {}),
    };
  }
}

function annotations({ fields }: AlertFacts): Record<string, string> {
  return Object.fromEntries(
    fields
      .filter(([, json]) => json !== "null")
      .map(([key, json]) => [labelName(key), plain(json)]),
  );
}

/** For people: texts without their quotes and with their escapes; everything else, whatever its digits, as it is. */
function plain(json: string): string {
  return json.startsWith('"') ? json.slice(1, -1) : json;
}
