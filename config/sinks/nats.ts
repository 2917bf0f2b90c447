// Keys of NATS sinks. Elsewhere: publishing (outputs/sinks/nats.ts).

import { own, required, text } from "../definition.ts";
import { batchKey, LOGIN_KEYS, TIMEOUT_KEY, TLS_KEYS, urlReason } from "./network_keys.ts";
import type { SinkType } from "./sink_type.ts";

export const NATS = {
  help: "a subject of a NATS server with JetStream, acknowledged by the stream",
  keys: {
    ...own({
      "servers": required(
        text(undefined, "nats:// or tls:// with host and port, several separated by commas", serversReason),
      ),
      "subject": text("falco.alerts", "subject that a stream listens to", subjectReason),
      "stream": text("", "the stream that must take the alerts; empty: any that listens"),
    }),
    ...LOGIN_KEYS,
    ...own({
      "token": { ...text("", "token, instead of user and password"), secret: true },
      "credentials": text("", "file with a user's JWT and key (.creds), instead of user and password"),
    }),
    ...batchKey(100),
    ...TIMEOUT_KEY,
    ...TLS_KEYS,
  },
} as const satisfies SinkType;

function serversReason(servers: string): string | undefined {
  for (const server of servers.split(",")) {
    const reason = urlReason(server.trim(), ["nats", "tls"]);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function subjectReason(subject: string): string | undefined {
  return /^[^\s.*>]+(\.[^\s.*>]+)*$/.test(subject)
    ? undefined
    : "must be words separated by `.`, without spaces, `*` and `>`";
}
