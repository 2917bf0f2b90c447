// Network sinks behind their queue: what a user gets in the end.

import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { deepEqual, equal } from "node:assert/strict";
import type { Sink } from "../../../outputs/sink.ts";
import type { OutgoingAlert } from "../../../alerts/alert_facts.ts";
import { SinkQueue } from "../../../outputs/sink_queue.ts";
import { KafkaSink } from "../../../outputs/sinks/kafka.ts";
import { MqttSink } from "../../../outputs/sinks/mqtt.ts";
import { NatsSink } from "../../../outputs/sinks/nats.ts";
import { until } from "../outgoing_alerts.ts";
import { KafkaBroker } from "./kafka_broker.ts";
import { message, NO_LOGIN, NO_TLS } from "./network_messages.ts";
import { isMissing, ServerProcess } from "./server_process.ts";

const COMMON = { ...NO_LOGIN, ...NO_TLS, timeout: 2000 };
const LONG = "x".repeat(5000);

function queueOf(sink: Sink): SinkQueue {
  return new SinkQueue({ sink, format: ({ message }) => message, firstPauseMs: 1, longestPauseMs: 20 });
}

function outgoing(number: number, text = `body ${number}`): OutgoingAlert {
  return { ...message(number).alert, message: text, text, json: "{}" };
}

Deno.test({
  name: "NATS killed again and again while alerts come: all arrive, each once",
  ignore: isMissing("nats-server"),
  async fn() {
    await using nats = await new ServerProcess("nats-server", (port, folder) => [
      ...["-js", "-a", "127.0.0.1", "-p", String(port), "-sd", folder],
    ]).start();
    const servers = `nats://127.0.0.1:${nats.port}`;
    const administrator = await connect({ servers });
    const manager = await jetstreamManager(administrator);
    await manager.streams.add({ name: "ALERTS", subjects: ["falco.alerts"] });
    await administrator.close();
    const own = {
      servers,
      subject: "falco.alerts",
      stream: "ALERTS",
      token: "",
      credentials: "",
      batch_max: 7,
    };
    const queue = queueOf(new NatsSink("nats", { ...COMMON, ...own }));
    let number = 0;
    for (let round = 0; round < 3; round++) {
      for (let at = 0; at < 50; at++) queue.offer(outgoing(++number));
      await new Promise((resolve) => setTimeout(resolve, round * 5));
      await nats.kill();
      for (let at = 0; at < 50; at++) queue.offer(outgoing(++number));
      await nats.start();
    }
    await until("everything is settled", () => queue.stats().delivered === 300n);
    equal(Object.keys(queue.stats().dropped).length, 0);
    await queue.close(1000);
    const reader = await connect({ servers });
    const { state } = await (await jetstreamManager(reader)).streams.info("ALERTS");
    await reader.close();
    equal(state.messages, 300);
  },
});

Deno.test("Kafka: one alert that is too large is dropped and counted, all others arrive in order", async () => {
  using broker = new KafkaBroker();
  broker.maxValueBytes = 1000;
  const own = { topic: "falco", client_id: "falco", compression: "none", tls: false, sasl: "none" } as const;
  const brokers = `127.0.0.1:${broker.port}`;
  const queue = queueOf(new KafkaSink("kafka", { ...COMMON, ...own, brokers, batch_max: 10 }));
  for (let number = 1; number <= 20; number++) queue.offer(outgoing(number, number === 5 ? LONG : undefined));
  await until("everything is settled", () => queue.stats().queuedMessages === 0);
  deepEqual(queue.stats().dropped, { kafka_message_too_large: 1n });
  await queue.close(1000);
  const expected = Array.from({ length: 20 }, (_, at) => `body ${at + 1}`).filter((body) =>
    body !== "body 5"
  );
  deepEqual(broker.bodies, expected);
});

Deno.test({
  name: "MQTT: an alert that the broker answers in a way that nobody understands holds up no other",
  ignore: isMissing("mosquitto"),
  async fn() {
    await using mosquitto = await new ServerProcess("mosquitto", (port, folder) => {
      Deno.chmodSync(folder, 0o755);
      const lines = [`listener ${port} 127.0.0.1`, "allow_anonymous true", "message_size_limit 4000"];
      Deno.writeTextFileSync(`${folder}/mosquitto.conf`, lines.join("\n") + "\n");
      return ["-c", `${folder}/mosquitto.conf`];
    }).start();
    const own = {
      url: `mqtt://127.0.0.1:${mosquitto.port}`,
      topic: "falco",
      client_id: "",
      protocol: "5",
    } as const;
    const queue = queueOf(new MqttSink("mqtt", { ...COMMON, ...own, batch_max: 20 }));
    for (let number = 1; number <= 20; number++) {
      queue.offer(outgoing(number, number === 5 ? LONG : undefined));
    }
    await until("everything is settled", () => queue.stats().queuedMessages === 0);
    const { delivered, dropped } = queue.stats();
    deepEqual([delivered, dropped], [19n, { mqtt_refused: 1n }]);
    await queue.close(1000);
  },
});
