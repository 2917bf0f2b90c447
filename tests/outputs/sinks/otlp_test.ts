import { deepEqual, equal } from "node:assert/strict";
import { otlpFormat } from "../../../alerts/formats/otlp.ts";
import type { SinkMessage } from "../../../outputs/sink.ts";
import { OtlpSink } from "../../../outputs/sinks/otlp.ts";
import { HttpReceiver, status } from "./http_receiver.ts";
import { deliver, failure, HTTP_DEFAULTS, message, outcome } from "./network_messages.ts";

function sinkOf(url: string): OtlpSink {
  return new OtlpSink("otlp", { ...HTTP_DEFAULTS, url });
}

function formatted(number: number): SinkMessage {
  const { alert, redelivered } = message(number);
  return { alert, redelivered, body: otlpFormat({ ...alert, text: `text ${number}`, json: "{}" }) };
}

interface Request {
  readonly resourceLogs: readonly {
    readonly scopeLogs: readonly { readonly logRecords: readonly { readonly body: unknown }[] }[];
  }[];
}

function bodiesOf(request: string): unknown[] {
  const { resourceLogs }: Request = JSON.parse(request);
  const records = resourceLogs.flatMap(({ scopeLogs }) => scopeLogs).flatMap(({ logRecords }) => logRecords);
  return records.map(({ body }) => body);
}

Deno.test("OTLP: a batch is one request with a record for each alert", async () => {
  await using collector = new HttpReceiver(() => Response.json({ partialSuccess: {} }));
  const sink = sinkOf(collector.url);
  await deliver(sink, [formatted(1), formatted(2), formatted(3)]);
  await sink.close();
  equal(collector.last.path, "/v1/logs");
  equal(collector.last.headers.get("content-type"), "application/json");
  const bodies = bodiesOf(collector.last.body);
  deepEqual(bodies, [1, 2, 3].map((number) => ({ stringValue: `text ${number}` })));
});

Deno.test("OTLP: a body in another format is the text of a record", async () => {
  await using collector = new HttpReceiver(status(200));
  const sink = sinkOf(collector.url);
  await deliver(sink, [message(1, '{"resourceLogs":1}'), formatted(2)]);
  await sink.close();
  const bodies = bodiesOf(collector.last.body);
  deepEqual(bodies, [{ stringValue: '{"resourceLogs":1}' }, { stringValue: "text 2" }]);
});

Deno.test("OTLP: what a collector refuses of a batch is counted and never sent again", async () => {
  const partialSuccess = { rejectedLogRecords: "2", errorMessage: "no room" };
  await using collector = new HttpReceiver(() => Response.json({ partialSuccess }));
  const sink = sinkOf(collector.url);
  const { retryable, cause, delivered, refused } = outcome(
    await failure(deliver(sink, [formatted(1), formatted(2), formatted(3)])),
  );
  deepEqual([retryable, cause, delivered.length, refused.length], [false, "otlp_rejected", 1, 2]);
  collector.answer = status(503, "", { "retry-after": "1" });
  const busy = await failure(deliver(sink, [formatted(1)]));
  deepEqual([busy.details.retryable, busy.details.retryAfterMs], [true, 1000]);
  await sink.close();
});
