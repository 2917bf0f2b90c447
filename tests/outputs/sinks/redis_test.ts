import { createClient } from "@redis/client";
import { deepEqual, equal } from "node:assert/strict";
import { RedisSink, type RedisSinkKeys } from "../../../outputs/sinks/redis.ts";
import {
  deliver,
  failure,
  FREEZE_MS,
  HANG_MS,
  message,
  messages,
  NO_LOGIN,
  NO_TLS,
  outcome,
  TIME_NS,
} from "./network_messages.ts";
import { freePort, isMissing, ServerProcess } from "./server_process.ts";
import { SilentServer } from "./silent_server.ts";

const ignore = isMissing("redis-server");

function sinkOf(port: number, more: Partial<RedisSinkKeys> = {}): RedisSink {
  return new RedisSink("redis", {
    url: `redis://127.0.0.1:${port}`,
    stream: "falco",
    max_length: 0,
    batch_max: 100,
    timeout: HANG_MS,
    ...NO_LOGIN,
    ...NO_TLS,
    ...more,
  });
}

function server(...more: string[]): Promise<ServerProcess> {
  const args = (
    port: number,
    folder: string,
  ) => [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--dir",
    folder,
    "--appendonly",
    "yes",
    "--appendfsync",
    "no",
    ...more,
  ];
  return new ServerProcess("redis-server", args).start();
}

async function ask(port: number, ...command: string[]): Promise<unknown> {
  const client = createClient({ url: `redis://127.0.0.1:${port}`, RESP: 2 });
  await client.connect();
  try {
    return await client.sendCommand(command);
  } finally {
    client.destroy();
  }
}

async function stored(port: number): Promise<Record<string, string>[]> {
  const entries = await ask(port, "XRANGE", "falco", "-", "+") as [string, string[]][];
  return entries.map(([, words]) => {
    const pairs: [string, string][] = [];
    for (let at = 0; at < words.length; at += 2) pairs.push([words[at] ?? "", words[at + 1] ?? ""]);
    return Object.fromEntries(pairs);
  });
}

Deno.test({
  name: "Redis: each alert is an entry with its id, rule, priority, source and body, in order",
  ignore,
  async fn() {
    await using redis = await server();
    const sink = sinkOf(redis.port);
    await deliver(sink, messages(1, 100));
    await sink.close();
    const entries = await stored(redis.port);
    deepEqual(entries.map(({ body }) => body), messages(1, 100).map(({ body }) => body));
    deepEqual(entries[0], {
      id: `host-1-${TIME_NS + 1n}-1`,
      rule: "Shell in a container",
      priority: "Warning",
      source: "syscall",
      body: "body 1",
    });
  },
});

Deno.test({
  name: "Redis: max_length bounds the stream",
  ignore,
  async fn() {
    await using redis = await server();
    const sink = sinkOf(redis.port, { max_length: 100 });
    for (let from = 1; from < 1000; from += 100) await deliver(sink, messages(from, from + 99));
    await sink.close();
    const length = Number(await ask(redis.port, "XLEN", "falco"));
    equal(length >= 100 && length < 400, true, `${length} entries`);
  },
});

Deno.test({
  name:
    "Redis: memory that is full, a key of another type, a missing password: errors that pass, and say why",
  ignore,
  async fn() {
    await using redis = await server();
    await ask(redis.port, "SET", "text", "x");
    const other = outcome(await failure(deliver(sinkOf(redis.port, { stream: "text" }), messages(1, 2))));
    deepEqual(other, { retryable: true, cause: "redis_wrongtype", delivered: [], refused: [] });

    const sink = sinkOf(redis.port);
    await ask(redis.port, "CONFIG", "SET", "maxmemory", "1");
    equal((await failure(deliver(sink, messages(1, 2)))).details.cause, "redis_oom");
    await ask(redis.port, "CONFIG", "SET", "maxmemory", "0");
    await deliver(sink, messages(1, 2));
    await sink.close();
    equal((await stored(redis.port)).length, 2);

    await ask(redis.port, "CONFIG", "SET", "requirepass", "right-one");
    equal((await failure(deliver(sinkOf(redis.port), [message(3)]))).details.retryable, true);
    const wrong = await failure(deliver(sinkOf(redis.port, { password: "wrong-one" }), [message(3)]));
    equal(wrong.details.cause, "authentication");
    equal(wrong.message.includes("wrong-one"), false);
    const right = sinkOf(redis.port, { password: "right-one" });
    await deliver(right, [message(3)]);
    await right.close();
  },
});

Deno.test({
  name: "Redis: a user of its own logs in by name",
  ignore,
  async fn() {
    await using redis = await server();
    await ask(redis.port, "ACL", "SETUSER", "falco", "on", ">right-one", "~falco", "+xadd", "+client");
    const right = sinkOf(redis.port, { user: "falco", password: "right-one" });
    await deliver(right, messages(1, 2));
    await right.close();
    equal((await stored(redis.port)).length, 2);
    const other = sinkOf(redis.port, { user: "nobody", password: "right-one" });
    equal((await failure(deliver(other, [message(3)]))).details.cause, "authentication");
  },
});

Deno.test({
  name: "Redis: a server that freezes, dies and comes back gets everything",
  ignore,
  async fn() {
    await using redis = await server();
    const sink = sinkOf(redis.port, { timeout: FREEZE_MS });
    await deliver(sink, [message(1)]);
    await redis.freeze();
    equal((await failure(deliver(sink, [message(2)]))).details.cause, "timeout");
    redis.thaw();
    await deliver(sink, [message(2)]);
    await redis.kill();
    equal((await failure(deliver(sink, [message(3)]))).details.retryable, true);
    await redis.start();
    await deliver(sink, [message(3)]);
    await sink.close();
    const bodies = new Set((await stored(redis.port)).map(({ body }) => body));
    deepEqual([...bodies], ["body 1", "body 2", "body 3"]); // the frozen one may stand twice
  },
});

Deno.test("Redis: nobody listens, or nobody answers: an error that passes, in time", async () => {
  equal((await failure(deliver(sinkOf(freePort()), [message(1)]))).details.cause, "refused");
  using silent = new SilentServer();
  const error = await failure(deliver(sinkOf(silent.port, { timeout: 200 }), [message(1)]));
  deepEqual([error.details.retryable, error.details.cause], [true, "timeout"]);
});
