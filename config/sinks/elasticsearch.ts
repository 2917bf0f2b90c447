// Keys of Elasticsearch and OpenSearch sinks. Elsewhere: the bulk requests (outputs/sinks/elasticsearch.ts).

import { own, required, text } from "../definition.ts";
import { batchKey, HTTP_KEYS, httpUrlReason } from "./network_keys.ts";
import type { SinkType } from "./sink_type.ts";

export const ELASTICSEARCH = {
  help: "an index or data stream of Elasticsearch or OpenSearch, by its bulk API; format: falco means JSON",
  falcoFormat: "json",
  keys: {
    ...own({
      "url": required(text(undefined, "http:// or https://; /_bulk is added", httpUrlReason)),
      "index": text(
        "falco-%Y.%m.%d",
        "index or data stream; %Y, %m and %d are the day of the alert in UTC",
        indexReason,
      ),
      "pipeline": text("", "ingest pipeline that the documents go through"),
      "api_key": { ...text("", "API key in its encoded form, instead of user and password"), secret: true },
    }),
    ...HTTP_KEYS,
    ...batchKey(500),
  },
} as const satisfies SinkType;

function indexReason(index: string): string | undefined {
  const plain = index.replace(/%[Ymd]/g, "");
  return /^[^A-Z\s\\/*?"<>|,#:%]*$/.test(plain) && index !== "" && !/^[-_+.]/.test(index)
    ? undefined
    : 'must be in lower case, without spaces and any of \\ / * ? " < > | , # : and not begin with - _ + .';
}
