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
    checksExitCode: false,
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

Deno.test("SIGUSR1 starts a kept program again", () =>
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

const lines = async (path: string) => (await Deno.readTextFile(path).catch(() => "")).trim().split("\n");

Deno.test("a kept program that dies is started again; alerts that it has not read are sent again, and only those", () =>
  inFolder(async (folder) => {
    // each takes one alert byte by byte, and ends
    const command = `read line; echo "$line" >> ${folder}/out`;
    const queue = new SinkQueue({
      sink: sinkFor(command, { keepAlive: true }),
      format: ({ message }) => message,
      firstPauseMs: 1,
    });
    const numbers = [1, 2, 3, 4, 5];
    for (const number of numbers) queue.offer(outgoing(number));
    await until("delivered", () => queue.stats().delivered === 5n);
    await queue.close(5000);
    deepEqual(await lines(`${folder}/out`), numbers.map((number) => `alert ${number}`));
    deepEqual(queue.stats().dropped, {});
  }));

Deno.test("a kept program that is killed from outside is started again; nothing is counted that it has not read", () =>
  inFolder(async (folder) => {
    const sink = sinkFor(`echo $$ >> ${folder}/pids; exec cat >> ${folder}/out`, { keepAlive: true });
    const queue = new SinkQueue({ sink, format: ({ message }) => message, firstPauseMs: 1 });
    queue.offer(outgoing(1));
    await until("read", () => queue.stats().delivered === 1n);
    await until("written", async () => (await lines(`${folder}/out`)).includes("alert 1"));
    const [pid = ""] = await lines(`${folder}/pids`);
    Deno.kill(Number(pid), "SIGKILL");
    await until("gone", () => !groupExists(Number(pid)));
    queue.offer(outgoing(2));
    await until("written again", async () => (await lines(`${folder}/out`)).includes("alert 2"));
    await queue.close(5000);
    deepEqual([queue.stats().delivered, queue.stats().dropped], [2n, {}]);
  }));

Deno.test("a slow kept program gets all alerts: SIGUSR1 and the end wait until it has read and finished", () =>
  inFolder(async (folder) => {
    const command = `while read x; do sleep 0.05; echo "$$ $x" >> ${folder}/out; done`;
    const queue = new SinkQueue({
      sink: sinkFor(command, { keepAlive: true }),
      format: ({ message }) => message,
    });
    const numbers = Array.from({ length: 30 }, (_, i) => i + 1);
    for (const number of numbers.slice(0, 15)) queue.offer(outgoing(number));
    await until("begun", async () => (await lines(`${folder}/out`)).length > 2);
    await queue.reopen();
    for (const number of numbers.slice(15)) queue.offer(outgoing(number));
    await queue.close(500, 60_000);
    const found = await lines(`${folder}/out`);
    deepEqual(found.map((line) => line.replace(/^\d+ /, "")), numbers.map((number) => `alert ${number}`));
    equal(new Set(found.map((line) => line.split(" ")[0])).size, 2);
    deepEqual([queue.stats().delivered, queue.stats().dropped], [30n, {}]);
  }));

Deno.test("a kept program that reads nothing, or closes its input, has taken nothing, and is told about", () =>
  inFolder(async (folder) => {
    for (const command of ["exec sleep 600", "exec <&-; sleep 600"]) {
      const news: string[] = [];
      const sink = sinkFor(`echo $$ > ${folder}/pid; ${command}`, { keepAlive: true, timeoutMs: 300 });
      const queue = new SinkQueue({
        sink,
        format: ({ message }) => message,
        firstPauseMs: 600_000,
        onNews: (_level, text) => news.push(text),
      });
      queue.offer(outgoing(1));
      await until("a retry", () => queue.stats().retries === 1n);
      match(news.join("\n"), /no end after 0\.3 s/);
      const pid = Number(await Deno.readTextFile(`${folder}/pid`));
      await until("the group is gone", () => !groupExists(pid));
      await queue.close(10);
      deepEqual([queue.stats().delivered, queue.stats().dropped], [0n, { closed: 1n }]);
    }
  }));

Deno.test("a program that does not end after its input gets SIGTERM, then SIGKILL", () =>
  inFolder(async (folder) => {
    const news: string[] = [];
    const sink = sinkFor(
      `trap 'echo term >> ${folder}/out' TERM; echo $$ > ${folder}/pid; read x; while :; do sleep 1; done`,
      {
        keepAlive: true,
        onNews: (_level, text) => news.push(text),
      },
    );
    await sink.deliver(messages(1), NEVER);
    const pid = Number(await Deno.readTextFile(`${folder}/pid`));
    await sink.close();
    await until("the group is gone", () => !groupExists(pid));
    deepEqual(await lines(`${folder}/out`), ["term"]);
    match(news.join("\n"), /does not end after its input: it is killed/);
  }));

Deno.test("a program that leaves somebody behind with its pipes holds up nobody", () =>
  inFolder(async (folder) => {
    for (const keepAlive of [false, true]) {
      const sink = sinkFor(`setsid sleep 600 & echo $! > ${folder}/pid; cat > ${folder}/out`, { keepAlive });
      await sink.deliver(messages(1), NEVER);
      await sink.close();
      Deno.kill(Number(await Deno.readTextFile(`${folder}/pid`)), "SIGKILL");
      deepEqual(await lines(`${folder}/out`), ["alert 1"]);
    }
  }));

Deno.test("a program that prints without end is read slowly, into bounded memory", async () => {
  const sink = sinkFor("yes 'a long line of somebody who has much to say' & cat > /dev/null", {
    keepAlive: true,
  });
  const before = Deno.memoryUsage().rss;
  await sink.deliver(messages(1), NEVER);
  const grown: number[] = [];
  for (let i = 0; i < 100; i++) {
    await sink.deliver(messages(2), NEVER);
    await new Promise((resolve) => setTimeout(resolve, 10));
    grown.push((Deno.memoryUsage().rss - before) / 1e6);
  }
  await sink.close();
  equal(Math.max(...grown) < 150, true, `${Math.max(...grown)} MB`);
});

Deno.test("an exit code is news; only with a spool it means that the alert is not delivered", async () => {
  const news: string[] = [];
  const onNews = (_level: string, text: string) => news.push(text);
  await sinkFor("cat > /dev/null; echo no such room >&2; exit 3", { onNews }).deliver(messages(1), NEVER);
  match(news[0] ?? "", /the program failed \(exit code 3: no such room\)/);
  await rejects(
    sinkFor("cat > /dev/null; exit 3", { checksExitCode: true }).deliver(messages(1), NEVER),
    (error: SinkError) => error.details.retryable && error.details.cause === "exit_code",
  );
});
