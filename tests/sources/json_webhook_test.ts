// Requests with events, good and hostile ones, on loopback.
// Elsewhere: bodies that are cut or measured wrongly, events that are costly (json_webhook_framing_test.ts).

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { request as httpsRequest } from "node:https";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { event, HEAD, post, raw, serve } from "./webhook.ts";

const encoder = new TextEncoder();

Deno.test("one event, an array, a list and a compressed list are taken, and evaluated after the answer 200", async () => {
  await serve({}, async (served) => {
    const list = { kind: "EventList", items: [event("get"), event("list"), event("watch")] };
    const bodies = [event("get"), [event("get"), [event("get")]], list];
    for (const body of bodies) equal((await post(served.url, JSON.stringify(body))).status, 200);
    const packed = new Uint8Array(gzipSync(JSON.stringify(list)));
    equal((await post(served.url, packed, { "Content-Encoding": "gzip" })).status, 200);
    await served.source.drained();
    equal(served.alerts, 9);
    equal(served.source.counts.evaluated, 9n);
  });
});

Deno.test("what cannot be accepted is refused with a reason, counted, and holds up nothing", async () => {
  await serve({ webhookMaxBatchSize: 5000, maxEventSize: 500 }, async (served) => {
    const { url, source } = served;
    const status = async (...args: Parameters<typeof post>) => (await post(...args)).status;
    equal(await status(url, "no JSON"), 400);
    equal(await status(url, JSON.stringify(event("get")).slice(0, -1)), 400);
    equal(await status(url, "[".repeat(2000) + "]".repeat(2000)), 400);
    equal(await status(url, ""), 400);
    equal(await status(url, '{"kind":"Pod"}'), 400);
    equal(await status(url, '{"kind":"Event","auditID":"x"}'), 400);
    equal(await status(url, '{"kind":"Event","stageTimestamp":"now"}'), 400);
    equal(await status(url, "{}", { "Content-Type": "text/plain" }), 400);
    equal(await status(url, "{}", { "Content-Encoding": "br" }), 415);
    equal(await status(url, "no gzip", { "Content-Encoding": "gzip" }), 400);
    equal(await status(url, "x".repeat(5001)), 413);
    const bomb = new Uint8Array(gzipSync(new Uint8Array(50_000_000)));
    ok(bomb.length > 5000 || await status(url, bomb, { "Content-Encoding": "gzip" }) === 413);
    equal(await status(url.replace("k8s-audit", "other"), "{}"), 404);
    const got = await fetch(url);
    equal(got.status, 405);
    equal(got.headers.get("Allow"), "POST");
    await got.body?.cancel();
    equal(source.counts.accepted, 0n);
    ok(source.counts.malformed >= 7n);

    match(served.told.join("\n"), /a request was refused: 413, a request has at most 5000 bytes/);
  });
});

Deno.test("one bad event of a batch is set aside, counted, told once; the others are evaluated and the answer is 200", async () => {
  await serve({ maxEventSize: 1000 }, async ({ url, source, told }) => {
    const good = JSON.stringify(event("get"));
    const bad = {
      deep: [
        `{"stageTimestamp":"2026-01-31T08:15:30Z","a":${"[".repeat(400)}${"]".repeat(400)}}`,
        "nested deeper",
      ],
      raw: ['{"stageTimestamp":"2026-01-31T08:15:30Z","a":"x\u0001y"}', "a control character"],
      long: [JSON.stringify(event("get", { note: "x".repeat(1100) })), "longer than 1000 bytes"],
      timeless: ['{"kind":"Event"}', "stageTimestamp is missing"],
      unbalanced: ['{"stageTimestamp":"2026-01-31T08:15:30Z"]', "a comma is missing"],
      number: ["7", "stageTimestamp is missing"],
    } as const;

    for (const [bytes, reason] of Object.values(bad)) {
      told.length = 0;
      const before = source.counts.accepted;
      const setAside = source.counts.malformed + source.counts.tooLong;
      for (const items of [[good, bytes, good], [bytes, good, good], [good, good, bytes]]) {
        for (const body of [`{"kind":"EventList","items":[${items}],"apiVersion":"audit.k8s.io/v1"}`]) {
          const { status, text } = await post(url, body);
          equal(status, 200, reason);
          match(text, new RegExp(`accepted 2, set aside 1: event [123]: .*${reason}`));
        }
      }
      equal(source.counts.accepted - before, 6n);
      equal(source.counts.malformed + source.counts.tooLong - setAside, 3n);
    }
    await source.drained();
    equal(source.counts.evaluated, 36n);
  });
});

