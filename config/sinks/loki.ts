// Keys of Loki sinks. Elsewhere: the requests (outputs/sinks/loki.ts).

import { map, own, required, text } from "../definition.ts";
import { batchKey, HTTP_KEYS, httpUrlReason } from "./network_keys.ts";
import type { SinkType } from "./sink_type.ts";

export const LOKI = {
  help: "Grafana Loki, by its push API",
  keys: {
    ...own({
      "url": required(
        text(undefined, "http:// or https://; without a path /loki/api/v1/push is added", httpUrlReason),
      ),
      "tenant": text("", "the header X-Scope-OrgID"),
      "labels": map(
        "further labels with fixed values (letters, digits and _ in their names), besides rule, priority, source and hostname",
      ),
    }),
    ...HTTP_KEYS,
    ...batchKey(500),
  },
} as const satisfies SinkType;
