import { jetstreamManager } from "@nats-io/jetstream";
import { connect, nkeys } from "@nats-io/transport-node";
import { deepEqual, equal, match } from "node:assert/strict";
import { NatsSink, type NatsSinkKeys } from "../../../outputs/sinks/nats.ts";
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
} from "./network_messages.ts";
import { freePort, isMissing, ServerProcess } from "./server_process.ts";
import { SilentServer } from "./silent_server.ts";

const ignore = isMissing("nats-server");

function sinkOf(port: number, more: Partial<NatsSinkKeys> = {}): NatsSink {
  return new NatsSink("nats", {
    servers: `nats://127.0.0.1:${port}`,
    subject: "falco.alerts",
    stream: "",
    token: "",
    credentials: "",
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
  ) => ["-js", "-a", "127.0.0.1", "-p", String(port), "-sd", folder, ...more];
  return new ServerProcess("nats-server", args).start();
}

async function withManager<T>(
  port: number,
  action: (manager: Awaited<ReturnType<typeof jetstreamManager>>) => Promise<T>,
): Promise<T> {
  const nats = await connect({ servers: `nats://127.0.0.1:${port}` });
  try {
    return await action(await jetstreamManager(nats));
  } finally {
    await nats.close();
  }
}

function stored(port: number): Promise<string[]> {
  return withManager(port, async (manager) => {
    const { state } = await manager.streams.info("ALERTS");
    const texts: string[] = [];
    for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
      const stored = await manager.streams.getMessage("ALERTS", { seq });
      texts.push(stored?.string() ?? "");
    }
    return texts;
  });
}

function addStream(port: number, more: { max_msg_size?: number } = {}): Promise<unknown> {
  return withManager(
    port,
    (manager) => manager.streams.add({ name: "ALERTS", subjects: ["falco.>"], ...more }),
  );
}

Deno.test({
  name: "NATS: delivered is what the stream has acknowledged, in order; redelivered alerts are recognised",
  ignore,
  async fn() {
    await using nats = await server();
    const sink = sinkOf(nats.port);
    const lost = outcome(await failure(deliver(sink, messages(1, 2))));
    deepEqual(lost, { retryable: true, cause: "no_stream", delivered: [], refused: [] });
    await addStream(nats.port);
    await deliver(sink, messages(1, 50));
    await deliver(sink, messages(40, 60));
    await sink.close();
    deepEqual(await stored(nats.port), messages(1, 60).map(({ body }) => body));
  },
});

Deno.test({
  name: "NATS: a message that is too large for the stream or the server is refused alone",
  ignore,
  async fn() {
    await using nats = await server();
    await addStream(nats.port, { max_msg_size: 10_000 });
    const sink = sinkOf(nats.port);
    const batch = [message(1), message(2, "x".repeat(20_000)), message(3), message(4, "y".repeat(2 << 20))];
    const { retryable, cause, delivered, refused } = outcome(await failure(deliver(sink, batch)));
    deepEqual([retryable, cause, delivered], [false, "too_large", ["body 1", "body 3"]]);
    equal(refused.length, 2);
    await sink.close();
    deepEqual(await stored(nats.port), ["body 1", "body 3"]);
  },
});

Deno.test({
  name: "NATS: a server that dies, freezes and comes back gets everything; nothing waits for ever",
  ignore,
  async fn() {
    await using nats = await server();
    await addStream(nats.port);
    const sink = sinkOf(nats.port, { timeout: FREEZE_MS });
    await deliver(sink, [message(1)]);
    await nats.freeze();
    equal((await failure(deliver(sink, [message(2)]))).details.cause, "timeout");
    nats.thaw();
    await deliver(sink, [message(2)]);
    await nats.kill();
    equal((await failure(deliver(sink, [message(3)]))).details.retryable, true);
    equal((await failure(deliver(sink, [message(3)]))).details.cause, "refused");
    await nats.start();
    await deliver(sink, [message(3)]);
    await sink.close();
    deepEqual(await stored(nats.port), ["body 1", "body 2", "body 3"]);
  },
});

Deno.test({
  name: "NATS: a wrong password is an error that passes and shows no secret",
  ignore,
  async fn() {
    await using nats = await server("--user", "falco", "--pass", "right-one");
    const wrong = sinkOf(nats.port, { user: "falco", password: "wrong-one" });
    const error = await failure(deliver(wrong, [message(1)]));
    deepEqual([error.details.retryable, error.details.cause], [true, "authentication"]);
    match(error.message, /^NATS at nats:\/\/127\.0\.0\.1/);
    equal(error.message.includes("wrong-one"), false);
    const right = sinkOf(nats.port, { user: "falco", password: "right-one" });
    equal((await failure(deliver(right, [message(1)]))).details.cause, "no_stream");
    await right.close();
  },
});

Deno.test({
  name: "NATS: a token, a file of credentials and the stream that is meant are what the server asks for",
  ignore,
  async fn() {
    await using withToken = await server("--auth", "right-one");
    equal(
      (await failure(deliver(sinkOf(withToken.port), [message(1)]))).details.cause,
      "authentication",
    );
    const known = sinkOf(withToken.port, { token: "right-one" });
    equal((await failure(deliver(known, [message(1)]))).details.cause, "no_stream");
    await known.close();

    // a server that knows users by their key, and a file as `nsc` writes it
    const user = nkeys.createUser();
    const folder = Deno.makeTempDirSync();
    const seed = new TextDecoder().decode(user.getSeed());
    const part = (what: string, text: string) =>
      `-----BEGIN ${what}-----\n${text}\n------END ${what}------\n\n`;
    Deno.writeTextFileSync(
      `${folder}/falco.creds`,
      part("NATS USER JWT", "e30.e30.e30") + part("USER NKEY SEED", seed),
    );
    Deno.writeTextFileSync(
      `${folder}/nats.conf`,
      `authorization {users: [{nkey: ${user.getPublicKey()}}]}\n`,
    );
    await using withKey = await server("-c", `${folder}/nats.conf`);
    equal((await failure(deliver(sinkOf(withKey.port), [message(1)]))).details.cause, "authentication");
    const trusted = sinkOf(withKey.port, { credentials: `${folder}/falco.creds` });
    equal((await failure(deliver(trusted, [message(1)]))).details.cause, "no_stream");
    await trusted.close();
    Deno.removeSync(folder, { recursive: true });

    await using nats = await server();
    await addStream(nats.port);
    const other = sinkOf(nats.port, { stream: "OTHER" });
    equal((await failure(deliver(other, [message(1)]))).details.retryable, true);
    await other.close();
    const meant = sinkOf(nats.port, { stream: "ALERTS" });
    await deliver(meant, [message(2)]);
    await meant.close();
    deepEqual(await stored(nats.port), ["body 2"]);
  },
});

Deno.test("NATS: nobody listens, or nobody answers: an error that passes, in time", async () => {
  equal((await failure(deliver(sinkOf(freePort()), [message(1)]))).details.cause, "refused");
  using silent = new SilentServer();
  const sink = sinkOf(silent.port, { timeout: 200 });
  const error = await failure(deliver(sink, [message(1)]));
  deepEqual([error.details.retryable, error.details.cause], [true, "timeout"]);
  const controller = new AbortController();
  const given = failure(deliver(sinkOf(silent.port, { timeout: 60_000 }), [message(1)], controller.signal));
  controller.abort();
  equal((await given).details.cause, "stopped");
});
