// Keys of MQTT sinks. Elsewhere: publishing (outputs/sinks/mqtt.ts).

import { choice, own, required, text } from "../definition.ts";
import { batchKey, LOGIN_KEYS, TIMEOUT_KEY, TLS_KEYS, urlReason } from "./network_keys.ts";
import type { SinkType } from "./sink_type.ts";

export const MQTT = {
  help: "a topic of an MQTT broker, with QoS 1",
  keys: {
    ...own({
      "url": required(
        text(
          undefined,
          "mqtt:// or mqtts:// (TLS) with host and port",
          (url) => urlReason(url, ["mqtt", "mqtts"]),
        ),
      ),
      "topic": text("falco/alerts", "topic of the messages", topicReason),
      "client_id": text("", "name of this client, unique at the broker; empty: falco- and random letters"),
      "protocol": choice(
        "5",
        ["5", "3.1.1"],
        "version of MQTT; brokers of 3.1.1 cannot say that they refuse a message",
      ),
    }),
    ...LOGIN_KEYS,
    ...batchKey(500),
    ...TIMEOUT_KEY,
    ...TLS_KEYS,
  },
} as const satisfies SinkType;

function topicReason(topic: string): string | undefined {
  return topic !== "" && !/[+#\0]/.test(topic) ? undefined : "must be a topic without `+` and `#`";
}
