import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { gunzipSync } from "node:zlib";
import { SinkError } from "../../../outputs/sink.ts";
import { SinkQueue } from "../../../outputs/sink_queue.ts";
import { HttpSink, type HttpSinkOptions } from "../../../outputs/sinks/http.ts";
import { retryAfterMs } from "../../../outputs/network/retry_after.ts";
import { messages, outgoing, until } from "../outgoing_alerts.ts";
import { freePort, HttpReceiver, rawServer } from "./local_server.ts";

const PLAIN_TLS = {
  insecure: false,
  caCert: "",
  caBundle: "",
  caPath: "/etc/ssl/certs",
  mtls: false,
  clientCert: "",
  clientKey: "",
};

function sinkTo(url: string, more: Partial<HttpSinkOptions> = {}): HttpSink {
  return new HttpSink({
    name: "http",
    url,
    userAgent: "falcosecurity/falco",
    headers: {},
    contentType: "text/plain",
    tls: PLAIN_TLS,
    echo: false,
    compress: false,
    keepAlive: false,
    maxConsecutiveTimeouts: 5,
    maxBatch: 1,
    timeoutMs: 5000,
    ...more,
  });
}

const within = (ms: number) => AbortSignal.timeout(ms);
const NEVER = new AbortController().signal;

async function errorOf(sink: HttpSink, signal = NEVER): Promise<SinkError> {
  try {
    await sink.deliver(messages(1), signal);
  } catch (error) {
    if (error instanceof SinkError) return error;
    throw error;
  } finally {
    await sink.close();
  }
  throw new Error("it was delivered");
}

Deno.test("an alert is the body of a POST with Falco's headers, over a connection that is kept", async () => {
  await using receiver = await HttpReceiver.start();
  const sink = sinkTo(`${receiver.url}in?x=1`, { headers: { authorization: "Bearer T" } });
  await sink.deliver(messages(1), NEVER);
  await sink.deliver(messages(2), NEVER);
  await sink.close();
  deepEqual(receiver.received.map(({ text }) => text), ["alert 1", "alert 2"]);
  const { url, headers } = receiver.received[0]!;
  deepEqual([url, headers["content-type"], headers["user-agent"], headers.authorization], [
    "/in?x=1",
    "text/plain",
    "falcosecurity/falco",
    "Bearer T",
  ]);
  equal(receiver.connections, 1);
});

Deno.test("uploads are really compressed; several alerts are lines of one body", async () => {
  await using receiver = await HttpReceiver.start();
  const sink = sinkTo(receiver.url, { compress: true, maxBatch: 10 });
  await sink.deliver(messages(1, 2), NEVER);
  await sink.close();
  const { headers, body } = receiver.received[0]!;
  equal(headers["content-encoding"], "gzip");
  equal(gunzipSync(body).toString(), "alert 1\nalert 2\n");
});

Deno.test("the status decides: 2xx is delivered, 400, 413 and 422 refuse the alert, all others may be put right", async () => {
  for (const status of [200, 201, 202, 204]) {
    await using receiver = await HttpReceiver.start(() => ({ status }));
    const sink = sinkTo(receiver.url);
    await sink.deliver(messages(1), NEVER);
    await sink.close();
  }
  const cases: [number, boolean][] = [
    [301, true],
    [400, false],
    [401, true],
    [404, true],
    [413, false],
    [422, false],
    [408, true],
    [425, true],
    [429, true],
    [500, true],
    [503, true],
  ];
  for (const [status, retryable] of cases) {
    await using receiver = await HttpReceiver.start(() => ({ status, body: "why\u001b[31m\nnot" }));
    const error = await errorOf(sinkTo(receiver.url));
    deepEqual([error.details.retryable, error.details.cause], [retryable, `status_${status}`]);
    match(error.message, new RegExp(`status ${status}: why \\[31m not$`));
  }
});

Deno.test("Retry-After is heard, as seconds and as a date", async () => {
  for (const value of ["7", new Date(Date.now() + 7000).toUTCString()]) {
    await using receiver = await HttpReceiver.start(() => ({
      status: 429,
      headers: { "retry-after": value },
    }));
    const { retryAfterMs = 0 } = (await errorOf(sinkTo(receiver.url))).details;
    equal(retryAfterMs > 5000 && retryAfterMs <= 7000, true);
  }
});

Deno.test("refused, reset, closed without an answer, closed within it: all pass, none is delivered", async () => {
  const refused = await errorOf(sinkTo(`http://127.0.0.1:${await freePort()}/`));
  deepEqual([refused.details.retryable, refused.details.cause], [true, "refused"]);
  const behaviours: ((socket: import("node:net").Socket) => void)[] = [
    (socket) => socket.on("data", () => socket.resetAndDestroy()),
    (socket) => socket.on("data", () => socket.destroy()),
    (socket) => socket.on("data", () => socket.end()),
    (socket) => socket.on("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhal")),
    (socket) => socket.on("data", () => socket.end("no HTTP at all\r\n\r\n")),
  ];
  for (const behave of behaviours) {
    await using server = await rawServer(behave);
    const error = await errorOf(sinkTo(`http://127.0.0.1:${server.port}/`), within(5000));
    equal(error.details.retryable, true);
  }
});

