// Container engines that speak gRPC on a socket: CRI and containerd, with messages whose bytes are spoilt, and streams
// of events that stay open.
// Elsewhere: what a message says (../grpc_messages.ts).

import { Buffer } from "node:buffer";
import { createServer, type Http2Server, type ServerHttp2Stream } from "node:http2";
import { isStream, messageFor } from "../grpc_messages.ts";
import { Mood } from "../mood.ts";
import type { Random } from "../random.ts";
import type { Stranger } from "../stranger.ts";

const SOCKETS = ["cri-0.sock", "cri-1.sock", "containerd-0.sock", "containerd-1.sock"];

export default {
  name: "engines over gRPC",
  prepare({ folder, random }) {
    const counts: Record<string, number> = {};
    const servers = SOCKETS.map((name) => serve(`${folder}/${name}`, random.fork(name), counts));
    const paths = (kind: string) =>
      SOCKETS.filter((name) => name.startsWith(`${kind}-`)).map((name) => `${folder}/${name}`);
    return {
      settings: { engines: { cri: paths("cri"), containerd: paths("containerd") } },
      start: () => {},
      counts: () => counts,
      stop: () => servers.forEach((server) => server.close()),
    };
  },
} satisfies Stranger;

function serve(path: string, random: Random, counts: Record<string, number>): Http2Server {
  const mood = new Mood(random);
  const server = createServer();
  server.on("session", (session) => session.on("error", () => {}));
  server.on("stream", (stream: ServerHttp2Stream, headers: Record<string, unknown>) => {
    stream.on("error", () => {});
    const method = String(headers[":path"]).split("/").at(-1) ?? "";
    const how = mood.isMadNow() ? random.pick(HOWS) : "good";
    const count = (what: string) => counts[what] = (counts[what] ?? 0) + 1;
    count(isStream(method) ? `stream: ${how}` : how);
    answer(stream, method, how, random, count);
  });
  server.on("error", () => {});
  server.listen(path);
  return server;
}

const HOWS = [
  "good",
  "spoilt",
  "spoilt",
  "noise",
  "huge",
  "wrong length",
  "status",
  "silence",
  "reset",
  "endless",
];

/** Touching a stream of a session that has gone crashes the runtime of this side. */
function isOpen({ closed, destroyed, session }: ServerHttp2Stream): boolean {
  return !closed && !destroyed && session !== undefined && !session.destroyed && !session.closed;
}

function answer(
  stream: ServerHttp2Stream,
  method: string,
  how: string,
  random: Random,
  count: (what: string) => void,
): void {
  if (!isOpen(stream)) return;
  if (how === "reset") return stream.close(2);
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  const finish = (code = "0") => {
    stream.on(
      "wantTrailers",
      () => isOpen(stream) && stream.sendTrailers({ "grpc-status": code, "grpc-message": "x%0A%1b[2J" }),
    );
  };
  finish(how === "status" ? String(random.below(20)) : "0");
  const bytes = () => how === "noise" ? random.bytes(random.below(500)) : messageFor(method, random);
  switch (how) {
    case "silence":
      setTimeout(() => isOpen(stream) && stream.close(), 20_000);
      return;
    case "status":
      return void stream.end();
    case "huge":
      return void stream.end(frame(Buffer.alloc(random.pick([1 << 20, 17 << 20]), 0x0a)));
    case "wrong length":
      return void stream.end(frame(random.bytes(100), 0xffff_fff0));
    case "endless":
      return pour(stream, () => frame(bytes()), () => 1, performance.now() + 10_000, () => count("message"));
    case "spoilt": {
      const spoilt = bytes();
      for (let n = 0; n < 3 && spoilt.length > 0; n++) {
        spoilt[random.below(spoilt.length)] = random.below(256);
      }
      return void stream.end(frame(spoilt));
    }
  }
  if (!isStream(method)) return void stream.end(frame(bytes()));
  const endMs = performance.now() + random.pick([1000, 20_000, 60_000]);
  pour(
    stream,
    () => frame(bytes()),
    () => random.pick([1, 20, 300]),
    endMs,
    () => count("message of a stream"),
  );
}

/** Messages until the time is over or nobody listens. */
function pour(
  stream: ServerHttp2Stream,
  next: () => Uint8Array,
  pauseMs: () => number,
  endMs: number,
  onSent: () => void,
): void {
  if (!isOpen(stream)) return;
  if (performance.now() > endMs) return void stream.end();
  if (!stream.writableNeedDrain) {
    stream.write(next());
    onSent();
  }
  setTimeout(() => pour(stream, next, pauseMs, endMs, onSent), pauseMs());
}

function frame(bytes: Uint8Array, length = bytes.length): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, bytes]);
}
