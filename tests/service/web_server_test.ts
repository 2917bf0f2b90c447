// The web server over real connections: what it answers, to whom, and what hostile clients cannot do.

import { deepEqual, doesNotMatch, equal, match, ok, rejects, throws } from "node:assert/strict";
import { EventEmitter } from "node:events";
import { request as tlsRequest } from "node:https";
import type { ServiceFacts } from "../../service/metrics/facts.ts";
import { BearerToken } from "../../service/web/bearer_token.ts";
import { boundConnections } from "../../service/web/connection_bounds.ts";
import { WebServer, type WebServerOptions } from "../../service/web/web_server.ts";
import { until } from "../outputs/outgoing_alerts.ts";
import { sampleFacts } from "./sample_facts.ts";

async function withServer(
  changes: Partial<WebServerOptions>,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const server = await WebServer.start({
    address: "127.0.0.1",
    port: 0,
    certificate: undefined,
    healthPath: "/healthz",
    withMetrics: true,
    token: undefined,
    facts: () => sampleFacts(),
    metrics: () => Promise.resolve("falcosecurity_x 1\n"),
    ...changes,
  });
  try {
    await use(server.url);
  } finally {
    await server.stop();
  }
}

async function ask(url: string, init: RequestInit = {}) {
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, body: await response.text() };
}

/** Writes as it is, reads until the other side closes or `ms` have passed. */
async function talk(url: string, text: string, ms = 8000): Promise<{ answer: string; closed: boolean }> {
  const { hostname, port } = new URL(url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  let answer = "";
  const read = (async () => {
    try {
      await connection.write(new TextEncoder().encode(text));
      const buffer = new Uint8Array(4096);
      for (let bytes; (bytes = await connection.read(buffer)) !== null;) {
        answer += new TextDecoder().decode(buffer.subarray(0, bytes));
      }
    } catch {
      // reset: closed as well
    }
    return true;
  })();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => timer = setTimeout(() => resolve(false), ms));
  const closed = await Promise.race([read, late]);
  clearTimeout(timer);
  return { answer, closed };
}

Deno.test("health, versions and metrics answer as Falco's do; HEAD has no body", async () => {
  await withServer({}, async (url) => {
    const health = await ask(`${url}/healthz`);
    equal(health.status, 200);
    equal(health.headers.get("content-type"), "application/json");
    match(health.body, /^\{"status": "ok"/);
    equal(JSON.parse(health.body).events.flowing, true);
    const versions = JSON.parse((await ask(`${url}/versions`)).body);
    equal(versions.engine_version, "63");
    equal(versions.engine_version_semver, "0.63.0");
    for (
      const key of ["falco_version", "libs_version", "plugin_api_version", "driver_api_version"].concat(
        ["driver_schema_version", "default_driver_version"],
      )
    ) match(versions[key], /^\d+\.\d+\.\d+/);
    equal(typeof versions.plugin_versions.container, "string");
    const metrics = await ask(`${url}/metrics?x=1`);
    equal(metrics.headers.get("content-type"), "text/plain; version=0.0.4");
    equal(metrics.body, "falcosecurity_x 1\n");
    const head = await ask(`${url}/metrics`, { method: "HEAD" });
    deepEqual([head.status, head.body, head.headers.get("content-length")], [200, "", "18"]);
  });
});

Deno.test("/reload tells how far reloads have come, asks for none, and is nothing where there are none", async () => {
  const token = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(token, "secret");
    const reload = () => '{"ready":true}';
    await withServer({ reload }, async (url) => {
      const told = await ask(`${url}/reload?x=1`);
      deepEqual([told.status, told.body], [200, '{"ready":true}']);
      equal(told.headers.get("cache-control"), "no-store");
      equal((await ask(`${url}/reload`, { method: "POST" })).status, 405);
    });
    await withServer({ reload, token: new BearerToken(token) }, async (url) => {
      equal((await ask(`${url}/reload`)).status, 401);
    });
    await withServer({}, async (url) => equal((await ask(`${url}/reload`)).status, 404));
  } finally {
    await Deno.remove(token);
  }
});

Deno.test("other paths are 404, other methods 405 with Allow; a body is not read", async () => {
  await withServer({ withMetrics: false, healthPath: "/alive" }, async (url) => {
    equal((await ask(`${url}/`)).status, 404);
    equal((await ask(`${url}/healthz`)).status, 404);
    equal((await ask(`${url}/alive`)).status, 200);
    const metrics = await ask(`${url}/metrics`);
    equal(metrics.status, 404);
    match(metrics.body, /metrics\.enabled and webserver\.prometheus_metrics_enabled/);
    const post = await ask(`${url}/alive`, { method: "POST", body: "x".repeat(1 << 20) });
    equal(post.status, 405);
    equal(post.headers.get("allow"), "GET, HEAD");
    // the path of the request is not repeated, so nobody can put something into it
    doesNotMatch((await ask(`${url}/<script>`)).body, /script/);
  });
});

