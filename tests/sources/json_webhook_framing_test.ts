// Bodies that arrive in crumbs, that are shorter or longer than they say, and events that are costly to evaluate.

import { equal, match, ok } from "node:assert/strict";
import { MAX_VALUES } from "../../sources/json/json_scanner.ts";
import { upstreamMissing, upstreamRules } from "../support/upstream.ts";
import { event, HEAD, post, raw, serve } from "./webhook.ts";

const encoder = new TextEncoder();
const UPSTREAM = upstreamMissing === undefined;

function privilegedPod(annotationBytes: number): string {
  const pod = `{"kind":"Pod","metadata":{"name":"p","annotations":{"a":"${"x".repeat(annotationBytes)}"}},` +
    `"spec":{"containers":[{"name":"c","image":"nginx","securityContext":{"privileged":true}}]}}`;
  return JSON.stringify(event("create", {
    level: "RequestResponse",
    stage: "ResponseComplete",
    user: { username: "jane", groups: [] },
    objectRef: { resource: "pods", namespace: "d", name: "p", apiVersion: "v1" },
    responseStatus: { code: 201 },
    annotations: { "authorization.k8s.io/decision": "allow" },
  })).replace(/}$/, `,"requestObject":${pod},"responseObject":${pod}}`);
}

Deno.test("a body in chunks of one byte each is an event like any other, and holds no more than its bytes", async () => {
  await serve({}, async ({ url, source }) => {
    const body = JSON.stringify(event("get", { note: "é".repeat(20_000) }));
    const chunks = [...encoder.encode(body)].flatMap((byte) => [0x31, 0x0d, 0x0a, byte, 0x0d, 0x0a]);
    const head = `${HEAD}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const answer = await raw(url, async (connection) => {
      for (const part of [encoder.encode(head), new Uint8Array(chunks), encoder.encode("0\r\n\r\n")]) {
        for (let at = 0; at < part.length;) at += await connection.write(part.subarray(at));
      }
    });
    match(answer, /^HTTP\/1.1 200/);
    await source.drained();
    equal(source.counts.evaluated, 1n);
  });
});

Deno.test("Content-Length shorter than the body: what follows is no request, and what was cut is not taken", async () => {
  await serve({}, async ({ url, source }) => {
    const body = JSON.stringify(event("get"));
    const answer = await raw(url, async (connection) => {
      await connection.write(encoder.encode(`${HEAD}Content-Length: ${body.length - 5}\r\n\r\n${body}`));
    });
    const statuses = [...answer.matchAll(/HTTP\/1.1 (\d+)/g)].map(([, status]) => status);
    ok(statuses.length > 0 && statuses.every((status) => status === "400"), answer);
    equal(source.counts.accepted, 0n);
    equal((await post(url, body)).status, 200);
  });
});

Deno.test("Content-Length longer than the body: whole events of a list are evaluated, the connection's end is no event", async () => {
  await serve({}, async ({ url, source }) => {
    const list = `{"kind":"EventList","items":[${JSON.stringify(event("get"))},{"kind":"Ev`;
    await raw(url, async (connection) => {
      await connection.write(encoder.encode(`${HEAD}Content-Length: ${list.length + 99}\r\n\r\n${list}`));
      await connection.closeWrite();
    });
    equal((await post(url, JSON.stringify(event("get")))).status, 200);
    await source.drained();
    ok(source.counts.evaluated >= 1n && source.counts.evaluated <= 2n);
    equal(source.counts.malformed, 0n);
  });
});

Deno.test("Content-Length and chunks at once, and two lengths, are refused", async () => {
  await serve({}, async ({ url, source }) => {
    const body = JSON.stringify(event("get"));
    for (
      const lengths of [
        `Content-Length: 5\r\nTransfer-Encoding: chunked`,
        `Content-Length: ${body.length}\r\nContent-Length: 5`,
        "Content-Length: -1",
        `Content-Length: ${body.length}x`,
      ]
    ) {
      const answer = await raw(url, async (connection) => {
        await connection.write(encoder.encode(`${HEAD}${lengths}\r\n\r\n${body}`));
      });
      ok(!answer.includes("HTTP/1.1 200"), `${lengths}: ${answer}`);
    }
    equal(source.counts.accepted, 0n);
  });
});

Deno.test("of keys that stand twice the first one counts, everywhere, escaped or not", async () => {
  const rules = `
- {rule: first, desc: d, condition: ka.verb = get and ka.user.name = a, output: x, priority: NOTICE, source: k8s_audit}
`;
  await serve(
    {},
    async (served) => {
      const twice = (one: string, other: string) =>
        `{"kind":"Event","auditID":"a","stageTimestamp":"2026-01-31T08:15:30Z",${one},${other}}`;
      const bodies = [
        [twice('"verb":"get","user":{"username":"a","username":"b"}', '"verb":"list","user":{}'), 1],
        [twice('"v\\u0065rb":"get","user":{"\\u0075sername":"a"}', '"verb":"list","username":"b"'), 1],
        [twice('"verb":"list","user":{"username":"a"}', '"verb":"get"'), 0],
      ] as const;
      for (const [body, alerts] of bodies) {
        served.alerts = 0;
        equal((await post(served.url, body)).status, 200);
        await served.source.drained();
        equal(served.alerts, alerts, body);
      }
    },
    "http",
    rules,
  );
});

Deno.test("an event with more values than can be evaluated in time is set aside and told; those besides it are evaluated", async () => {
  await serve({}, async ({ url, source, told }) => {
    const good = JSON.stringify(event("get"));
    const huge = `{"stageTimestamp":"2026-01-31T08:15:30Z","a":[${"{},".repeat(MAX_VALUES)}{}]}`;
    const { status, text } = await post(url, `{"kind":"EventList","items":[${good},${huge},${good}]}`);
    equal(status, 200);
    match(text, /accepted 2, set aside 1: event 2: .*more than \d+ keys and values/);
    await source.drained();
    equal(source.counts.evaluated, 2n);
    ok(told.some((line) => line.startsWith("Falco internal: event not evaluated")));
  });
});

Deno.test("fields that find no room in an event are told like an event that is not evaluated", async () => {
  const rules = `
- rule: all
  desc: d
  condition: ka.verb exists
  output: "%json.value[/a/0] %json.value[/a/00] %json.value[/a/000]"
  priority: NOTICE
  source: k8s_audit
`;
  await serve(
    {},
    async (served) => {
      const body = JSON.stringify(event("create", { a: [`\n${"x".repeat(7_000_000)}`] }));
      equal((await post(served.url, body)).status, 200);
      await served.source.drained();
      equal(served.alerts, 1);
      ok(served.told.some((line) => line.includes("1 of the fields that rules ask for are too long")));
      ok(served.told.some((line) => line.startsWith("Falco internal: event not evaluated")));
    },
    "http",
    rules,
  );
});

for (const annotationBytes of [0, 200_000, 1_500_000, 3_900_000]) {
  Deno.test({
    name: `upstream's Create Privileged Pod sees a pod with an annotation of ${annotationBytes} bytes${
      UPSTREAM ? "" : ` (skipped: ${upstreamMissing})`
    }`,
    ignore: !UPSTREAM,
    fn: async () => {
      await serve(
        {},
        async (served) => {
          equal((await post(served.url, privilegedPod(annotationBytes))).status, 200);
          await served.source.drained();
          equal(served.alerts, 1);
        },
        "http",
        Deno.readTextFileSync(upstreamRules("k8s_audit_rules.yaml")),
      );
    },
  });
}

Deno.test("requests without end whose answers nobody reads: the connection is ended, others are heard", async () => {
  await serve({}, async ({ url, source }) => {
    const body = JSON.stringify(event("get"));
    const requests = encoder.encode(`${HEAD}Content-Length: ${body.length}\r\n\r\n${body}`.repeat(1000));
    using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(url).port) });
    let isEnded = false;
    for (let i = 0; i < 300 && !isEnded; i++) {
      await connection.write(requests).catch(() => isEnded = true);
    }
    ok(isEnded);
    equal((await post(url, body)).status, 200);
    await source.drained();
    ok(source.counts.evaluated <= 17n, `${source.counts.evaluated}`);
  });
});

Deno.test("connections that are held open by one client do not keep others out", async () => {
  await serve({}, async ({ url }) => {
    const body = JSON.stringify(event("get"));
    const held: Deno.TcpConn[] = [];
    try {
      for (let i = 0; i < 600; i++) {
        const connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(url).port) });
        held.push(connection);
        await connection.write(encoder.encode(`${HEAD}Content-Length: ${body.length}\r\n\r\n{`)).catch(
          () => {},
        );
      }
      equal((await post(url, body)).status, 200);
    } finally {
      for (const connection of held) connection.close();
    }
  });
});
