// Receivers that never stop: each sink gives them up in time and in bounded memory, with a reason.

import { deepEqual, ok } from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { planSinks } from "../../../outputs/create_sinks.ts";
import { load } from "../../config/loading.ts";
import { rawServer } from "./local_server.ts";
import { deliver, failure, message } from "./network_messages.ts";

const MAX_GROWTH_MB = 250;
const TIMEOUT_MS = 2000;

/** Writes the beginning, then the same bytes for ever, as fast as they are taken. */
function flood(
  socket: Socket,
  begin: string | Buffer,
  more: string | Buffer = Buffer.alloc(1 << 16, "x"),
): void {
  socket.once("data", () => {
    socket.resume();
    socket.write(begin);
    const write = () => {
      while (!socket.destroyed && socket.write(more));
    };
    socket.on("drain", write);
    write();
  });
}

const OK = "HTTP/1.1 200 OK\r\n";
const bomb = gzipSync(Buffer.alloc(300 << 20));
const HTTP: Readonly<Record<string, (socket: Socket) => void>> = {
  "a header without end": (socket) => flood(socket, `${OK}X: `),
  "headers without end": (socket) => flood(socket, OK, "X-A: b\r\n".repeat(8000)),
  "a status line without end": (socket) => flood(socket, "HTTP/1.1 200 "),
  "a body without end": (socket) => flood(socket, `${OK}\r\n`),
  "chunks without end": (socket) =>
    flood(socket, `${OK}Transfer-Encoding: chunked\r\n\r\n`, `8000\r\n${"x".repeat(0x8000)}\r\n`),
  "a gzip bomb": (socket) =>
    void socket.once("data", () => {
      socket.write(`${OK}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    }),
  "a byte a moment": (socket) =>
    void socket.once("data", () => {
      socket.write(`${OK}Content-Length: 100000\r\n\r\n`);
      const drip = setInterval(() => socket.write("x"), 20);
      socket.on("close", () => clearInterval(drip));
    }),
  "100 Continue without end": (socket) => flood(socket, "", "HTTP/1.1 100 Continue\r\n\r\n".repeat(2000)),
};

/** The greeting comes first where the server speaks first. */
const OTHERS: Readonly<Record<string, readonly [keys: string, behave: (socket: Socket) => void]>> = {
  "redis, a text of 2 GB": ["redis, url: redis://AT", (socket) => flood(socket, "$2000000000\r\n")],
  "redis, an error without end": ["redis, url: redis://AT", (socket) => flood(socket, "-ERR ")],
  "redis, arrays in arrays": [
    "redis, url: redis://AT",
    (socket) => flood(socket, "", "*9999\r\n".repeat(5000)),
  ],
  "redis, maps in sets": [
    "redis, url: redis://AT",
    (socket) => flood(socket, "", "~9999\r\n%9999\r\n".repeat(5000)),
  ],
  "mqtt, a packet of 256 MB": [
    "mqtt, url: mqtt://AT",
    (socket) => flood(socket, Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])),
  ],
  "kafka, an answer of 2 GB": [
    "kafka, brokers: AT",
    (socket) => flood(socket, Buffer.from([0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0])),
  ],
  "kafka, an answer of two bytes": [
    "kafka, brokers: AT",
    (socket) => flood(socket, Buffer.from([0, 0, 0, 2]), Buffer.from([0, 0, 0, 2])),
  ],
  "kafka, an answer of minus four bytes": [
    "kafka, brokers: AT",
    (socket) => flood(socket, Buffer.from([0xff, 0xff, 0xff, 0xfc]), Buffer.alloc(1 << 16, 0xfc)),
  ],
  "kafka, lists of two billion": [
    "kafka, brokers: AT",
    (socket) => {
      const claim = Buffer.alloc(1 << 20);
      for (let at = 0; at < claim.length; at += 4) claim.writeInt32BE(0x7fff, at);
      const head = Buffer.alloc(10);
      head.writeInt32BE(claim.length + 6);
      head.writeInt32BE(0, 4);
      flood(socket, Buffer.concat([head, claim]), claim);
    },
  ],
  "nats, arrays in arrays": [
    "nats, servers: nats://AT",
    (socket) => void socket.write(`INFO {"a":${"[".repeat(1_500_000)}${"]".repeat(1_500_000)}}\r\n`),
  ],
  "nats, a message of 2 GB": [
    "nats, servers: nats://AT",
    (socket) => {
      socket.write(
        'INFO {"server_id":"a","version":"2.10.0","proto":1,"headers":true,"max_payload":1048576}\r\n',
      );
      flood(socket, "PONG\r\nHMSG a 1 12 2000000000\r\n");
    },
  ],
  "nats, a greeting without end": [
    "nats, servers: nats://AT",
    (socket) => {
      socket.write("INFO {");
      const write = () => {
        while (!socket.destroyed && socket.write(Buffer.alloc(1 << 16, "x")));
      };
      socket.on("drain", write);
      write();
    },
  ],
};

const CASES = [
  ...Object.entries(HTTP).flatMap(([what, behave]) =>
    // http asks for no compressed answers, and reads none
    ["http", "loki"].filter((type) => type !== "http" || !what.includes("gzip")).map((type) =>
      [`${type}, ${what}`, `${type}, url: "http://AT"`, behave] as const
    )
  ),
  ...Object.entries(OTHERS).map(([what, [keys, behave]]) => [what, keys, behave] as const),
];

for (const [what, keys, behave] of CASES) {
  Deno.test(`${what}: given up in time and in bounded memory`, async () => {
    await using server = await rawServer(behave);
    const { settings, problems } = load(
      `stdout_output: {enabled: false}\nsinks: [{timeout: ${TIMEOUT_MS}ms, type: ${
        keys.replace("AT", `127.0.0.1:${server.port}`)
      }}]\n`,
    );
    deepEqual(problems, []);
    const around = { unbuffered: false, waits: false, onStdoutClosed: () => {}, onNews: () => {} };
    const sink = planSinks(settings, around)[0]!.create();
    const before = Deno.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => most = Math.max(most, Deno.memoryUsage().rss), 10);
    try {
      const limit = AbortSignal.timeout(Math.min(sink.attemptTimeoutMs ?? 60_000, 60_000));
      const error = await failure(deliver(sink, [message(1)], limit));
      ok(error.details.retryable, error.message);
      ok(error.message.length < 1000);
    } finally {
      clearInterval(watch);
      await sink.close();
    }
    ok(most - before < MAX_GROWTH_MB << 20, `${(most - before) / 1e6} MB`);
  });
}
