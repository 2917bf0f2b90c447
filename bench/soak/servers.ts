// The real servers among the receivers of a soak, as far as they are installed.
// In: where to tell what arrives. Out: an entry of `sinks` for each, how to read at the end what it has kept.
// Elsewhere: starting them (tests/outputs/sinks/server_process.ts), receivers that need none (receivers.ts).

import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { createClient } from "@redis/client";
import { connectAsync } from "mqtt";
import { programPath, ServerProcess } from "../../tests/outputs/sinks/server_process.ts";
import type { Arrivals } from "./arrivals.ts";

export interface SoakServer {
  readonly process: ServerProcess;
  /** of its entry in `sinks` */
  readonly keys: Readonly<Record<string, string>>;
  /** tells what the server has kept, where that was not told as it came */
  readonly collect: () => Promise<void>;
}

type StartServer = (arrivals: Arrivals) => Promise<SoakServer>;

/** By the program that has to be there. */
const SERVERS: readonly { readonly program: string; readonly type: string; readonly start: StartServer }[] = [
  { program: "redis-server", type: "redis", start: startRedis },
  { program: "nats-server", type: "nats", start: startNats },
  { program: "mosquitto", type: "mqtt", start: startMqtt },
];

export function installedServers() {
  return SERVERS.filter(({ program }) => programPath(program) !== undefined);
}

/** Writes to its file before it answers: what it has acknowledged outlives kill -9. */
async function startRedis(arrivals: Arrivals): Promise<SoakServer> {
  const process = await new ServerProcess("redis-server", (port, folder) => {
    const options = { port, bind: "127.0.0.1", dir: folder, appendonly: "yes", appendfsync: "no" };
    return Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  }).start();
  const url = `redis://127.0.0.1:${process.port}`;
  return {
    process,
    keys: { url },
    async collect() {
      const client = createClient({ url, RESP: 2 });
      await client.connect();
      const entries = await client.sendCommand(["XRANGE", "falco", "-", "+"]) as unknown as [
        string,
        string[],
      ][];
      for (const [, fields] of entries) arrivals.take(fields[fields.indexOf("body") + 1] ?? "");
      client.destroy();
    },
  };
}

async function startNats(arrivals: Arrivals): Promise<SoakServer> {
  const process = await new ServerProcess(
    "nats-server",
    (port, folder) => ["-js", "-a", "127.0.0.1", "-p", String(port), "-sd", folder],
  ).start();
  const servers = `nats://127.0.0.1:${process.port}`;
  const nats = await connect({ servers });
  const manager = await jetstreamManager(nats);
  await manager.streams.add({ name: "ALERTS", subjects: ["falco.>"] });
  nats.subscribe("falco.alerts", { callback: (_, message) => arrivals.take(message.string(), Date.now()) });
  return { process, keys: { servers }, collect: () => nats.drain() };
}

async function startMqtt(arrivals: Arrivals): Promise<SoakServer> {
  const process = await new ServerProcess("mosquitto", (port, folder) => {
    Deno.chmodSync(folder, 0o755); // the broker becomes another user
    const path = `${folder}/mosquitto.conf`;
    Deno.writeTextFileSync(path, `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n`);
    return ["-c", path];
  }).start();
  const url = `mqtt://127.0.0.1:${process.port}`;
  const client = await connectAsync(url, { protocolVersion: 5, reconnectPeriod: 0 });
  client.on("message", (_, body) => arrivals.take(body.toString(), Date.now()));
  await client.subscribeAsync("falco/#", { qos: 1 });
  return {
    process,
    keys: { url },
    async collect() {
      // what the broker has accepted arrives before the answer to this
      await client.subscribeAsync("nothing", { qos: 1 });
      await new Promise((resolve) => setTimeout(resolve, 50));
      await client.endAsync(true);
    },
  };
}
