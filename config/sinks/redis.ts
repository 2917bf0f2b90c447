// Keys of Redis sinks. Elsewhere: adding to the stream (outputs/sinks/redis.ts).

import { int, own, required, text } from "../definition.ts";
import { batchKey, LOGIN_KEYS, TIMEOUT_KEY, TLS_KEYS, urlReason } from "./network_keys.ts";
import type { SinkType } from "./sink_type.ts";

export const REDIS = {
  help: "a stream of a Redis server (XADD)",
  keys: {
    ...own({
      "url": required(
        text(
          undefined,
          "redis:// or rediss:// (TLS) with host and port, and /N for a database",
          (url) => urlReason(url, ["redis", "rediss"]) ?? databaseReason(url),
        ),
      ),
      "stream": text("falco", "key of the stream"),
      "max_length": int(
        0,
        0,
        Number.MAX_SAFE_INTEGER,
        "older alerts are cut off when the stream has about as many; 0: never",
      ),
    }),
    ...LOGIN_KEYS,
    ...batchKey(100),
    ...TIMEOUT_KEY,
    ...TLS_KEYS,
  },
} as const satisfies SinkType;

function databaseReason(url: string): string | undefined {
  return /^(\/\d*)?$/.test(new URL(url).pathname)
    ? undefined
    : "must end with the number of a database, as in /0";
}