Deno.test("a server that never answers, or too late: given up in time, then tried again", async () => {
  let late = true;
  await using receiver = await HttpReceiver.start(() => late ? { afterMs: 600 } : {});
  const queue = new SinkQueue({
    sink: sinkTo(receiver.url, { timeoutMs: 100 }),
    format: ({ text }) => text,
    firstPauseMs: 1,
  });
  queue.offer(outgoing(1));
  await until("a retry", () => queue.stats().retries > 0n);
  late = false;
  await until("delivered", () => queue.stats().delivered === 1n);
  await queue.close(100);
});

Deno.test("after max_consecutive_timeouts an alert is given up and counted; the next one has its turn", async () => {
  await using server = await rawServer((socket) => socket.resume());
  const queue = new SinkQueue({
    sink: sinkTo(`http://127.0.0.1:${server.port}/`, { timeoutMs: 100, maxConsecutiveTimeouts: 1 }),
    format: ({ text }) => text,
    firstPauseMs: 1,
  });
  queue.offer(outgoing(1));
  await until("given up", () => queue.stats().dropped["timeout"] === 1n);
  deepEqual([queue.stats().retries, queue.stats().queuedMessages], [1n, 0]);
  await queue.close(10);
});

Deno.test("an outage loses nothing: alerts arrive in order when the server is back", async () => {
  const port = await freePort();
  const queue = new SinkQueue({
    sink: sinkTo(`http://127.0.0.1:${port}/`),
    format: ({ message }) => message,
    firstPauseMs: 1,
    longestPauseMs: 20,
  });
  for (let number = 1; number <= 20; number++) queue.offer(outgoing(number));
  await until("failing", () => queue.stats().isFailing);
  await using receiver = await HttpReceiver.start(() => ({}), port);
  await until("delivered", () => queue.stats().delivered === 20n);
  deepEqual(
    receiver.received.map(({ text }) => text),
    Array.from({ length: 20 }, (_, index) => `alert ${index + 1}`),
  );
  await queue.close(100);
});

Deno.test("HTTPS: unknown authority refused; insecure, ca_cert, ca_bundle and ca_path accept; mtls shows a certificate", async () => {
  const folder = await Deno.makeTempDir();
  const [key, cert, shown] = [`${folder}/server.key`, `${folder}/server.crt`, [] as (string | undefined)[]];
  const { success } = new Deno.Command("openssl", {
    args: ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2"]
      .concat(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]),
    stderr: "null",
  }).outputSync();
  equal(success, true);
  const pem = { key: Deno.readTextFileSync(key), cert: Deno.readTextFileSync(cert) };
  const server = createTlsServer(
    { ...pem, ca: pem.cert, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      const { CN } = (request.socket as TLSSocket).getPeerCertificate()?.subject ?? {};
      shown.push(typeof CN === "string" ? CN : undefined);
      request.resume().on("end", () => response.end());
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `https://localhost:${(server.address() as AddressInfo).port}/`;
  try {
    const unknown = await errorOf(sinkTo(url));
    deepEqual([unknown.details.retryable, unknown.details.cause], [true, "tls"]);
    const missing = await errorOf(sinkTo(url, { tls: { ...PLAIN_TLS, caCert: `${folder}/none` } }));
    match(missing.message, /ca_cert: .*none cannot be read/);
    const accepted: Partial<typeof PLAIN_TLS>[] = [
      { insecure: true },
      { caCert: cert },
      { caBundle: cert },
      { caPath: folder },
      { caCert: cert, caBundle: `${folder}/none`, mtls: true, clientCert: cert, clientKey: key },
    ];
    for (const tls of accepted) {
      const sink = sinkTo(url, { tls: { ...PLAIN_TLS, ...tls } });
      await sink.deliver(messages(1), NEVER);
      await sink.close();
    }
    deepEqual(shown, [undefined, undefined, undefined, undefined, "localhost"]);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("an attempt that was called off ends at once", async () => {
  await using server = await rawServer((socket) => socket.resume());
  const sink = sinkTo(`http://127.0.0.1:${server.port}/`);
  await rejects(sink.deliver(messages(1), within(30)));
  await sink.close();
});

Deno.test("a redirect is refused in words; nobody gets the alert or the credentials by it", async () => {
  await using other = await HttpReceiver.start();
  for (const status of [301, 302, 303, 307, 308]) {
    await using receiver = await HttpReceiver.start(() => ({
      status,
      headers: { location: `${other.url}in?key=1` },
    }));
    const error = await errorOf(sinkTo(receiver.url, { headers: { Authorization: "Bearer s3cret" } }));
    match(error.message, new RegExp(`status ${status}: redirects to ${other.url}in, which is not followed`));
    equal(error.details.retryable, true);
  }
  equal(other.received.length, 0);
});

Deno.test("values of Retry-After that make no sense are not heard; times are never negative", () => {
  const now = Date.parse("2026-11-30T00:00:00Z");
  for (
    const text of ["-5", "1.5", "NaN", "Infinity", "9".repeat(400), "soon", "", "2026-12-01", "1e9", null]
  ) {
    equal(retryAfterMs(text, now), undefined, String(text));
  }
  equal(retryAfterMs("Sun, 06 Nov 1994 08:49:37 GMT", now), 0);
  equal(retryAfterMs("Mon, 30 Nov 2026 00:01:00 GMT", now), 60_000);
  equal(retryAfterMs(" 120 ", now), 120_000);
});
