import { deepEqual, equal } from "node:assert/strict";
import { ElasticsearchSink } from "../../../outputs/sinks/elasticsearch.ts";
import { HttpReceiver, type Request, status } from "./http_receiver.ts";
import { deliver, failure, HTTP_DEFAULTS, message, messages, outcome, TIME_NS } from "./network_messages.ts";

type Keys = ConstructorParameters<typeof ElasticsearchSink>[1];

function sinkOf(url: string, more: Partial<Keys> = {}): ElasticsearchSink {
  const keys = { ...HTTP_DEFAULTS, url, index: "falco-%Y.%m.%d", pipeline: "", api_key: "" };
  return new ElasticsearchSink("elasticsearch", { ...keys, ...more });
}

/** As the bulk API answers: documents by id, and a status that was ordered for a body. */
class Index {
  readonly documents = new Map<string, string>();
  constructor(readonly ordered: Readonly<Record<string, number>> = {}) {}

  answer = ({ body }: Request): Response => {
    const lines = body.split("\n");
    equal(lines.pop(), "", "the body ends with an end of line");
    const items = [];
    for (let at = 0; at < lines.length; at += 2) {
      const { create } = JSON.parse(lines[at] ?? "");
      const document = lines[at + 1] ?? "";
      const status = this.ordered[JSON.parse(document).n] ?? (this.documents.has(create._id) ? 409 : 201);
      if (status === 201) this.documents.set(create._id, document);
      items.push({
        create: { _id: create._id, status, ...(status > 299 ? { error: { type: "t", reason: "r" } } : {}) },
      });
    }
    return Response.json({ took: 1, errors: items.some(({ create }) => create.status > 299), items });
  };
}

const numbered = (...numbers: number[]) => numbers.map((n) => message(n, `{"n":${n}}`));

Deno.test("Elasticsearch: documents are created under the alert's id, in the index of its day, with a time", async () => {
  const index = new Index();
  await using receiver = new HttpReceiver(index.answer);
  const sink = sinkOf(`${receiver.url}/es/`, { pipeline: "geo", api_key: "a2V5" });
  const big = '{"n":1,"evt.time":1750000000123456789}';
  await deliver(sink, [
    message(1, big),
    message(2, '{"@timestamp":"T","n":2}'),
    message(3, "plain \u2028text"),
  ]);
  await sink.close();
  equal(receiver.last.path, "/es/_bulk?pipeline=geo");
  deepEqual(
    [receiver.last.headers.get("content-type"), receiver.last.headers.get("authorization")],
    ["application/x-ndjson", "ApiKey a2V5"],
  );
  const id = `host-1-${TIME_NS + 1n}-1`;
  const [action, document, , second, , third] = receiver.last.body.split("\n");
  deepEqual(JSON.parse(action ?? ""), { create: { _index: "falco-2025.06.15", _id: id } });
  equal(document, `{"@timestamp":"2025-06-15T15:06:40.123456790Z",${big.slice(1)}`);
  equal(second, '{"@timestamp":"T","n":2}');
  deepEqual(JSON.parse(third ?? ""), {
    "@timestamp": "2025-06-15T15:06:40.123456792Z",
    message: "plain \u2028text",
  });
});

Deno.test("Elasticsearch: each document is evaluated by its own status; what is there already is delivered", async () => {
  const index = new Index({ 2: 400, 4: 429, 5: 503 });
  await using receiver = new HttpReceiver(index.answer);
  const sink = sinkOf(receiver.url);
  await deliver(sink, numbered(1));
  deepEqual(outcome(await failure(deliver(sink, numbered(1, 2, 3, 4, 5)))), {
    retryable: true,
    cause: "status_429",
    delivered: ['{"n":1}', '{"n":3}'],
    refused: ['{"n":2}'],
  });
  deepEqual(outcome(await failure(deliver(sink, numbered(6, 2)))), {
    retryable: false,
    cause: "status_400",
    delivered: ['{"n":6}'],
    refused: ['{"n":2}'],
  });
  await sink.close();
  equal(index.documents.size, 3);
});

Deno.test("Elasticsearch: a request that is too large is to be sent in parts; other answers pass", async () => {
  await using receiver = new HttpReceiver(status(413));
  const sink = sinkOf(receiver.url);
  deepEqual(outcome(await failure(deliver(sink, numbered(1, 2)))), {
    retryable: false,
    cause: "status_413",
    delivered: [],
    refused: [],
  });
  for (const answer of ["", "<html>", "{}", '{"items":[]}', '{"items":[{"create":{}},{"create":null}]}']) {
    receiver.answer = () => new Response(answer);
    deepEqual(outcome(await failure(deliver(sink, messages(1, 2)))).cause, "bad_answer", answer);
  }
  await sink.close();
});
