// The types of sinks that speak a network's protocol, by the word that an entry of `sinks` has as its `type`.
// Elsewhere: all types together (types.ts), making them (outputs/sinks/network_sinks.ts).

import { ALERTMANAGER } from "./alertmanager.ts";
import { ELASTICSEARCH } from "./elasticsearch.ts";
import { KAFKA } from "./kafka.ts";
import { LOKI } from "./loki.ts";
import { MQTT } from "./mqtt.ts";
import { NATS } from "./nats.ts";
import { OTLP } from "./otlp.ts";
import { REDIS } from "./redis.ts";
import type { SinkType } from "./sink_type.ts";

export const NETWORK_SINK_TYPES = {
  nats: NATS,
  redis: REDIS,
  mqtt: MQTT,
  kafka: KAFKA,
  loki: LOKI,
  elasticsearch: ELASTICSEARCH,
  alertmanager: ALERTMANAGER,
  otlp: OTLP,
} as const satisfies Readonly<Record<string, SinkType>>;
