import { deepEqual, equal, match } from "node:assert/strict";
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import net, { type AddressInfo } from "node:net";
import tls from "node:tls";
import { SinkError } from "../../../outputs/sink.ts";
import { SinkQueue } from "../../../outputs/sink_queue.ts";
import { createSyslogSink, type SyslogSinkOptions } from "../../../outputs/sinks/syslog.ts";
import { messages, outgoing, until } from "../outgoing_alerts.ts";
import { freePort, rawServer } from "./local_server.ts";

const NEVER = new AbortController().signal;
const NO_TLS = { insecure: false, caCert: "", clientCert: "", clientKey: "" };

function sinkTo(address: string, more: Partial<SyslogSinkOptions> = {}) {
  return createSyslogSink({
    name: "syslog",
    address,
    facility: 1,
    ident: "falco",
    tls: NO_TLS,
    timeoutMs: 2000,
    ...more,
  });
}

/** A local socket as syslog daemons have it. */
const LOCAL_DAEMON = `
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("ready", flush=True)
while True:
    print(s.recv(100000).decode(), flush=True)
`;

function hasPython(): boolean {
  try {
    return new Deno.Command("python3", { args: ["--version"], stdout: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

Deno.test({
  name:
    "the local socket gets what the C library's syslog() sends: facility user, ident, one datagram an alert",
  ignore: !hasPython(),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const path = `${folder}/log`;
    const start = () =>
      new Deno.Command("python3", { args: ["-c", LOCAL_DAEMON, path], stdout: "piped" }).spawn();
    const stop = async (daemon: Deno.ChildProcess) => {
      daemon.kill("SIGKILL");
      await daemon.status;
      return (await daemon.output().catch(() => ({ stdout: new Uint8Array() }))).stdout;
    };
    let text = "";
    const read = async (daemon: Deno.ChildProcess) => {
      for await (const chunk of daemon.stdout) text += new TextDecoder().decode(chunk);
    };
    const first = start();
    const reading = read(first);
    await until("ready", () => text.includes("ready"));
    const sink = sinkTo(`unix://${path}`);
    await sink.deliver(messages(1, 2), NEVER);
    await until("received", () => text.includes("alert 2"));
    match(text, /^ready\n<12>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d falco: alert 1\n<12>.* falco: alert 2\n$/);
    // a daemon that is restarted has a new socket
    await stop(first).catch(() => {});
    await reading;
    const failed = await sink.deliver(messages(3), NEVER).then(() => undefined, (error) => error);
    equal(failed instanceof SinkError && failed.details.retryable && failed.details.untaken, true);
    await Deno.remove(path);
    text = "";
    const second = start();
    const rereading = read(second);
    await until("ready", () => text.includes("ready"));
    await sink.deliver(messages(3), NEVER);
    await until("received", () => text.includes("alert 3"));
    second.kill("SIGKILL");
    await second.status;
    await rereading;
    await sink.close();
    await Deno.remove(folder, { recursive: true });
  },
});

const REMOTE = /^<12>1 2026-11-21T22:12:16\.256366Z node1 falco \d+ alert - alert (\d+)$/;

Deno.test("UDP: each alert is a datagram in the form of RFC 5424", async () => {
  const received: string[] = [];
  const server: UdpSocket = createSocket("udp4");
  server.on("message", (bytes) => received.push(bytes.toString()));
  await new Promise<void>((resolve) => server.bind(0, "127.0.0.1", () => resolve()));
  const sink = sinkTo(`udp://127.0.0.1:${server.address().port}`);
  await sink.deliver(messages(1, 2), NEVER);
  await until("received", () => received.length === 2);
  deepEqual(received.map((text) => REMOTE.exec(text)?.[1]), ["1", "2"]);
  await sink.close();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

/** Takes octet-counted frames apart. */
function frames(text: string): string[] {
  const found: string[] = [];
  for (let rest = text; rest !== "";) {
    const [, length] = /^(\d+) /.exec(rest) ?? [];
    // the last one may still be on its way
    if (length === undefined || rest.length < length.length + 1 + Number(length)) break;
    const at = length.length + 1;
    found.push(rest.slice(at, at + Number(length)));
    rest = rest.slice(at + Number(length));
  }
  return found;
}

Deno.test("TCP: messages have their length in front; a body cannot begin a message of its own", async () => {
  let text = "";
  await using server = await rawServer((socket) =>
    socket.on("data", (chunk) => text += chunk.toString("latin1"))
  );
  const sink = sinkTo(`tcp://127.0.0.1:${server.port}`);
  const [message] = messages(1);
  await sink.deliver([{ ...message!, body: "alert 1\n<8>1 - - - - - - forged" }], NEVER);
  await sink.deliver(messages(2), NEVER);
  await until("received", () => text.includes("alert 2"));
  const [first = "", second = ""] = frames(text);
  equal(first.includes("\n"), false);
  match(second, REMOTE);
  await sink.close();
});

Deno.test("TCP: refused, reset and half-closed connections pass; alerts arrive in order afterwards", async () => {
  const refused = await sinkTo(`tcp://127.0.0.1:${await freePort()}`).deliver(messages(1), NEVER)
    .then(() => undefined, (error) => error);
  deepEqual([refused?.details.retryable, refused?.details.cause], [true, "refused"]);
  let text = "", connections = 0;
  await using server = await rawServer((socket) => {
    connections++;
    if (connections === 1) socket.resetAndDestroy();
    else if (connections === 2) socket.end();
    else socket.on("data", (chunk) => text += chunk.toString("latin1"));
  });
  const queue = new SinkQueue({
    sink: sinkTo(`tcp://127.0.0.1:${server.port}`),
    format: ({ message }) => message,
    firstPauseMs: 1,
  });
  for (const number of [1, 2, 3]) queue.offer(outgoing(number));
  await until("delivered", () => queue.stats().delivered === 3n);
  const received = () => frames(text).map((frame) => REMOTE.exec(frame)?.[1]);
  await until("received", () => received().length >= 3);
  deepEqual(received(), ["1", "2", "3"]);
  await queue.close(100);
});

Deno.test("TCP: what was sent shortly before the receiver ends the connection is sent again, also without a next alert", async () => {
  let text = "";
  const news: string[] = [];
  let first: net.Socket | undefined;
  await using server = await rawServer((socket) => {
    // the first one takes nothing out of its socket
    if (first === undefined) (first = socket).pause();
    else socket.on("data", (chunk) => text += chunk.toString("latin1"));
  });
  const sink = sinkTo(`tcp://127.0.0.1:${server.port}`, { onNews: (_level, line) => news.push(line) });
  await sink.deliver(messages(1, 2), NEVER);
  await until("connected", () => first !== undefined);
  first!.destroy();
  await until("received", () => frames(text).length === 2);
  deepEqual(frames(text).map((frame) => REMOTE.exec(frame)?.[1]), ["1", "2"]);
  match(news.join("\n"), /has ended the connection: the last 2 alerts are sent again/);
  await sink.close();
});

Deno.test("TCP: a receiver that does not read is given up in time", async () => {
  await using server = await rawServer((socket) => socket.pause());
  const sink = sinkTo(`tcp://127.0.0.1:${server.port}`);
  const [message] = messages(1);
  const error = await sink.deliver([{ ...message!, body: "x".repeat(32 << 20) }], AbortSignal.timeout(200))
    .then(() => undefined, (error) => error);
  equal(error instanceof Error, true);
  await sink.close();
});

Deno.test("TLS: the authority is asked for, ca_cert and insecure accept; the server sees our certificate", async () => {
  const folder = await Deno.makeTempDir();
  const [key, cert] = [`${folder}/k`, `${folder}/c`];
  new Deno.Command("openssl", {
    args: ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2"]
      .concat(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]),
    stderr: "null",
  }).outputSync();
  let text = "";
  const shown: unknown[] = [];
  const sockets = new Set<net.Socket>();
  const pem = { key: Deno.readTextFileSync(key), cert: Deno.readTextFileSync(cert) };
  const server = tls.createServer(
    { ...pem, ca: pem.cert, requestCert: true, rejectUnauthorized: false },
    (socket) => {
      sockets.add(socket);
      shown.push(socket.getPeerCertificate()?.subject?.CN);
      socket.on("error", () => {}).on("data", (chunk) => text += chunk.toString("latin1"));
    },
  );
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `tls://localhost:${(server.address() as AddressInfo).port}`;
  const refused = await sinkTo(address).deliver(messages(1), NEVER).then(() => undefined, (error) => error);
  deepEqual([refused?.details.retryable, refused?.details.cause], [true, "tls"]);
  const accepted = [
    [2, { caCert: cert }],
    [3, { insecure: true }],
    [4, { caCert: cert, clientCert: cert, clientKey: key }],
  ] as const;
  for (const [number, files] of accepted) {
    const sink = sinkTo(address, { tls: { ...NO_TLS, ...files } });
    await sink.deliver(messages(number), NEVER);
    await until("received", () => text.includes(`alert ${number}`));
    await sink.close();
  }
  deepEqual(shown, [undefined, undefined, "localhost"]);
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
  await Deno.remove(folder, { recursive: true });
});
