// TLS with certificates on both sides, against real servers that insist on them.

import { deepEqual, equal, match } from "node:assert/strict";
import type { Sink } from "../../../outputs/sink.ts";
import { AlertmanagerSink } from "../../../outputs/sinks/alertmanager.ts";
import { KafkaSink } from "../../../outputs/sinks/kafka.ts";
import { MqttSink } from "../../../outputs/sinks/mqtt.ts";
import { NatsSink } from "../../../outputs/sinks/nats.ts";
import { RedisSink } from "../../../outputs/sinks/redis.ts";
import { type Certificates, makeCertificates } from "./certificates.ts";
import { KafkaBroker } from "./kafka_broker.ts";
import { deliver, failure, HTTP_DEFAULTS, message, NO_LOGIN, NO_TLS } from "./network_messages.ts";
import { isMissing, ServerProcess } from "./server_process.ts";

type TlsKeys = Certificates["client"];

const COMMON = { ...NO_LOGIN, batch_max: 10, timeout: 60_000 };
const noOpenssl = isMissing("openssl");

/** With everything it works; without our authority or our certificate it does not, and says that it is about TLS. */
async function checkTls(
  certificates: Certificates,
  sinkWith: (keys: TlsKeys) => Sink,
  servedIs: (error?: string) => boolean,
): Promise<void> {
  const trusting = sinkWith(certificates.client);
  const served = await deliver(trusting, [message(1)]).then(() => undefined, ({ details }) => details.cause);
  equal(servedIs(served), true, served);
  await trusting.close();

  const stranger = await failure(deliver(sinkWith({ ...certificates.client, ca_cert: "" }), [message(2)]));
  deepEqual([stranger.details.retryable, stranger.details.cause], [true, "tls"], stranger.message);

  const unknown = sinkWith({ ...certificates.client, client_cert: "", client_key: "" });
  equal((await failure(deliver(unknown, [message(3)]))).details.retryable, true);

  const path = `${certificates.folder}/none.pem`;
  const missing = await failure(deliver(sinkWith({ ...certificates.client, ca_cert: path }), [message(4)]));
  deepEqual([missing.details.retryable, missing.details.cause], [true, "tls_files"]);
  match(missing.message, /ca_cert: .*none\.pem cannot be read/);
}

const isServed = (error?: string) => error === undefined;

Deno.test({
  name: "TLS: Redis with certificates on both sides",
  ignore: noOpenssl || isMissing("redis-server"),
  async fn() {
    using certificates = makeCertificates();
    const { cert, key } = certificates.server;
    await using redis = await new ServerProcess("redis-server", (port, folder) => [
      ...["--port", "0", "--tls-port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder],
      ...["--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", certificates.ca],
    ]).start();
    const url = `rediss://127.0.0.1:${redis.port}`;
    const sinkWith = (keys: TlsKeys) =>
      new RedisSink("redis", { ...COMMON, url, stream: "falco", max_length: 0, ...keys });
    await checkTls(certificates, sinkWith, isServed);
  },
});

Deno.test({
  name: "TLS: NATS with certificates on both sides",
  ignore: noOpenssl || isMissing("nats-server"),
  async fn() {
    using certificates = makeCertificates();
    const { cert, key } = certificates.server;
    await using nats = await new ServerProcess("nats-server", (port, folder) => [
      ...["-js", "-a", "127.0.0.1", "-p", String(port), "-sd", folder],
      ...["--tlsverify", "--tlscert", cert, "--tlskey", key, "--tlscacert", certificates.ca],
    ]).start();
    const own = {
      servers: `tls://127.0.0.1:${nats.port}`,
      subject: "a",
      stream: "",
      token: "",
      credentials: "",
    };
    const sinkWith = (keys: TlsKeys) => new NatsSink("nats", { ...COMMON, ...own, ...keys });
    await checkTls(certificates, sinkWith, (error) => error === "no_stream");
  },
});

Deno.test({
  name: "TLS: MQTT with certificates on both sides",
  ignore: noOpenssl || isMissing("mosquitto"),
  async fn() {
    using certificates = makeCertificates();
    const { cert, key } = certificates.server;
    await using mosquitto = await new ServerProcess("mosquitto", (port, folder) => {
      Deno.chmodSync(folder, 0o755);
      const lines = [
        `listener ${port} 127.0.0.1`,
        "allow_anonymous true",
        `cafile ${certificates.ca}`,
        `certfile ${cert}`,
        `keyfile ${key}`,
        "require_certificate true",
      ];
      Deno.writeTextFileSync(`${folder}/mosquitto.conf`, lines.join("\n") + "\n");
      return ["-c", `${folder}/mosquitto.conf`];
    }).start();
    const own = {
      url: `mqtts://127.0.0.1:${mosquitto.port}`,
      topic: "falco",
      client_id: "",
      protocol: "5",
    } as const;
    const sinkWith = (keys: TlsKeys) => new MqttSink("mqtt", { ...COMMON, ...own, ...keys });
    await checkTls(certificates, sinkWith, isServed);
  },
});

Deno.test({
  name: "TLS: Alertmanager, and with it all sinks over HTTP, with certificates on both sides",
  ignore: noOpenssl || isMissing("prometheus-alertmanager"),
  async fn() {
    using certificates = makeCertificates();
    const { cert, key } = certificates.server;
    await using server = await new ServerProcess("prometheus-alertmanager", (port, folder) => {
      Deno.writeTextFileSync(`${folder}/config.yml`, "route: {receiver: none}\nreceivers: [{name: none}]\n");
      const tls = { cert_file: cert, key_file: key, client_ca_file: certificates.ca };
      const web = { tls_server_config: { ...tls, client_auth_type: "RequireAndVerifyClientCert" } };
      Deno.writeTextFileSync(`${folder}/web.yml`, JSON.stringify(web));
      return [
        `--config.file=${folder}/config.yml`,
        `--web.config.file=${folder}/web.yml`,
        `--storage.path=${folder}`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--cluster.listen-address=",
      ];
    }).start();
    const own = { url: `https://127.0.0.1:${server.port}`, labels: {}, expires_after: 0 };
    const sinkWith = (keys: TlsKeys) =>
      new AlertmanagerSink("alertmanager", { ...HTTP_DEFAULTS, ...own, timeout: 60_000, ...keys });
    await checkTls(certificates, sinkWith, isServed);
  },
});

Deno.test({
  name: "TLS: Kafka; who does not name the authority is not connected",
  ignore: noOpenssl,
  async fn() {
    using certificates = makeCertificates();
    const { cert, key } = certificates.server;
    const listener = Deno.listenTls({
      hostname: "127.0.0.1",
      port: 0,
      cert: Deno.readTextFileSync(cert),
      key: Deno.readTextFileSync(key),
    });
    using broker = new KafkaBroker(undefined, listener);
    const own = { topic: "falco", client_id: "falco", compression: "none", tls: true, sasl: "none" } as const;
    const sinkWith = (keys: TlsKeys) =>
      new KafkaSink("kafka", { ...COMMON, ...own, brokers: `127.0.0.1:${broker.port}`, ...keys });
    const sink = sinkWith(certificates.client);
    await deliver(sink, [message(1)]);
    await sink.close();
    deepEqual(broker.bodies, ["body 1"]);
    const stranger = await failure(deliver(sinkWith(NO_TLS), [message(2)]));
    deepEqual([stranger.details.retryable, stranger.details.cause], [true, "tls"], stranger.message);
  },
});
