// Keys of OpenTelemetry sinks. Elsewhere: the requests (outputs/sinks/otlp.ts), their records (alerts/formats/otlp.ts).

import { own, required, text } from "../definition.ts";
import { batchKey, HTTP_KEYS, httpUrlReason } from "./network_keys.ts";
import type { SinkType } from "./sink_type.ts";

export const OTLP = {
  help:
    "an OpenTelemetry collector, as logs by OTLP over HTTP in JSON; another format than falco becomes the body of a log record",
  falcoFormat: "otlp",
  keys: {
    ...own({
      "url": required(
        text(undefined, "http:// or https://; without a path /v1/logs is added", httpUrlReason),
      ),
    }),
    ...HTTP_KEYS,
    ...batchKey(200),
  },
} as const satisfies SinkType;
