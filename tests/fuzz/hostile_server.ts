// An HTTP server that answers as an enemy would: well formed, spoilt, endless, dripping, silent, or no HTTP at all.
// In: where to listen, what a good answer to a path would be. Out: how often which answer was given.
// Elsewhere: when it is calm (mood.ts).

import { hostileJson } from "./hostile_text.ts";
import { Mood } from "./mood.ts";
import type { Random } from "./random.ts";

export type Place =
  | Deno.UnixListenOptions & { transport: "unix" }
  | Deno.ListenOptions & { transport?: "tcp" };

const MAX_HEAD_BYTES = 64 << 10;
/** An enemy may go on for ever; falco has to give up before that. */
const ENDLESS_BYTES = 48 << 20;
const CHUNK = new Uint8Array(64 << 10).fill(0x5b);

/** A good answer that goes on: a value a line. */
export class EndlessLines {
  constructor(readonly next: () => unknown) {}
}

export class HostileServer {
  readonly counts: Record<string, number> = {};
  readonly #listener: Deno.Listener;
  readonly #random: Random;
  readonly #good: (path: string) => unknown;
  readonly #mood: Mood;
  readonly #open = new Set<Deno.Conn>();
  #isStopped = false;

  /** @param good the value whose JSON would be right for a path; undefined: 404 */
  constructor(place: Place, random: Random, good: (path: string) => unknown) {
    this.#listener = place.transport === "unix" ? Deno.listen(place) : Deno.listen(place);
    this.#random = random;
    this.#mood = new Mood(random);
    this.#good = good;
    this.#accept();
  }

  get port(): number {
    return (this.#listener.addr as Deno.NetAddr).port;
  }

  /** May be called again. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#listener.close();
    for (const connection of this.#open) closeQuietly(connection);
  }

  async #accept(): Promise<void> {
    while (!this.#isStopped) {
      try {
        const connection = await this.#listener.accept();
        this.#open.add(connection);
        this.#serve(connection).catch(() => {}).finally(() => {
          this.#open.delete(connection);
          closeQuietly(connection);
        });
      } catch {
        return;
      }
    }
  }

  async #serve(connection: Deno.Conn): Promise<void> {
    for (;;) {
      const path = await readPath(connection);
      if (path === undefined) return;
      const how = this.#mood.isMadNow() ? this.#random.pick(["spoilt", "spoilt", "spoilt", ...HOWS]) : "good";
      this.counts[how] = (this.counts[how] ?? 0) + 1;
      if (!await this.#answer(connection, path, how)) return;
    }
  }

  /** @returns whether the connection can be used again */
  async #answer(connection: Deno.Conn, path: string, how: string): Promise<boolean> {
    const write = (data: string | Uint8Array) => writeAll(connection, data);
    const good = this.#good(path);
    if (good instanceof EndlessLines && (how === "good" || how === "spoilt")) {
      await this.#pour(connection, good, how === "spoilt");
      return false;
    }
    const value = good ?? { message: "no such thing" };
    const status = good === undefined ? "404 Not Found" : "200 OK";
    const json = () => new TextEncoder().encode(JSON.stringify(value));
    switch (how) {
      case "good":
      case "spoilt": {
        const body = how === "good" ? json() : hostileJson(value, this.#random);
        await write(
          `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
        );
        await write(body);
        return true;
      }
      case "endless body":
        await write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n`);
        for (let sent = 0; sent < ENDLESS_BYTES; sent += CHUNK.length) await write(CHUNK);
        return false;
      case "endless head":
        await write("HTTP/1.1 200 OK\r\n");
        for (let i = 0; i < 20_000; i++) await write(`x-${i}: ${"y".repeat(100)}\r\n`);
        return false;
      case "drip": {
        const body = json();
        await write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`);
        for (const byte of body.subarray(0, 100)) {
          await write(Uint8Array.of(byte));
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        return false;
      }
      case "silence":
        await new Promise((resolve) => setTimeout(resolve, 20_000));
        return false;
      case "wrong length":
        await write(
          `HTTP/1.1 200 OK\r\ncontent-length: ${
            this.#random.pick(["-1", "99999999999", "0x10", ""])
          }\r\n\r\n{}`,
        );
        return false;
      case "bad chunks":
        await write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffffff\r\n{}");
        return false;
      case "redirect":
        await write("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n");
        return true;
      case "error":
        await write(
          `HTTP/1.1 ${this.#random.pick([400, 401, 403, 409, 410, 429, 500, 503])} X\r\nretry-after: ${
            this.#random.pick(["1", "-5", "999999999", "nan"])
          }\r\ncontent-length: 6\r\n\r\n\u001b[31mx`,
        );
        return true;
      case "no HTTP":
        await write(this.#random.bytes(2000));
        return false;
      default:
        return false;
    }
  }

  /** A stream that stays open: single values, bursts, and lines that are none. */
  async #pour(connection: Deno.Conn, lines: EndlessLines, isMad: boolean): Promise<void> {
    const random = this.#random;
    const encoder = new TextEncoder();
    await writeAll(
      connection,
      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
    );
    const endMs = performance.now() + random.pick([1000, 10_000, 60_000]);
    while (performance.now() < endMs && !this.#isStopped) {
      const count = random.chance(0.05) ? random.pick([100, 5000]) : 1;
      this.counts["lines of a stream"] = (this.counts["lines of a stream"] ?? 0) + count;
      for (let i = 0; i < count; i++) {
        const isOdd = random.chance(isMad ? 0.5 : 0.01);
        const line = isOdd ? hostileJson(lines.next(), random) : encoder.encode(JSON.stringify(lines.next()));
        await writeAll(connection, `${(line.length + 1).toString(16)}\r\n`);
        await writeAll(connection, line);
        await writeAll(connection, "\n\r\n");
      }
      await new Promise((resolve) => setTimeout(resolve, random.pick([1, 20, 300])));
    }
    if (random.chance(0.5)) await writeAll(connection, "0\r\n\r\n");
  }
}

const HOWS = [
  ...["endless body", "endless head", "drip", "silence", "wrong length", "bad chunks", "redirect", "error"],
  ...["no HTTP", "end of the connection"],
];

/** Of the next request; undefined when there is none. */
async function readPath(connection: Deno.Conn): Promise<string | undefined> {
  const buffer = new Uint8Array(4096);
  let head = "";
  while (!head.includes("\r\n\r\n") && head.length < MAX_HEAD_BYTES) {
    const count = await connection.read(buffer);
    if (count === null) return undefined;
    head += new TextDecoder("latin1").decode(buffer.subarray(0, count));
  }
  return /^[A-Z]+ (?:http:\/\/[^/ ]*)?(\S*)/.exec(head)?.[1];
}

async function writeAll(connection: Deno.Conn, data: string | Uint8Array): Promise<void> {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

function closeQuietly(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // closed before
  }
}
