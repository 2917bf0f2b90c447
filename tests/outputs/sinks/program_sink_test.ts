import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { SinkError } from "../../../outputs/sink.ts";
import { SinkQueue } from "../../../outputs/sink_queue.ts";
import { ProgramSink, type ProgramSinkOptions } from "../../../outputs/sinks/program.ts";
import { messages, outgoing, until } from "../outgoing_alerts.ts";
import { HttpReceiver } from "./local_server.ts";

const NEVER = new AbortController().signal;

function sinkFor(command: string, more: Partial<ProgramSinkOptions> = {}): ProgramSink {
  return new ProgramSink({
    name: "program",
    command,
    keepAlive: false,
    timeoutMs: 5000,
    judgesExitCode: false,
    ...more,
  });
}

async function errorOf(sink: ProgramSink, signal = NEVER): Promise<SinkError> {
  try {
    await sink.deliver(messages(1), signal);
  } catch (error) {
    if (error instanceof SinkError) return error;
    throw error;
  } finally {
    await sink.close();
  }
  throw new Error("it was delivered");
}

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function has(command: string): boolean {
  return new Deno.Command("/bin/sh", { args: ["-c", `command -v ${command}`], stdout: "null" }).outputSync()
    .success;
}

Deno.test("each alert is a line on the input of a process of its own, or of one for all", () =>
  inFolder(async (folder) => {
    for (const keepAlive of [false, true]) {
      const path = `${folder}/${keepAlive}`;
      const sink = sinkFor(`echo start >> ${path}; cat >> ${path}`, { keepAlive });
      await sink.deliver(messages(1), NEVER);
      await sink.deliver(messages(2), NEVER);
      await sink.close();
      const expected = keepAlive ? "start\nalert 1\nalert 2\n" : "start\nalert 1\nstart\nalert 2\n";
      equal(await Deno.readTextFile(path), expected);
    }
  }));

Deno.test("SIGUSR1 starts a kept program anew", () =>
  inFolder(async (folder) => {
    const sink = sinkFor(`echo start >> ${folder}/out; cat >> ${folder}/out`, { keepAlive: true });
    await sink.deliver(messages(1), NEVER);
    await sink.reopen();
    await sink.deliver(messages(2), NEVER);
    await sink.close();
    equal(await Deno.readTextFile(`${folder}/out`), "start\nalert 1\nstart\nalert 2\n");
  }));

Deno.test({
  name: "the examples that people paste work unchanged: jq and curl to a chat, curl to a search engine",
  ignore: !has("jq") || !has("curl"),
  fn: async () => {
    await using receiver = await HttpReceiver.start();
    const url = receiver.url.slice(0, -1);
    const batch = messages(1).map((message) => ({ ...message, body: outgoing(1).json }));
    for (
      const command of [
        `jq '{text: .output}' | curl -d @- -X POST ${url}/hook`,
        `curl -d @- -X POST -H 'Content-Type: application/json' ${url}/falco/_doc`,
      ]
    ) await sinkFor(command).deliver(batch, NEVER);
    deepEqual(receiver.received.map(({ url }) => url), ["/hook", "/falco/_doc"]);
    deepEqual(receiver.received.map(({ text }) => JSON.parse(text)), [
      { text: "alert 1" },
      { output: "alert 1", n: 1 },
    ]);
    equal(receiver.received[1]?.headers["content-type"], "application/json");
  },
});

Deno.test("a program that floods both its outputs, and one that reads nothing, take their alert", async () => {
  await sinkFor("head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; cat > /dev/null").deliver(
    messages(1),
    NEVER,
  );
  await sinkFor("true").deliver(
    messages(1).map((message) => ({ ...message, body: "x".repeat(1 << 20) })),
    NEVER,
  );
});

Deno.test("a program that blocks is ended with all that it has started, and tried again", () =>
  inFolder(async (folder) => {
    for (const keepAlive of [false, true]) {
      const sink = sinkFor(`echo $$ > ${folder}/pid; sleep 600 | sleep 600`, { keepAlive, timeoutMs: 300 });
      const queue = new SinkQueue({ sink, format: ({ text }) => text, firstPauseMs: 600_000 });
      // more than a pipe holds
      queue.offer(outgoing(1, "Warning", "x".repeat(200_000)));
      await until("a retry", () => queue.stats().retries === 1n);
      const pid = Number(await Deno.readTextFile(`${folder}/pid`));
      await until("the group is gone", () => !groupExists(pid));
      await queue.close(10);
    }
  }));

function groupExists(pid: number): boolean {
  const { stdout } = new Deno.Command("ps", { args: ["-eo", "pgid=,stat="] }).outputSync();
  return new TextDecoder().decode(stdout).split("\n").some((line) => {
    const [group, state = ""] = line.trim().split(/\s+/);
    return Number(group) === pid && !state.startsWith("Z");
  });
}

Deno.test("a program that cannot be started has taken nothing, kept or not", async () => {
  for (const keepAlive of [false, true]) {
    for (const command of ["/nowhere/program", "/etc/passwd"]) {
      const { message, details } = await errorOf(sinkFor(command, { keepAlive }));
      deepEqual([details.retryable, details.cause, details.untaken], [true, "not_started", true]);
      match(message, /exit code 12[67]: .*(not found|denied)/i);
    }
  }
});

Deno.test("a kept program that dies is started anew; what it may not have read is sent again", () =>
  inFolder(async (folder) => {
    const sink = sinkFor(`echo $$ > ${folder}/pid; cat >> ${folder}/out`, { keepAlive: true });
    await sink.deliver(messages(1), NEVER);
    await until("read", async () => (await Deno.readTextFile(`${folder}/out`).catch(() => "")) !== "");
    const pid = Number(await Deno.readTextFile(`${folder}/pid`));
    Deno.kill(pid, "SIGKILL");
    await until("gone", () => !groupExists(pid) || true);
    const queue = new SinkQueue({ sink, format: ({ message }) => message, firstPauseMs: 1 });
    queue.offer(outgoing(2));
    await until("delivered", () => queue.stats().delivered === 1n);
    await queue.close(1000);
    match(await Deno.readTextFile(`${folder}/out`), /^alert 1\n(alert 2\n)+$/);
  }));

Deno.test("an exit code is news; only with a spool it means that the alert is not delivered", async () => {
  const news: string[] = [];
  const onNews = (_level: string, text: string) => news.push(text);
  await sinkFor("cat > /dev/null; echo no such room >&2; exit 3", { onNews }).deliver(messages(1), NEVER);
  match(news[0] ?? "", /the program failed \(exit code 3: no such room\)/);
  await rejects(
    sinkFor("cat > /dev/null; exit 3", { judgesExitCode: true }).deliver(messages(1), NEVER),
    (error: SinkError) => error.details.retryable && error.details.cause === "exit_code",
  );
});