Deno.test("health: silence, no event ever, and outputs that all fail are 503; a refused reload is told with 200", async () => {
  let facts: Partial<ServiceFacts> = {};
  await withServer({ facts: () => sampleFacts(facts) }, async (url) => {
    const problems = async (status: number) => {
      const { status: got, body } = await ask(`${url}/healthz`);
      equal(got, status, body);
      equal(JSON.parse(body).status, status === 200 ? "ok" : "failing");
      return JSON.parse(body).problems.join();
    };
    facts = { canary: { silentMs: 10_001, latencyMs: 1, sent: 20, seen: 9 } };
    match(await problems(503), /no event has come through for 10 s/);
    facts = { canary: { silentMs: 5, latencyMs: undefined, sent: 1, seen: 0 } };
    match(await problems(503), /no event has come through yet/);
    facts = { canary: undefined };
    match(await problems(503), /not being watched/);
    const failing = (name: string, seconds: number) => ({
      name,
      type: name,
      queuedMessages: 1,
      queuedBytes: 1,
      isFailing: true,
      delivered: 0n,
      retries: 9n,
      dropped: {},
      failingForMs: seconds * 1000,
    });
    facts = { sinks: [failing("http", 301), failing("nats", 400)] };
    match(await problems(503), /every output has been failing for 301 s/);
    facts = { sinks: [failing("http", 299), failing("nats", 400)] };
    equal(await problems(200), "");
    facts = { sinks: [failing("http", 900), { ...failing("stdout", 0), isFailing: false }] };
    equal(await problems(200), "");
    facts = { reload: { succeeded: 0, failed: 1, lastNs: undefined, problem: "rules.yaml:3:5: no" } };
    match(await problems(200), /rules\.yaml:3:5: no/);
  });
});

