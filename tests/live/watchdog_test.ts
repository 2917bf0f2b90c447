// The watchdog of the running program: a main thread or an engine's thread that hangs, outputs whose reader dies or
// stops, what systemd hears. Needs root and BTF.

import { equal } from "node:assert/strict";
import { until } from "../outputs/outgoing_alerts.ts";
import { liveRefusal } from "./falco_process.ts";
import { holdThread, threadsOf } from "./held_thread.ts";
import { falcoCommand, PROJECT } from "../support/program.ts";

const refusal = await liveRefusal();
const RULES = PROJECT + "rules/bundled/falco_rules.yaml";

function live(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: refusal === null ? name : `${name}: skipped, ${refusal}`, ignore: refusal !== null, fn });
}

/** Standard output is a file: what is asked for is whether it ends, and how. */
async function withFalco(
  args: readonly string[],
  use: (
    falco: { child: Deno.ChildProcess; log: () => string; logged(text: RegExp): Promise<void> },
  ) => Promise<void>,
  env: Record<string, string> = {},
): Promise<void> {
  const child = falcoCommand(["-r", RULES, ...args], {
    env,
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let log = "";
  const reading = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) log += text;
  })();
  const logged = (text: RegExp) => until(`${text} in the log:\n${log}`, () => text.test(log));
  try {
    await logged(/watching system calls/);
    await use({ child, log: () => log, logged });
  } finally {
    try {
      child.kill("SIGKILL");
    } catch {
      // it has ended
    }
    await child.status;
    await reading;
  }
}

const settings = (...pairs: string[]) => pairs.flatMap((pair) => ["-o", pair]);

live(
  "a main thread that hangs: the engine's thread says so and ends the process with exit code 1",
  () =>
    withFalco(settings("watchdog.timeout=2s"), async ({ child, logged }) => {
      const held = await holdThread(child.pid);
      try {
        await logged(/falco ends itself \(watchdog\.timeout\): its main thread has made no turn for 2 s/);
      } finally {
        await held.release();
      }
      const { code } = await child.status;
      equal(code, 1);
    }),
);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  live(
    `${signal} while the main thread hangs: the process ends soon, however long the watchdog waits`,
    () =>
      withFalco(settings("watchdog.timeout=0"), async ({ child, logged }) => {
        const held = await holdThread(child.pid);
        try {
          child.kill(signal);
          await logged(/falco ends itself \(asked by a signal\): its main thread has made no turn for 5 s/);
        } finally {
          await held.release();
        }
        equal((await child.status).code, 1);
      }),
  );
}

live(
  "an engine's thread that hangs: /healthz says so, then the run ends with exit code 1",
  () =>
    withFalco(
      settings("watchdog.timeout=8s", "webserver.enabled=true", "webserver.listen_port=0"),
      async ({ child, log, logged }) => {
        await logged(/web server: http:\S+/);
        const url = /web server: (http:\S+)/.exec(log())![1]!;
        const health = async () => {
          const response = await fetch(`${url}/healthz`);
          return { status: response.status, body: await response.text() };
        };
        await until("healthy", async () => (await health()).status === 200);
        const [, worker] = [...threadsOf(child.pid)].find(([name]) => name.startsWith("worker"))!;
        const held = await holdThread(worker);
        try {
          await until("unhealthy, with the reason", async () => {
            const { status, body } = await health();
            return status === 503 && /the engine's thread has made no turn/.test(body);
          });
          await logged(/stopping: watchdog\.timeout: the engine's thread has made no turn for 8 s/);
        } finally {
          await held.release();
        }
        equal((await child.status).code, 1);
      },
    ),
);

live("systemd hears that falco is ready, then signs of life, then that it stops", async () => {
  const folder = await Deno.makeTempDir();
  const receiver = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--unstable-net", RECEIVER, `${folder}/notify`],
    stdout: "piped",
  }).spawn();
  let heard = "";
  const reading = (async () => {
    for await (const text of receiver.stdout.pipeThrough(new TextDecoderStream())) heard += text;
  })();
  try {
    await until("the socket", () => heard.includes("listening"));
    await withFalco([], async ({ child }) => {
      await until("ready", () => heard.includes("READY=1"));
      await until("alive", () => heard.split("WATCHDOG=1").length > 3);
      child.kill("SIGTERM");
      equal((await child.status).code, 0);
      await until("stopping", () => heard.includes("STOPPING=1"));
    }, { NOTIFY_SOCKET: `${folder}/notify` });
  } finally {
    receiver.kill("SIGKILL");
    await receiver.status;
    await reading;
    await Deno.remove(folder, { recursive: true });
  }
});

const RECEIVER = `
const socket = Deno.listenDatagram({ transport: "unixpacket", path: Deno.args[0] });
console.log("listening");
for await (const [bytes] of socket) console.log(new TextDecoder().decode(bytes));
`;
