// Container engines that speak gRPC on a socket: CRI and containerd, with messages whose bytes are spoilt.

import { Buffer } from "node:buffer";
import { createServer, type Http2Server, type ServerHttp2Stream } from "node:http2";
import protobuf from "protobufjs";
import { CONTAINERD_PROTO } from "../../../metadata/containers/protocol/containerd_proto.ts";
import { CRI_PROTO } from "../../../metadata/containers/protocol/cri_proto.ts";
import { hostileText } from "../hostile_text.ts";
import type { Random } from "../random.ts";
import type { Stranger } from "../stranger.ts";

const messages = [CRI_PROTO, CONTAINERD_PROTO].map((proto) => {
  const { root, package: name } = protobuf.parse(proto, { keepCase: true });
  return root.lookup(name ?? "") as protobuf.NamespaceBase;
});
const STREAMS = ["GetContainerEvents", "Subscribe"];

export default {
  name: "engines over gRPC",
  prepare({ folder, random }) {
    const chance = random.fork("grpc");
    const counts: Record<string, number> = {};
    const servers = ["cri.sock", "containerd.sock"].map((name) => serve(`${folder}/${name}`, chance, counts));
    return {
      settings: { engines: { cri: [`${folder}/cri.sock`], containerd: [`${folder}/containerd.sock`] } },
      start: () => {},
      counts: () => counts,
      stop: () => servers.forEach((server) => server.close()),
    };
  },
} satisfies Stranger;

function serve(path: string, random: Random, counts: Record<string, number>): Http2Server {
  const server = createServer();
  server.on("session", (session) => session.on("error", () => {}));
  server.on("stream", (stream: ServerHttp2Stream, headers: Record<string, unknown>) => {
    stream.on("error", () => {});
    const method = String(headers[":path"]).split("/").at(-1) ?? "";
    const how = answer(stream, method, random);
    counts[how] = (counts[how] ?? 0) + 1;
  });
  server.on("error", () => {});
  server.listen(path);
  return server;
}

function answer(stream: ServerHttp2Stream, method: string, random: Random): string {
  const how = random.pick([
    ...[
      "good",
      "good",
      "good",
      "good",
      "spoilt",
      "spoilt",
      "noise",
      "huge",
      "wrong length",
      "status",
      "silence",
      "reset",
    ],
  ]);
  const head = { ":status": 200, "content-type": "application/grpc" };
  const finish = (code = "0") => {
    stream.on(
      "wantTrailers",
      () => stream.sendTrailers({ "grpc-status": code, "grpc-message": "x%0A%1b[2J" }),
    );
  };
  const frame = (bytes: Uint8Array, length = bytes.length) => {
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(length, 1);
    return Buffer.concat([prefix, bytes]);
  };
  if (how === "reset") return stream.close(2), how;
  stream.respond(head, { waitForTrailers: true });
  switch (how) {
    case "silence":
      return setTimeout(() => stream.close(), 20_000), how;
    case "status":
      finish(String(random.below(20)));
      stream.end();
      return how;
    case "huge":
      finish();
      stream.end(frame(Buffer.alloc(random.pick([1 << 20, 17 << 20]), 0x0a)));
      return how;
    case "wrong length":
      finish();
      stream.end(frame(random.bytes(100), 0xffff_fff0));
      return how;
  }
  finish();
  const times = STREAMS.includes(method) ? random.pick([1, 50, 5000]) : 1;
  for (let i = 0; i < times; i++) {
    const bytes = how === "noise" ? random.bytes(random.below(500)) : message(method, random);
    if (how === "spoilt") {
      for (let n = 0; n < 3 && bytes.length > 0; n++) bytes[random.below(bytes.length)] = random.below(256);
    }
    stream.write(frame(bytes));
  }
  stream.end();
  return how;
}

/** Some message with some of its fields: a decoder has to bear any of them under any method. */
function message(method: string, random: Random): Uint8Array {
  const types = messages.flatMap((space) => space.nestedArray).filter((type) =>
    type instanceof protobuf.Type
  );
  const fitting = types.filter(({ name }) => name.startsWith(method) && name.endsWith("Response"));
  const type = random.pick(fitting.length > 0 && random.chance(0.8) ? fitting : types);
  return Uint8Array.from(type.encode(type.fromObject(valueOf(type, random, 0))).finish());
}

function valueOf(type: protobuf.Type, random: Random, depth: number): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const field of type.fieldsArray) {
    field.resolve();
    if (random.chance(0.2) || depth > 6) continue;
    const one = () =>
      field.resolvedType instanceof protobuf.Type
        ? valueOf(field.resolvedType, random, depth + 1)
        : field.type === "bytes"
        ? random.bytes(random.below(200))
        : field.type === "bool"
        ? true
        : field.type === "string"
        ? random.chance(0.5) ? random.hex(64) : hostileText(random).slice(0, 5000)
        : random.below(1 << 30);
    if (field.map) value[field.name] = { [hostileText(random).slice(0, 50)]: one() };
    else {value[field.name] = field.repeated
        ? Array.from({ length: random.pick([0, 1, 3, 300]) }, one)
        : one();}
  }
  return value;
}
