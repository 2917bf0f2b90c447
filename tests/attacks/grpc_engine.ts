// Container engines over gRPC that mean ill: CRI's (which calls itself CRI-O) and containerd's, a program of their own.
// In: as arguments the two sockets and a seed; each line of input is what they do from then on (a key of ANSWERS). Out: a
// line when they listen, and for each line how many answers and messages of streams there have been since the one before.
// Who asks for versions and namespaces gets them, so that all the rest is asked, too.
// Elsewhere: who starts it (cases/engines_over_grpc_without_bounds.ts), what messages say (../fuzz/grpc_messages.ts).

import { Buffer } from "node:buffer";
import { createServer, type ServerHttp2Stream } from "node:http2";
import { stdin } from "node:process";
import { createInterface } from "node:readline";
import { isStream, messageFor } from "../fuzz/grpc_messages.ts";
import { Random } from "../fuzz/random.ts";

const [cri = "", containerd = "", seed = "1"] = Deno.args;
const random = new Random(Number(seed));
const MIB = 1 << 20;
let mode = "events";
let said = 0;
const PER_TURN = 64;
const CRI_O = Buffer.from("\x12\x05cri-o\x1a\x011");
const CONTAINERD_VERSION = Buffer.from("\x0a\x011");
const NAMESPACES = Buffer.from("\x0a\x06\x0a\x04moby\x0a\x08\x0a\x06k8s.io");

function frame(bytes: Uint8Array, length = bytes.length): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, bytes]);
}

/** Containers with random ids, one after the other, up to what one message may hold and beyond. */
function crowd(bytes: number): Buffer {
  const one = Buffer.alloc(68);
  const all = Buffer.alloc(Math.trunc(bytes / one.length) * one.length);
  one.set([0x0a, 66, 0x0a, 64]);
  for (let at = 0; at < all.length; at += one.length) {
    one.write(random.hex(64), 4, "latin1");
    one.copy(all, at);
  }
  return all;
}

const LARGE = [3, 5, 17].map((mib) => frame(Buffer.alloc(mib * MIB, 0x0a)));
const DEEP = [
  // groups in groups; messages in messages, each of which says that it goes to the end
  frame(Buffer.alloc(MIB, 0x0b)),
  frame(Buffer.alloc(3 * MIB, Buffer.from([0x0a, 0xff, 0xff, 0x7f]))),
];
const CROWDS = [1, 3, 15].map((mib) => frame(crowd(mib * MIB)));

/** What is said next, to a question and on a stream. */
const ANSWERS: Readonly<Record<string, (method: string) => Uint8Array>> = {
  large: () => random.pick(LARGE),
  deep: () => random.pick(DEEP),
  crowds: () => random.pick(CROWDS),
  noise: () => frame(random.bytes(random.below(500))),
  lengths: () => frame(random.bytes(100), random.pick([0xffff_fff0, 101, 16 * MIB])),
  events: (method) => frame(messageFor(method, random)),
};

function next(method: string): Uint8Array {
  said++;
  return ANSWERS[mode]!(method);
}

/** Without end, as fast as it is read. */
function pour(stream: ServerHttp2Stream, method: string): void {
  if (stream.closed || stream.destroyed) return;
  for (let i = 0; i < PER_TURN && !stream.writableNeedDrain; i++) stream.write(next(method));
  setTimeout(() => pour(stream, method), 1);
}

let listening = 0;
for (const path of [cri, containerd]) {
  const server = createServer();
  server.on("session", (session) => session.on("error", () => {}));
  server.on("stream", (stream: ServerHttp2Stream, headers: Record<string, unknown>) => {
    stream.on("error", () => {});
    const [service = "", method = ""] = String(headers[":path"]).slice(1).split("/");
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    if (method === "Version") stream.end(frame(path === cri ? CRI_O : CONTAINERD_VERSION));
    else if (service.endsWith(".Namespaces")) stream.end(frame(NAMESPACES));
    else if (isStream(method) || mode === "events" && random.chance(0.2)) pour(stream, method);
    else stream.end(next(method));
  });
  server.listen(path, () => ++listening === 2 && console.log("listens"));
}

for await (const line of createInterface({ input: stdin })) {
  console.log(said);
  [mode, said] = [line, 0];
}
