import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { FileSink } from "../../../outputs/sinks/file.ts";
import type { SinkError } from "../../../outputs/sink.ts";
import { messages, until } from "../outgoing_alerts.ts";

const STILL = { maxBytes: 0, maxAgeMs: 0, keep: 3, compress: true };
const isRoot = Deno.uid() === 0;

function sinkAt(path: string, more: Partial<ConstructorParameters<typeof FileSink>[0]> = {}): FileSink {
  return new FileSink({ name: "file", path, keepAlive: false, rotation: STILL, ...more });
}

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function mounted(options: string, test: (folder: string) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    run("mount", "-t", "tmpfs", "-o", options, "falco-test", folder);
    try {
      await test(folder);
    } finally {
      run("umount", folder);
    }
  });
}

function run(command: string, ...args: string[]): void {
  const { success, stderr } = new Deno.Command(command, { args }).outputSync();
  if (!success) throw new Error(`${command}: ${new TextDecoder().decode(stderr)}`);
}

Deno.test("alerts are appended, a line each, to what is there", () =>
  inFolder(async (folder) => {
    const path = `${folder}/events.txt`;
    await Deno.writeTextFile(path, "before\n");
    for (const keepAlive of [false, true]) {
      const sink = sinkAt(path, { keepAlive });
      await sink.deliver(messages(1, 2));
      await sink.close();
    }
    equal(await Deno.readTextFile(path), "before\nalert 1\nalert 2\nalert 1\nalert 2\n");
  }));

Deno.test("a file that was moved away: kept open it goes on there until SIGUSR1, otherwise at once under its name", () =>
  inFolder(async (folder) => {
    for (const keepAlive of [false, true]) {
      const path = `${folder}/${keepAlive}`;
      const sink = sinkAt(path, { keepAlive });
      await sink.deliver(messages(1));
      await Deno.rename(path, `${path}.old`);
      await sink.deliver(messages(2));
      if (keepAlive) await sink.reopen();
      await sink.deliver(messages(3));
      await sink.close();
      const expected = keepAlive ? ["alert 1\nalert 2\n", "alert 3\n"] : ["alert 1\n", "alert 2\nalert 3\n"];
      deepEqual([await Deno.readTextFile(`${path}.old`), await Deno.readTextFile(path)], expected);
    }
  }));

Deno.test("a file that is large is moved aside, compressed, and only so many are kept", () =>
  inFolder(async (folder) => {
    const path = `${folder}/events.txt`;
    const sink = sinkAt(path, { keepAlive: true, rotation: { ...STILL, maxBytes: 20, keep: 2 } });
    for (let number = 1; number <= 8; number++) {
      await sink.deliver(messages(number));
      // files of the same millisecond have different names, but no known order
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await sink.close();
    const older = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
      name !== "events.txt"
    )
      .sort();
    equal(older.length, 2);
    for (const name of older) match(name, /^events\.txt\.\d{8}T\d{9}Z\.gz$/);
    const texts = older.map((name) => gunzipSync(Deno.readFileSync(`${folder}/${name}`)).toString());
    deepEqual(texts, ["alert 3\nalert 4\n", "alert 5\nalert 6\n"]);
    equal(await Deno.readTextFile(path), "alert 7\nalert 8\n");
  }));

