import { deepEqual, equal, match } from "node:assert/strict";
import { KafkaSink, type KafkaSinkKeys } from "../../../outputs/sinks/kafka.ts";
import { KafkaBroker } from "./kafka_broker.ts";
import { crc32c } from "./kafka_wire.ts";
import {
  deliver,
  failure,
  FREEZE_MS,
  HANG_MS,
  message,
  messages,
  NO_LOGIN,
  NO_TLS,
  outcome,
  TIME_NS,
} from "./network_messages.ts";
import { freePort } from "./server_process.ts";
import { SilentServer } from "./silent_server.ts";

function sinkOf(port: number, more: Partial<KafkaSinkKeys> = {}): KafkaSink {
  return new KafkaSink("kafka", {
    brokers: `127.0.0.1:${port}`,
    topic: "falco",
    client_id: "falco",
    compression: "none",
    tls: false,
    sasl: "none",
    batch_max: 200,
    timeout: HANG_MS,
    ...NO_LOGIN,
    ...NO_TLS,
    ...more,
  });
}

Deno.test("the broker of these tests knows CRC32C", () => {
  equal(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
});

Deno.test("Kafka: a batch goes to one partition, in order, with key, time and headers, for all replicas", async () => {
  for (const compression of ["none", "gzip"] as const) {
    using broker = new KafkaBroker();
    const sink = sinkOf(broker.port, { compression, client_id: "web-1" });
    await deliver(sink, messages(1, 200));
    await deliver(sink, messages(201, 230));
    await sink.close();
    deepEqual(broker.bodies, messages(1, 230).map(({ body }) => body));
    deepEqual([...broker.clientIds], ["web-1"]);
    equal(new Set(broker.acknowledged.map(({ partition }) => partition)).size, 1);
    const first = broker.acknowledged[0];
    deepEqual([first?.topic, first?.acks, first?.isCompressed], ["falco", -1, compression === "gzip"]);
    deepEqual(first?.records[0], {
      key: "host-1",
      value: "body 1",
      timestampMs: TIME_NS / 1_000_000n,
      headers: { id: `host-1-${TIME_NS + 1n}-1`, rule: "Shell in a container", priority: "Warning" },
    });
  }
});

Deno.test("Kafka: another leader, a hang-up, damage and an unknown topic pass, and everything arrives then", async () => {
  using broker = new KafkaBroker();
  const sink = sinkOf(broker.port);
  const causes: string[] = [];
  broker.answers = ["notLeader", "hang up", "corrupt"];
  for (let left = 3; left > 0; left--) {
    const { retryable, cause } = outcome(await failure(deliver(sink, messages(1, 5))));
    equal(retryable, true);
    causes.push(cause);
  }
  deepEqual(causes, ["kafka_not_leader_for_partition", "reset", "kafka_corrupt_message"]);
  broker.topicExists = false;
  equal((await failure(deliver(sinkOf(broker.port), messages(1, 5)))).details.retryable, true);
  broker.topicExists = true;
  const before = broker.metadataRequests;
  await deliver(sink, messages(1, 5));
  await sink.close();
  equal(broker.metadataRequests > before, true, "leaders are asked for again");
  deepEqual(broker.bodies, messages(1, 5).map(({ body }) => body));
});

Deno.test("Kafka: a batch with a message that is too large is refused as a whole, alone only that one is", async () => {
  using broker = new KafkaBroker();
  broker.maxValueBytes = 1000;
  const sink = sinkOf(broker.port);
  const batch = [message(1), message(2, "x".repeat(2000)), message(3)];
  deepEqual(outcome(await failure(deliver(sink, batch))), {
    retryable: false,
    cause: "kafka_message_too_large",
    delivered: [],
    refused: [],
  });
  const alone = [];
  for (const one of batch) {
    alone.push(await deliver(sink, [one]).then(() => "taken", ({ details }) => details.retryable));
  }
  await sink.close();
  deepEqual([alone, broker.bodies], [["taken", false, "taken"], ["body 1", "body 3"]]);
});

Deno.test("Kafka: a broker that does not answer, dies and comes back gets everything", async () => {
  const port = freePort();
  const sink = sinkOf(port, { timeout: FREEZE_MS });
  {
    using broker = new KafkaBroker(undefined, port);
    broker.answers = ["silence"];
    equal((await failure(deliver(sink, messages(1, 2)))).details.cause, "timeout");
    await deliver(sink, messages(1, 2));
    deepEqual(broker.bodies, ["body 1", "body 2"]);
  }
  equal((await failure(deliver(sink, messages(3, 4)))).details.retryable, true);
  equal((await failure(deliver(sink, messages(3, 4)))).details.cause, "refused");
  using broker = new KafkaBroker(undefined, port);
  await deliver(sink, messages(3, 4));
  await sink.close();
  deepEqual(broker.bodies, ["body 3", "body 4"]);
});

Deno.test("Kafka: a login by SASL PLAIN; a wrong one passes and shows no secret", async () => {
  using broker = new KafkaBroker({ user: "falco", password: "right-one" });
  const login = { sasl: "plain", user: "falco" } as const;
  const error = await failure(
    deliver(sinkOf(broker.port, { ...login, password: "wrong-one" }), [message(1)]),
  );
  deepEqual([error.details.retryable, error.details.cause], [true, "authentication"]);
  match(error.message, /Invalid username or password/);
  equal(error.message.includes("wrong-one"), false);
  const sink = sinkOf(broker.port, { ...login, password: "right-one" });
  await deliver(sink, [message(1)]);
  await sink.close();
  deepEqual(broker.bodies, ["body 1"]);
});

Deno.test("Kafka: nobody listens, or nobody answers: an error that passes, in time", async () => {
  equal((await failure(deliver(sinkOf(freePort()), [message(1)]))).details.cause, "refused");
  using silent = new SilentServer();
  const error = await failure(deliver(sinkOf(silent.port, { timeout: 200 }), [message(1)]));
  deepEqual([error.details.retryable, error.details.cause], [true, "timeout"]);
});
