// A receiver that says that it will send no more, and reads on: a firewall or a proxy that ends half of a connection.
// Each sink that waits for an answer gives the attempt up in time, and tries again.

import { deepEqual, ok } from "node:assert/strict";
import { planSinks } from "../../../outputs/create_sinks.ts";
import { load } from "../../config/loading.ts";
import { rawServer } from "./local_server.ts";
import { deliver, failure, message } from "./network_messages.ts";

/** Entries of `sinks`; AT is host and port. */
const SINKS: Readonly<Record<string, string>> = {
  nats: "servers: nats://AT",
  redis: "url: redis://AT",
  mqtt: "url: mqtt://AT",
  kafka: "brokers: AT",
  loki: "url: http://AT",
  elasticsearch: "url: http://AT",
  alertmanager: "url: http://AT",
  otlp: "url: http://AT",
  http: "url: http://AT",
};

const HALVES: readonly [name: string, behave: Parameters<typeof rawServer>[0]][] = [
  ["at once", (socket) => void socket.resume().end()],
  ["after the first words", (socket) => void socket.on("data", () => socket.end())],
];

for (const [type, keys] of Object.entries(SINKS)) {
  for (const [when, behave] of HALVES) {
    Deno.test(`${type}: a receiver that closes its half of the connection ${when} is an error that passes`, async () => {
      await using server = await rawServer(behave);
      const written = keys.replace("AT", `127.0.0.1:${server.port}`);
      const { settings, problems } = load(
        `stdout_output: {enabled: false}\nsinks: [{type: ${type}, timeout: 500ms, ${written}}]\n`,
      );
      deepEqual(problems, []);
      const around = { unbuffered: false, waits: false, onStdoutClosed: () => {}, onNews: () => {} };
      const sink = planSinks(settings, around)[0]!.create();
      const limit = AbortSignal.timeout(20_000);
      const error = await failure(deliver(sink, [message(1)], limit));
      ok(error.details.retryable && !limit.aborted, error.message);
      await sink.close();
    });
  }
}