Deno.test("a file that is old is moved aside; nothing is compressed when that is not wanted", () =>
  inFolder(async (folder) => {
    const path = `${folder}/events.txt`;
    const sink = sinkAt(path, { rotation: { ...STILL, maxAgeMs: 1, compress: false } });
    await sink.deliver(messages(1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await sink.deliver(messages(2));
    await sink.close();
    const older = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
      name !== "events.txt"
    );
    equal(older.length, 1);
    match(older[0] ?? "", /Z$/);
    equal(await Deno.readTextFile(path), "alert 2\n");
  }));

Deno.test("folders that are not there are made, already when the sink is tried out", () =>
  inFolder(async (folder) => {
    const path = `${folder}/new/deeper/events.txt`;
    const sink = sinkAt(path);
    await sink.tryOut();
    equal(await Deno.readTextFile(path), "");
    equal((await Deno.stat(`${folder}/new`)).mode! & 0o777, 0o755);
    await sink.deliver(messages(1));
    equal(await Deno.readTextFile(path), "alert 1\n");
  }));

Deno.test("a folder that cannot be made is an error that passes and names the path", () =>
  inFolder(async (folder) => {
    const sink = sinkAt(`${folder}/none/events.txt`);
    await Deno.writeTextFile(`${folder}/none`, "no folder");
    const isTold = (error: SinkError) => {
      match(error.message, /none\/events\.txt/);
      return error.details.retryable && error.details.untaken === true;
    };
    await rejects(sink.tryOut(), isTold);
    await rejects(sink.deliver(messages(1)), isTold);
    await Deno.remove(`${folder}/none`);
    await sink.deliver(messages(1));
    equal(await Deno.readTextFile(`${folder}/none/events.txt`), "alert 1\n");
  }));

Deno.test({
  name: "no folder is made where another user's link leads",
  ignore: !isRoot,
  fn: () =>
    inFolder(async (folder) => {
      await Deno.mkdir(`${folder}/target`);
      await Deno.symlink(`${folder}/target`, `${folder}/link`);
      new Deno.Command("chown", { args: ["-h", "61001", `${folder}/link`] }).outputSync();
      await rejects(sinkAt(`${folder}/link/new/events.txt`).tryOut(), /is a link of user 61001/);
      deepEqual([...Deno.readDirSync(`${folder}/target`)], []);
    }),
});

Deno.test({
  name: "a disk that is full leaves whole lines only, says so, and goes on when there is room",
  ignore: !isRoot,
  fn: () =>
    mounted("size=16k", async (folder) => {
      const path = `${folder}/events.txt`;
      const sink = sinkAt(path, { keepAlive: true });
      const long = messages(...Array.from({ length: 300 }, (_, i) => i)).map((message) => ({
        ...message,
        body: message.body + "x".repeat(90),
      }));
      let delivered = 0;
      await rejects(sink.deliver(long), (error: SinkError) => {
        delivered = error.details.delivered?.length ?? 0;
        return error.details.cause === "disk_full" && error.details.retryable;
      });
      const text = await Deno.readTextFile(path);
      equal(text.endsWith("x\n"), true);
      equal(text.split("\n").length - 1, delivered);
      await Deno.truncate(path, 0);
      await sink.deliver(long.slice(delivered, delivered + 2));
      equal((await Deno.readTextFile(path)).split("\n").length - 1, 2);
      await sink.close();
    }),
});

Deno.test({
  name: "a disk without room for compressing, a file that cannot be moved: reported, and alerts go on",
  ignore: !isRoot,
  fn: async () => {
    const news: string[] = [];
    const onNews = (_level: string, text: string) => news.push(text);
    await mounted("size=32k", async (folder) => {
      const path = `${folder}/events.txt`;
      const noise = crypto.getRandomValues(new Uint8Array(15_000)).toBase64();
      await Deno.writeTextFile(path, `${noise}\n`);
      const sink = sinkAt(path, { rotation: { ...STILL, maxBytes: 1000 }, onNews });
      await sink.deliver(messages(1));
      await until("trouble", () => news.length > 0);
      match(news[0] ?? "", /rotation of .*(space|ENOSPC).*alerts go on/i);
      await sink.deliver(messages(2));
      await sink.close();
      equal(await Deno.readTextFile(path), "alert 1\nalert 2\n");
      deepEqual([...Deno.readDirSync(folder)].filter(({ name }) => name.includes("gz")), []);
    });
    await inFolder(async (folder) => {
      // as containers have single files
      const path = `${folder}/events.txt`;
      await Deno.writeTextFile(path, "a line that is longer than the limit\n");
      run("mount", "--bind", path, path);
      try {
        const sink = sinkAt(path, { rotation: { ...STILL, maxBytes: 10 }, onNews });
        news.length = 0;
        await sink.deliver(messages(1));
        await sink.close();
        match(news.join(), /rotation of .*alerts go on/);
        match(await Deno.readTextFile(path), /limit\nalert 1\n$/);
      } finally {
        run("umount", path);
      }
    });
  },
});

Deno.test({
  name: "a read-only file system is an error that passes",
  ignore: !isRoot,
  fn: () =>
    mounted("size=16k,ro", async (folder) => {
      const sink = sinkAt(`${folder}/events.txt`);
      await rejects(sink.deliver(messages(1)), (error: SinkError) =>
        error.details.cause === "read_only" && error.details.retryable);
    }),
});