Deno.test("complaints are lines of the log, five and then one a minute, and one internal alert", async () => {
  await serve({}, async ({ url, told }) => {
    for (let i = 0; i < 9; i++) equal((await post(url, '{"kind":"EventList","items":[{}]}')).status, 200);
    equal(
      told.filter((line) => line.startsWith("source k8s_audit: an event is not evaluated: event 1: ")).length,
      5,
    );
    match(told.at(-1)!, /from now on one such line a minute$/);
    deepEqual(told.filter((line) => line.startsWith("Falco internal: ")), [
      "Falco internal: event not evaluated|Falco internal: event not evaluated. An event of the source k8s_audit could not " +
      "be evaluated: event 1: stageTimestamp is missing.",
    ]);
  });
});

Deno.test("a list is evaluated while it arrives, however long it is, and its sender is held up while there is no room", async () => {
  await serve({ queueEvents: 50, queueBytes: 1_000_000 }, async (served) => {
    const one = JSON.stringify(event("get", { note: "x".repeat(100_000) }));
    const body = `{"kind":"EventList","items":[${new Array(300).fill(one)}]}`;
    equal((await post(served.url, body)).status, 200);
    await served.source.drained();
    equal(served.alerts, 300);
    equal(served.source.counts.full, 0n);
  });
});

Deno.test("while the queue is full requests are answered 429 with Retry-After, before they are read", async () => {
  await serve({ queueEvents: 10 }, async (served) => {
    const body = JSON.stringify({
      kind: "EventList",
      items: Array.from({ length: 100 }, () => event("get")),
    });
    const answers = await Promise.all(Array.from({ length: 40 }, () => post(served.url, body)));
    const accepted = answers.filter(({ status }) => status === 200).length;
    const refused = answers.filter(({ status }) => status === 429);
    equal(accepted + refused.length, 40);
    for (const { retryAfter } of refused) equal(retryAfter, "1");
    await served.source.drained();
    equal(served.alerts, accepted * 100);
    equal(served.source.counts.full, BigInt(refused.length));
    equal((await post(served.url, body)).status, 200);
  });
});

Deno.test("a batch larger than the whole queue is taken when nothing waits", async () => {
  await serve({ queueEvents: 10, queueBytes: 100 }, async (served) => {
    const body = JSON.stringify({ kind: "EventList", items: Array.from({ length: 50 }, () => event("get")) });
    equal((await post(served.url, body)).status, 200);
    await served.source.drained();
    equal(served.alerts, 50);
  });
});

Deno.test("a client that never ends its head is let go, and others are heard meanwhile", async () => {
  await serve({}, async (served) => {
    const slow = raw(served.url, async (connection) => {
      await connection.write(encoder.encode(HEAD));
    });
    equal((await post(served.url, JSON.stringify(event("get")))).status, 200);
    const answer = await slow;
    ok(answer === "" || answer.startsWith("HTTP/1.1 408"), answer);
  });
});