Deno.test("with a token only health is open; a new token in the file counts at once", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, "first-token\n");
    await withServer({ token: new BearerToken(path) }, async (url) => {
      const status = async (authorization?: string, at = "/metrics") =>
        (await ask(url + at, authorization === undefined ? {} : { headers: { authorization } })).status;
      equal(await status(), 401);
      equal(await status("Bearer wrong"), 401);
      equal(await status("Basic first-token"), 401);
      equal(await status("Bearer first-token"), 200);
      equal(await status(undefined, "/nothing"), 401);
      equal(await status(undefined, "/healthz"), 200);
      await Deno.writeTextFile(path, "second-token");
      await Deno.utime(path, new Date(), new Date(Date.now() + 5000));
      equal(await status("Bearer first-token"), 401);
      equal(await status("Bearer second-token"), 200);
    });
    await Deno.writeTextFile(path, " \n");
    let message = "";
    try {
      new BearerToken(path);
    } catch (error) {
      message = String(error);
    }
    match(message, /must hold a token/);
    throws(() => new BearerToken(`${path}.none`), /cannot read webserver\.bearer_token_file .*\.none/);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("heads that do not end, are too large or make no sense are cut off; the server goes on", async () => {
  await withServer({}, async (url) => {
    const [slow, silent, large, many, nonsense, smuggled] = await Promise.all([
      talk(url, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-A"),
      talk(url, ""),
      talk(url, `GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${"a".repeat(100_000)}\r\n\r\n`),
      talk(url, `GET /healthz HTTP/1.1\r\nHost: x\r\n${"X: a\r\n".repeat(5000)}\r\n`),
      talk(url, "\x16\x03\x01\x02\x00 no http\r\n\r\n"),
      talk(url, "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc"),
    ]);
    ok(slow.closed && /^(HTTP\/1\.1 408|$)/.test(slow.answer), slow.answer);
    ok(silent.closed);
    match(large.answer, /^HTTP\/1\.1 431/);
    match(many.answer, /^HTTP\/1\.1 431/);
    ok(nonsense.closed && /^(HTTP\/1\.1 400|$)/.test(nonsense.answer), nonsense.answer);
    match(smuggled.answer, /^HTTP\/1\.1 405/);
    ok(smuggled.closed);
    equal((await ask(`${url}/healthz`)).status, 200);
  });
});

/** Connections that are left as they are, and how many of them are closed by now. */
async function hold(
  url: string,
  count: number,
  say: string,
): Promise<{ closed: number; watch(): void } & Disposable> {
  const { hostname, port } = new URL(url);
  const open: Deno.TcpConn[] = [];
  const held = {
    closed: 0,
    /** begins to read: only so it is seen */
    watch: () =>
      open.forEach(async (connection) => {
        const buffer = new Uint8Array(1 << 16);
        while (await connection.read(buffer).catch(() => null) !== null);
        held.closed++;
      }),
    [Symbol.dispose]: () => open.forEach((connection) => connection.close()),
  };
  for (let i = 0; i < count; i++) {
    const connection = await Deno.connect({ hostname, port: Number(port) });
    open.push(connection);
    if (say !== "") await connection.write(new TextEncoder().encode(say)).catch(() => {});
  }
  return held;
}

for (
  const [what, say] of [
    ["half a head", "GET /healthz HTTP/1.1\r\nHost: x\r\nX-A"],
    ["nothing at all", ""],
    ["requests, and is idle then", "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["many requests at once and reads nothing", "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(200)],
  ] as const
) {
  Deno.test(`400 connections of one client that says ${what}: health is answered all the while, the oldest go`, async () => {
    const metrics = () => Promise.resolve("x".repeat(300_000));
    await withServer({ metrics }, async (url) => {
      using held = await hold(url, 400, say);
      for (let i = 0; i < 5; i++) equal((await ask(`${url}/healthz`)).status, 200);
      held.watch();
      await until("the oldest are closed", () => held.closed >= 400 - 128);
    });
  });
}

Deno.test("connections are bounded per client and in all; the oldest of the client with the most goes", () => {
  const server = new EventEmitter();
  boundConnections(server as never, { maxConnections: 5, maxPerClient: 3 });
  const gone: string[] = [];
  const connect = (remoteAddress: string, name: string) => {
    const socket = Object.assign(new EventEmitter(), {
      remoteAddress,
      destroy: () => {
        gone.push(name);
        socket.emit("close");
      },
    });
    server.emit("connection", socket);
    return socket;
  };
  for (const name of ["a1", "a2", "a3", "a4"]) connect("10.0.0.1", name);
  deepEqual(gone, ["a1"]);
  connect("10.0.0.2", "b1");
  const b2 = connect("10.0.0.2", "b2");
  connect("10.0.0.3", "c1");
  deepEqual(gone, ["a1", "a2"]);
  b2.emit("close");
  connect("2001:db8::1", "d1");
  connect("2001:db8::2", "d2");
  connect("2001:db8:0:0:5::3", "d3");
  connect("2001:db8:0:0:6:7:8:9", "d4");
  // one network is one client
  equal(gone.includes("d1"), true);
});

Deno.test("a port that is taken, an address that this host does not have: errors that say so", async () => {
  await withServer({}, async (url) => {
    const port = Number(new URL(url).port);
    await rejects(
      withServer({ port }, () => Promise.resolve()),
      /another program listens on 127\.0\.0\.1 port \d+.*webserver\.listen_port/,
    );
  });
  await rejects(withServer({ address: "203.0.113.9" }, () => Promise.resolve()), /no address 203\.0\.113\.9/);
});

function selfSigned(folder: string): string | undefined {
  const made = new Deno.Command("openssl", {
    args: ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
      .concat(["-keyout", `${folder}/key.pem`, "-out", `${folder}/cert.pem`]),
    stdout: "null",
    stderr: "null",
  }).outputSync();
  if (!made.success) return undefined;
  const path = `${folder}/both.pem`;
  Deno.writeTextFileSync(
    path,
    Deno.readTextFileSync(`${folder}/key.pem`) + Deno.readTextFileSync(`${folder}/cert.pem`),
  );
  return path;
}

function healthOver(url: string): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    const request = tlsRequest(`${url}/healthz`, { rejectUnauthorized: false, agent: false }, (response) => {
      let text = "";
      response.on("data", (chunk) => text += chunk);
      response.on("end", () => resolve(text));
    });
    request.on("error", reject);
    request.end();
  });
}

const hasOpenssl = await new Deno.Command("openssl", { args: ["version"], stdout: "null", stderr: "null" })
  .output().then(({ success }) => success, () => false);

Deno.test({
  name: `TLS with one file for key and certificate; files without one of them are explained${
    hasOpenssl ? "" : " (skipped: no openssl)"
  }`,
  ignore: !hasOpenssl,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const certificate = selfSigned(folder)!;
      await withServer({ certificate }, async (url) => {
        match(url, /^https:/);
        match(await healthOver(url), /^\{"status": "ok"/);
        using _half = await hold(url, 400, "\x16\x03\x01");
        match(await healthOver(url), /^\{"status": "ok"/);
        // who does not speak TLS, or does not begin to, is cut off too
        ok((await talk(url, "GET / HTTP/1.1\r\n\r\n")).closed);
      });
      let held: Disposable | undefined;
      await withServer({ certificate }, async (url) => {
        held = await hold(url, 50, "\x16\x03\x01");
        match(await healthOver(url), /^\{"status": "ok"/);
      });
      // it has stopped though handshakes were under way
      held?.[Symbol.dispose]();
      const start = (path: string) => withServer({ certificate: path }, () => Promise.resolve());
      await rejects(start(`${folder}/none.pem`), /cannot read the certificate .*none\.pem.*ssl_certificate/);
      await rejects(start(`${folder}/cert.pem`), /no private key in/);
      await rejects(start(`${folder}/key.pem`), /no certificate in/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
