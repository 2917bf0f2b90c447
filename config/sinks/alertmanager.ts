// Keys of Alertmanager sinks. Elsewhere: the requests (outputs/sinks/alertmanager.ts).

import { duration, map, own, required, text } from "../definition.ts";
import { batchKey, HTTP_KEYS, httpUrlReason } from "./network_keys.ts";
import type { SinkType } from "./sink_type.ts";

const DAY_MS = 86_400_000;

export const ALERTMANAGER = {
  help: "Prometheus Alertmanager, by its API v2",
  keys: {
    ...own({
      "url": required(
        text(undefined, "http:// or https://; /api/v2/alerts is added", httpUrlReason),
      ),
      "labels": map("further labels with fixed values; letters, digits and _ in their names"),
      "expires_after": duration(
        0,
        0,
        365 * DAY_MS,
        "an alert counts as resolved after this time; 0: as Alertmanager's resolve_timeout says",
      ),
    }),
    ...HTTP_KEYS,
    ...batchKey(100),
  },
} as const satisfies SinkType;
