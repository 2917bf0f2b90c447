// The sinks that speak a network's protocol, by type.
// In: a name and the keys of an entry of `sinks`. Out: a sink. Nothing of a protocol's library is loaded before the
// first alert is delivered: each sink imports its own when it connects.
// Elsewhere: the other types, plans and queues (outputs/create_sinks.ts).

import type { NETWORK_SINK_TYPES, RecordOf } from "../../config/mod.ts";
import type { Sink } from "../sink.ts";
import { AlertmanagerSink } from "./alertmanager.ts";
import { ElasticsearchSink } from "./elasticsearch.ts";
import { KafkaSink } from "./kafka.ts";
import { LokiSink } from "./loki.ts";
import { MqttSink } from "./mqtt.ts";
import { NatsSink } from "./nats.ts";
import { OtlpSink } from "./otlp.ts";
import { RedisSink } from "./redis.ts";

export type NetworkSinkType = keyof typeof NETWORK_SINK_TYPES;
export type NetworkSinkKeys<T extends NetworkSinkType> = RecordOf<typeof NETWORK_SINK_TYPES[T]["keys"]>;

export const NETWORK_SINKS: {
  readonly [T in NetworkSinkType]: (name: string, keys: NetworkSinkKeys<T>) => Sink;
} = {
  nats: (name, keys) => new NatsSink(name, keys),
  redis: (name, keys) => new RedisSink(name, keys),
  mqtt: (name, keys) => new MqttSink(name, keys),
  kafka: (name, keys) => new KafkaSink(name, keys),
  loki: (name, keys) => new LokiSink(name, keys),
  elasticsearch: (name, keys) => new ElasticsearchSink(name, keys),
  alertmanager: (name, keys) => new AlertmanagerSink(name, keys),
  otlp: (name, keys) => new OtlpSink(name, keys),
};
