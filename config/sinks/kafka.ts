// Keys of Kafka sinks. Elsewhere: producing (outputs/sinks/kafka.ts).

import { bool, choice, own, required, text } from "../definition.ts";
import { batchKey, hostPortsReason, LOGIN_KEYS, TIMEOUT_KEY, TLS_KEYS } from "./network_keys.ts";
import type { SinkType } from "./sink_type.ts";

export const KAFKA = {
  help: "a topic of a Kafka cluster, acknowledged by all in-sync replicas",
  keys: {
    ...own({
      "brokers": required(
        text(undefined, "HOST:PORT of brokers to begin with, several separated by commas", hostPortsReason),
      ),
      "topic": text("falco", "topic of the messages", topicReason),
      "client_id": text("falco", "name of this client in the brokers' logs and quotas"),
      "compression": choice("none", ["none", "gzip"], "of the messages on the way and on the brokers"),
      "tls": bool(false, "connect with TLS"),
      "sasl": choice(
        "none",
        ["none", "plain", "scram-sha-256", "scram-sha-512"],
        "how user and password are sent",
      ),
    }),
    ...LOGIN_KEYS,
    ...batchKey(200),
    ...TIMEOUT_KEY,
    ...TLS_KEYS,
  },
} as const satisfies SinkType;

function topicReason(topic: string): string | undefined {
  return /^[A-Za-z0-9._-]{1,249}$/.test(topic)
    ? undefined
    : "must be letters, digits, `.`, `_` and `-`, at most 249";
}