Deno.test("a body of 100 MB is refused before it is read", async () => {
  await serve({ webhookMaxBatchSize: 12_582_912 }, async (served) => {
    const announced = await raw(served.url, async (connection) => {
      await connection.write(encoder.encode(`${HEAD}Content-Length: 104857600\r\n\r\n`));
    });
    match(announced, /^HTTP\/1.1 413/);
    const chunk = encoder.encode(`10000\r\n${"x".repeat(65_536)}\r\n`);
    let sent = 0;
    await raw(served.url, async (connection) => {
      await connection.write(encoder.encode(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`));
      for (; sent < 1600; sent++) await connection.write(chunk);
    });
    ok(sent < 1600, "all of it was read");
    equal((await post(served.url, JSON.stringify(event("get")))).status, 200);
  });
});

Deno.test("many requests on one connection, and one after a refusal, are answered", async () => {
  await serve({}, async (served) => {
    const body = JSON.stringify(event("get"));
    const one = `${HEAD}Content-Length: ${body.length}\r\n\r\n${body}`;
    const bad = `${HEAD}Content-Length: 1\r\n\r\n{`;
    const last = one.replace("Host: x", "Host: x\r\nConnection: close");
    const answer = await raw(served.url, async (connection) => {
      await connection.write(encoder.encode(one.repeat(12) + bad + last));
    });
    deepEqual([...answer.matchAll(/HTTP\/1.1 (\d+)/g)].map(([, status]) => status), [
      ...new Array(12).fill("200"),
      "400",
      "200",
    ]);
    await served.source.drained();
    equal(served.alerts, 13);
  });
});

Deno.test("a bearer token is asked for when there is a file with one", async () => {
  const tokenFile = await Deno.makeTempFile();
  await Deno.writeTextFile(tokenFile, "s3cret\n");
  await serve({ tokenFile }, async ({ url }) => {
    const body = JSON.stringify(event("get"));
    equal((await post(url, body)).status, 401);
    equal((await post(url, body, { Authorization: "Bearer wrong" })).status, 401);
    equal((await post(url, body, { Authorization: "Bearer s3cret" })).status, 200);
  });
  await Deno.remove(tokenFile);
});

Deno.test("TLS with one PEM file; with clientCa only clients with a certificate of it are heard", async () => {
  const folder = await Deno.makeTempDir();
  const openssl = (...args: string[]) =>
    new Deno.Command("openssl", { args, cwd: folder, stderr: "null" }).outputSync();
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  try {
    openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "9", "-subj", "/CN=ca");
    for (const name of ["server", "client"]) {
      const names = "subjectAltName=IP:127.0.0.1";
      openssl(
        "req",
        ...key,
        "-keyout",
        `${name}.key`,
        "-out",
        `${name}.csr`,
        "-subj",
        `/CN=${name}`,
        "-addext",
        names,
      );
      const signed = [
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-days",
        "9",
        "-copy_extensions",
        "copy",
      ];
      openssl("x509", "-req", "-in", `${name}.csr`, "-out", `${name}.pem`, ...signed);
    }
    const read = (name: string) => Deno.readTextFileSync(join(folder, name));
    const pem = join(folder, "falco.pem");
    await Deno.writeTextFile(pem, read("server.key") + read("server.pem"));
    const client = { key: read("client.key"), cert: read("client.pem") };
    const send = (url: string, certificate: object) =>
      new Promise<number>((resolve) => {
        const options = { method: "POST", ca: read("ca.pem"), agent: false, ...certificate } as const;
        const sent = httpsRequest(
          url,
          { ...options, headers: { "Content-Type": "application/json" } },
          (answer) => {
            answer.resume();
            answer.on("end", () => resolve(answer.statusCode ?? 0));
          },
        );
        sent.on("error", () => resolve(0));
        sent.end(JSON.stringify(event("get")));
      });
    await serve({ sslCertificate: pem }, async ({ url }) => equal(await send(url, {}), 200), "https");
    await serve({ sslCertificate: pem, clientCa: join(folder, "ca.pem") }, async ({ url, source }) => {
      equal(await send(url, {}), 0);
      equal(await send(url, client), 200);
      equal(source.counts.accepted, 1n);
    }, "https");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
