import { connectAsync } from "mqtt";
import { deepEqual, equal, match } from "node:assert/strict";
import { MqttSink, type MqttSinkKeys } from "../../../outputs/sinks/mqtt.ts";
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
import { freePort, isMissing, ServerProcess } from "./server_process.ts";
import { SilentServer } from "./silent_server.ts";

const ignore = isMissing("mosquitto");

function sinkOf(port: number, more: Partial<MqttSinkKeys> = {}): MqttSink {
  return new MqttSink("mqtt", {
    url: `mqtt://127.0.0.1:${port}`,
    topic: "falco/alerts",
    client_id: "",
    protocol: "5",
    batch_max: 20,
    timeout: HANG_MS,
    ...NO_LOGIN,
    ...NO_TLS,
    ...more,
  });
}

/** @param lines of its configuration besides port and who may connect */
function server(lines: readonly string[] = ["allow_anonymous true"]): Promise<ServerProcess> {
  const args = (port: number, folder: string) => {
    const path = `${folder}/mosquitto.conf`;
    Deno.chmodSync(folder, 0o755); // the broker becomes another user
    Deno.writeTextFileSync(`${folder}/acl`, "topic read #\n");
    Deno.writeTextFileSync(`${folder}/acl-of-clients`, "pattern write falco/%c\n");
    const text = [`listener ${port} 127.0.0.1`, ...lines.map((line) => line.replace("FOLDER", folder))];
    Deno.writeTextFileSync(path, text.join("\n") + "\n");
    return ["-c", path];
  };
  return new ServerProcess("mosquitto", args).start();
}

interface Received {
  readonly topic: string;
  readonly body: string;
  readonly qos: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What a subscriber gets, who came before the messages. */
async function subscribed(port: number): Promise<{ received: Received[]; end(): Promise<void> }> {
  const received: Received[] = [];
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5, reconnectPeriod: 0 });
  client.on("message", (topic, body, { qos, properties }) => {
    received.push({ topic, body: body.toString(), qos, properties: { ...properties?.userProperties } });
  });
  await client.subscribeAsync("falco/#", { qos: 1 });
  return {
    received,
    async end() {
      // what the broker has accepted arrives before the answer to this
      await client.subscribeAsync("nothing", { qos: 1 });
      await new Promise((resolve) => setTimeout(resolve, 50));
      await client.endAsync(true);
    },
  };
}

Deno.test({
  name: "MQTT: messages arrive with QoS 1, in order, with id, rule and priority as properties",
  ignore,
  async fn() {
    await using mosquitto = await server();
    const subscriber = await subscribed(mosquitto.port);
    const sink = sinkOf(mosquitto.port);
    await deliver(sink, messages(1, 20));
    await deliver(sink, messages(21, 30));
    await sink.close();
    await subscriber.end();
    deepEqual(subscriber.received.map(({ body }) => body), messages(1, 30).map(({ body }) => body));
    deepEqual(subscriber.received[0], {
      topic: "falco/alerts",
      body: "body 1",
      qos: 1,
      properties: { id: `host-1-${TIME_NS + 1n}-1`, rule: "Shell in a container", priority: "Warning" },
    });
  },
});

Deno.test({
  name: "MQTT 3.1.1 delivers to brokers that have no version 5",
  ignore,
  async fn() {
    await using mosquitto = await server();
    const subscriber = await subscribed(mosquitto.port);
    const sink = sinkOf(mosquitto.port, { protocol: "3.1.1" });
    await deliver(sink, messages(1, 3));
    await sink.close();
    await subscriber.end();
    deepEqual(subscriber.received.map(({ body }) => body), ["body 1", "body 2", "body 3"]);
  },
});

