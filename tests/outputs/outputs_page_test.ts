import { deepEqual, equal } from "node:assert/strict";
import { SINK_TYPES } from "../../config/sinks/types.ts";
import { load } from "../config/loading.ts";

const PAGE = new URL("../../docs/outputs.md", import.meta.url);
const VARIABLES = [
  "SIEM",
  "REDIS_PASSWORD",
  "MQTT_PASSWORD",
  "KAFKA_PASSWORD",
  "LOKI_TOKEN",
  "ES_KEY",
  "OTLP_KEY",
];

function examples(): string[] {
  const page = Deno.readTextFileSync(PAGE);
  return [...page.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = ""]) => text);
}

Deno.test("every example of docs/outputs.md is a configuration without a fault", () => {
  for (const name of VARIABLES) Deno.env.set(name, "x");
  try {
    for (const example of examples()) {
      const { problems, warnings } = load(example);
      deepEqual([problems, warnings], [[], []], example);
    }
  } finally {
    for (const name of VARIABLES) Deno.env.delete(name);
  }
});

Deno.test("docs/outputs.md has an example of every type of sink", () => {
  const all = examples().join("\n");
  for (const type of Object.keys(SINK_TYPES).filter((type) => type !== "stdout")) {
    equal(all.includes(`type: ${type},`) || all.includes(`${type}_output:`), true, type);
  }
});

Deno.test("mistakes in the keys of network sinks are named with line and column", () => {
  const mistakes: readonly (readonly [entry: string, says: RegExp])[] = [
    ["{type: nats}", /servers/],
    ["{type: nats, servers: 'http://x'}", /nats:\/\/ or tls:\/\//],
    ["{type: nats, servers: 'nats://x', subject: 'a.*'}", /words separated/],
    ["{type: redis, url: 'redis://user:secret@x'}", /must not hold a user/],
    ["{type: redis, url: 'redis://x/abc'}", /number of a database/],
    ["{type: mqtt, url: 'mqtt://x', topic: 'a/#'}", /topic without/],
    ["{type: mqtt, url: 'mqtt://x', protocol: '4'}", /3\.1\.1/],
    ["{type: kafka, brokers: 'x'}", /HOST:PORT/],
    ["{type: kafka, brokers: 'x:9092', sasl: gssapi}", /scram-sha-256/],
    ["{type: loki, url: 'loki'}", /http:\/\/ or https:\/\//],
    ["{type: elasticsearch, url: 'http://x', index: 'Falco'}", /lower case/],
    ["{type: alertmanager, url: 'http://x', expires_after: soon}", /expires_after/],
    ["{type: otlp, url: 'http://x', batch_max: 0}", /batch_max/],
    ["{type: kafak, brokers: 'x:1'}", /kafka/],
  ];
  for (const [entry, says] of mistakes) {
    const { problems } = load(`sinks:\n  - ${entry}\n`);
    equal(problems.length, 1, `${entry}: ${problems.join("; ")}`);
    const text = problems[0] ?? "";
    equal(/f\.yaml:2:\d+/.test(text) && says.test(text) && !text.includes("secret"), true, text);
  }
});
