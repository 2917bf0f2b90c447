// Sends bodies without an end to a webhook; a program of its own, so that what it costs delays nobody's clock.
// In: URL, number of connections, megabytes for each. Elsewhere: who starts it (cases/audit_bodies_without_end.ts).

import { gzipSync } from "node:zlib";

const [url = "", connections = "1", megabytes = "1"] = Deno.args;
const { port, pathname } = new URL(url);
const encoder = new TextEncoder();
const BEGINS = ["[", '{"kind":"EventList","items":["', '{"kind":"EventList","items":["'];
const CHUNKS = ["x".repeat(1 << 16), "[".repeat(1 << 16), "{},".repeat(20_000)];

/** Sends the head and a chunk again and again until the other side has enough. */
async function flood(begin: string, chunk: string): Promise<void> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  const head = [
    `POST ${pathname} HTTP/1.1`,
    "Host: x",
    "Content-Type: application/json",
    "Transfer-Encoding: chunked",
  ]
    .join("\r\n");
  const write = async (text: string) => {
    const bytes = encoder.encode(text);
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
  };
  await write(`${head}\r\n\r\n${begin.length.toString(16)}\r\n${begin}\r\n`);
  const part = `${chunk.length.toString(16)}\r\n${chunk}\r\n`;
  for (let sent = 0; sent < Number(megabytes) << 20; sent += chunk.length) await write(part);
}

async function bomb(packed: Uint8Array<ArrayBuffer>): Promise<void> {
  const headers = { "Content-Type": "application/json", "Content-Encoding": "gzip" };
  const answer = await fetch(url, { method: "POST", headers, body: packed });
  await answer.body?.cancel();
}

const packed = new Uint8Array(gzipSync(new Uint8Array(200 << 20).fill(0x20)));
await Promise.allSettled([
  ...Array.from({ length: Number(connections) }, (_, i) => flood(BEGINS[i % 3]!, CHUNKS[i % 3]!)),
  ...Array.from({ length: 4 }, () => bomb(packed)),
]);