Deno.test({
  name: "MQTT: a message beyond the broker's packet size is refused alone, without being sent",
  ignore,
  async fn() {
    await using mosquitto = await server(["allow_anonymous true", "max_packet_size 4000"]);
    const sink = sinkOf(mosquitto.port);
    const error = await failure(deliver(sink, [message(1), message(2, "x".repeat(5000)), message(3)]));
    deepEqual(outcome(error), {
      retryable: false,
      cause: "too_large",
      delivered: ["body 1", "body 3"],
      refused: ["x".repeat(5000)],
    });
    await sink.close();
  },
});

Deno.test({
  name:
    "MQTT: where the broker's refusal cannot be told apart, the messages are to go alone, and one is refused",
  ignore,
  async fn() {
    await using mosquitto = await server(["allow_anonymous true", "message_size_limit 4000"]);
    const sink = sinkOf(mosquitto.port);
    const batch = [message(1), message(2, "x".repeat(5000)), message(3)];
    const together = outcome(await failure(deliver(sink, batch)));
    deepEqual([together.retryable, together.delivered, together.refused], [false, ["body 1"], []]);
    const alone = [];
    for (const one of batch.slice(1)) {
      alone.push(await deliver(sink, [one]).then(() => "taken", (error) => error.details.retryable));
    }
    deepEqual(alone, [false, "taken"]);
    await sink.close();
  },
});

Deno.test({
  name: "MQTT: a topic that the broker forbids and a wrong login are errors that pass",
  ignore,
  async fn() {
    await using readOnly = await server(["allow_anonymous true", "acl_file FOLDER/acl"]);
    const forbidden = outcome(await failure(deliver(sinkOf(readOnly.port), messages(1, 2))));
    deepEqual(forbidden, { retryable: true, cause: "mqtt_0x87", delivered: [], refused: [] });
    await using closed = await server(["allow_anonymous false"]);
    const sink = sinkOf(closed.port, { user: "falco", password: "wrong-one" });
    const error = await failure(deliver(sink, [message(1)]));
    deepEqual([error.details.retryable, error.details.cause], [true, "authentication"]);
    match(error.message, /^MQTT at mqtt:\/\/127\.0\.0\.1:\d+: .*[Nn]ot authorized/);
    equal(error.message.includes("wrong-one"), false);
  },
});

Deno.test({
  name: "MQTT: the broker knows the client by its client_id",
  ignore,
  async fn() {
    await using mosquitto = await server(["allow_anonymous true", "acl_file FOLDER/acl-of-clients"]);
    const known = sinkOf(mosquitto.port, { topic: "falco/web-1", client_id: "web-1" });
    await deliver(known, messages(1, 3));
    await known.close();
    const other = sinkOf(mosquitto.port, { topic: "falco/web-1", client_id: "web-2" });
    equal((await failure(deliver(other, [message(4)]))).details.retryable, true);
    await other.close();
  },
});

Deno.test({
  name: "MQTT: a broker that freezes, dies and comes back gets everything",
  ignore,
  async fn() {
    await using mosquitto = await server();
    const sink = sinkOf(mosquitto.port, { timeout: FREEZE_MS });
    await deliver(sink, [message(1)]);
    await mosquitto.freeze();
    equal((await failure(deliver(sink, [message(2)]))).details.cause, "timeout");
    mosquitto.thaw();
    await deliver(sink, [message(2)]);
    await mosquitto.kill();
    equal((await failure(deliver(sink, [message(3)]))).details.retryable, true);
    equal((await failure(deliver(sink, [message(3)]))).details.cause, "refused");
    await mosquitto.start();
    const subscriber = await subscribed(mosquitto.port);
    await deliver(sink, [message(3)]);
    await sink.close();
    await subscriber.end();
    deepEqual(subscriber.received.map(({ body }) => body), ["body 3"]);
  },
});

Deno.test("MQTT: nobody listens, or nobody answers: an error that passes, in time", async () => {
  equal((await failure(deliver(sinkOf(freePort()), [message(1)]))).details.cause, "refused");
  using silent = new SilentServer();
  const error = await failure(deliver(sinkOf(silent.port, { timeout: 200 }), [message(1)]));
  deepEqual([error.details.retryable, error.details.cause], [true, "timeout"]);
});
