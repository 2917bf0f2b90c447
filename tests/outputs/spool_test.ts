import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { type Sink, SinkError, type SinkMessage } from "../../outputs/sink.ts";
import { SinkQueue } from "../../outputs/sink_queue.ts";
import { Spool, type SpoolLimits } from "../../outputs/spool.ts";
import { SpoolBacklog } from "../../outputs/spool_backlog.ts";
import { writeFacts } from "../../outputs/spool_facts.ts";
import { SpoolClient } from "../../outputs/spool_client.ts";
import { FrozenDisk, frozenDiskRefusal } from "../live/frozen_disk.ts";
import { outgoing, until } from "./outgoing_alerts.ts";
import { killAndRestart } from "./spool_kills.ts";

const LIMITS: SpoolLimits = { maxBytes: 1 << 20, maxAgeMs: 3_600_000 };
const BOUNDS = { maxMessages: 1000, maxBytes: 8 << 20 };

class Receiver implements Sink {
  readonly name = "receiver";
  readonly maxBatch = 3;
  readonly taken: SinkMessage[] = [];
  constructor(public works: boolean) {}
  deliver(batch: readonly SinkMessage[]): Promise<void> {
    if (!this.works) {
      return Promise.reject(new SinkError("out", { retryable: true, cause: "out", untaken: true }));
    }
    this.taken.push(...batch.map((message) => ({ ...message })));
    return Promise.resolve();
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
  get numbers(): number[] {
    return this.taken.map(({ alert }) => Number(alert.sequence));
  }
}

function open(directory: string, limits = LIMITS, news: string[] = []): SpoolClient {
  return new SpoolClient(directory, limits, (_level, text) => news.push(text));
}

const PATIENCE_MS = 5000;

function queueOf(sink: Sink, spool: SpoolClient, bounds = BOUNDS): SinkQueue {
  return new SinkQueue({
    sink,
    format: ({ text }) => text,
    backlog: (onDrop, onMore) => new SpoolBacklog(sink.name, spool, bounds, onDrop, onMore),
    firstPauseMs: 1,
    longestPauseMs: 5,
  });
}

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const noDisk = await frozenDiskRefusal();

const upTo = (count: number, first = 1) => Array.from({ length: count }, (_, index) => first + index);

Deno.test("what was not acknowledged is delivered by the next run, in order and whole, before what is new", () =>
  inFolder(async (folder) => {
    const before = open(folder);
    const first = queueOf(new Receiver(false), before);
    upTo(5).forEach((number) => first.offer(outgoing(number)));
    await first.settled();
    await first.written();
    await first.close(1000);
    deepEqual(first.stats().dropped, {});
    await before.close(PATIENCE_MS);

    const after = open(folder);
    const receiver = new Receiver(true);
    const second = queueOf(receiver, after);
    second.offer(outgoing(6));
    await until("delivered", () => second.stats().delivered === 6n);
    await second.close(1000);
    await after.close(PATIENCE_MS);
    deepEqual(receiver.numbers, upTo(6));
    const [{ alert, body, redelivered }] = receiver.taken as [SinkMessage];
    const { text, json: _json, ...facts } = outgoing(1);
    deepEqual([alert, body], [facts, text]);
    // the first batch had been handed to the sink; the others not
    equal(redelivered, true);
    deepEqual(receiver.taken.map(({ redelivered }) => redelivered), [true, true, true, false, false, false]);

    const empty = open(folder);
    equal((await empty.look("receiver")).count, 0);
    await empty.close(PATIENCE_MS);
  }));

Deno.test("far more than memory holds waits on the disk and comes in order", () =>
  inFolder(async (folder) => {
    const spool = open(folder, { ...LIMITS, maxBytes: 100 << 20 });
    const receiver = new Receiver(false);
    const queue = queueOf(receiver, spool);
    for (let turn = 0; turn < 30; turn++) {
      upTo(100, turn * 100 + 1).forEach((number) => queue.offer(outgoing(number)));
      await new Promise((resolve) => setTimeout(resolve));
    }
    await queue.written();
    deepEqual([queue.stats().queuedMessages, queue.stats().queuedBytes < 2_000_000], [3000, true]);
    receiver.works = true;
    await until("delivered", () => queue.stats().delivered === 3000n);
    deepEqual(receiver.numbers, upTo(3000));
    await queue.close(1000);
    await spool.close(PATIENCE_MS);
  }));

Deno.test("a spool that is full: alerts wait in memory after it, then are refused and counted", () =>
  inFolder(async (folder) => {
    const news: string[] = [];
    const spool = open(folder, { ...LIMITS, maxBytes: 2000 }, news);
    const receiver = new Receiver(false);
    const queue = queueOf(receiver, spool, { maxMessages: 5, maxBytes: 1 << 20 });
    for (const number of upTo(40)) {
      queue.offer(outgoing(number));
      await Promise.resolve();
    }
    await queue.written();
    queue.offer(outgoing(41));
    await queue.written();
    for (const number of upTo(20, 42)) queue.offer(outgoing(number));
    const { queuedMessages, dropped } = queue.stats();
    deepEqual([queuedMessages, dropped], [45, { queue_full: 16n }]);
    match(news.join("\n"), /spool is full \(2000 bytes\); alerts wait in memory only/);
    receiver.works = true;
    await until("delivered", () => queue.stats().queuedMessages === 0);
    deepEqual(receiver.numbers, upTo(queuedMessages));
    await queue.close(1000);
    await spool.close(PATIENCE_MS);
  }));

Deno.test("what is too old is dropped and counted", () =>
  inFolder(async (folder) => {
    const before = open(folder);
    const first = queueOf(new Receiver(false), before);
    upTo(4).forEach((number) => first.offer(outgoing(number)));
    await first.written();
    await first.close(1000);
    await before.close(PATIENCE_MS);
    const after = open(folder, { ...LIMITS, maxAgeMs: 20 });
    const receiver = new Receiver(false);
    const second = queueOf(receiver, after);
    await until("expired", () => second.stats().dropped["spool_expired"] === 4n);
    after.limits = LIMITS;
    receiver.works = true;
    second.offer(outgoing(5));
    await until("delivered", () => second.stats().queuedMessages === 0);
    deepEqual([receiver.numbers, second.stats().dropped], [[5], { spool_expired: 4n }]);
    await second.close(1000);
    await after.close(PATIENCE_MS);
  }));

Deno.test("a clock that is set, forwards or backwards, while falco runs or between two runs, makes no alert too old", () =>
  inFolder(async (folder) => {
    const realNow = Date.now;
    const jump = (years: number) => Date.now = () => realNow() + years * 365 * 86_400_000;
    const openHere = () => new Spool(folder, LIMITS, () => {});
    const rows = (...numbers: number[]) =>
      numbers.map((number) => ({ facts: writeFacts(outgoing(number)), body: String(number) }));
    try {
      jump(-50);
      const before = openHere();
      before.append("receiver", rows(1, 2, 3));
      jump(0);
      before.append("receiver", rows(4, 5, 6));
      deepEqual(before.expire("receiver"), []);
      jump(-50);
      deepEqual(before.expire("receiver"), []);
      before.close();
      jump(10);
      const after = openHere();
      deepEqual(after.expire("receiver"), []);
      deepEqual(after.load("receiver", 0, 10)?.map(({ body }) => Number(body)), upTo(6));
      after.close();
    } finally {
      Date.now = realNow;
    }
    await Promise.resolve();
  }));

Deno.test("a damaged spool is set aside, said and counted; alerts go on", () =>
  inFolder(async (folder) => {
    for (const damage of ["not a database at all".repeat(100), "SQLite format 3\0" + "x".repeat(8000)]) {
      await Deno.writeTextFile(`${folder}/spool.db`, damage);
      const news: string[] = [];
      const spool = open(folder, LIMITS, news);
      await spool.look("receiver");
      equal(spool.stats().damaged, 1n);
      match(news.join("\n"), /is damaged .* set aside as .*spool\.db\.damaged-/);
      const receiver = new Receiver(true);
      const queue = queueOf(receiver, spool);
      queue.offer(outgoing(1));
      await until("delivered", () => queue.stats().delivered === 1n);
      await queue.close(1000);
      await spool.close(PATIENCE_MS);
    }
    equal([...Deno.readDirSync(folder)].filter(({ name }) => name.includes("damaged")).length, 2);
  }));

Deno.test("a spool that is damaged while it is used: the same, and what was in memory still arrives", () =>
  inFolder(async (folder) => {
    const news: string[] = [];
    const spool = open(folder, { ...LIMITS, maxBytes: 100 << 20 }, news);
    const receiver = new Receiver(false);
    const queue = queueOf(receiver, spool);
    upTo(3000).forEach((number) => queue.offer(outgoing(number, "Warning", "x".repeat(300))));
    await queue.written();
    await queue.settled();
    for (const ending of ["", "-wal"]) {
      const path = `${folder}/spool.db${ending}`;
      const file = await Deno.open(path, { write: true });
      const { size } = await file.stat();
      await file.write(crypto.getRandomValues(new Uint8Array(Math.min(size, 60_000))));
      for (let at = 0; at < size; at += 60_000) {
        await file.seek(at, Deno.SeekMode.Start);
        await file.write(crypto.getRandomValues(new Uint8Array(Math.min(size - at, 60_000))));
      }
      file.close();
    }
    receiver.works = true;
    await until("nothing waits", () => queue.stats().queuedMessages === 0);
    const { delivered, dropped } = queue.stats();
    equal(Number(delivered) + Number(dropped["spool_lost"] ?? 0n), 3000);
    deepEqual(receiver.numbers.slice(0, 256), upTo(256));
    queue.offer(outgoing(9999));
    await until("the next one", () => receiver.numbers.at(-1) === 9999);
    await queue.close(1000);
    await spool.close(PATIENCE_MS);
  }));

Deno.test("a folder that cannot be written, a second falco: alerts wait in memory, and it is said why", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    const news: string[] = [];
    const nowhere = open(`${folder}/file/spool`, LIMITS, news);
    const inUse = open(`${folder}/spool`);
    await inUse.look("receiver");
    const second = open(`${folder}/spool`, LIMITS, news);
    await Promise.all([nowhere.look("receiver"), second.look("receiver")]);
    match(news.join("\n"), /locked: in use by another falco process; alerts wait in memory only/);
    for (const spool of [nowhere, second]) {
      const receiver = new Receiver(true);
      const queue = queueOf(receiver, spool);
      upTo(5).forEach((number) => queue.offer(outgoing(number)));
      await until("delivered", () => queue.stats().delivered === 5n);
      deepEqual([receiver.numbers, spool.stats().isWorking], [upTo(5), false]);
      await queue.close(1000);
      await spool.close(PATIENCE_MS);
    }
    await inUse.close(PATIENCE_MS);
  }));

Deno.test({
  name:
    "a disk that is full or read-only: counted, alerts go on in memory, and into the spool when there is room",
  ignore: Deno.uid() !== 0,
  fn: () =>
    inFolder(async (folder) => {
      const run = (...args: string[]) =>
        equal(new Deno.Command(args[0]!, { args: args.slice(1) }).outputSync().code, 0);
      run("mount", "-t", "tmpfs", "-o", "size=256k,mode=700", "falco-test", folder);
      try {
        const spool = open(folder);
        const receiver = new Receiver(false);
        const queue = queueOf(receiver, spool);
        for (const number of upTo(300)) {
          queue.offer(outgoing(number, "Warning", "x".repeat(1000)));
          await Promise.resolve();
        }
        await queue.written();
        equal(spool.stats().failures > 0n, true);
        match(spool.stats().lastError ?? "", /full|space|I\/O/i);
        deepEqual([queue.stats().queuedMessages, queue.stats().dropped], [300, {}]);
        receiver.works = true;
        await until("delivered", () => queue.stats().delivered === 300n);
        deepEqual(receiver.numbers, upTo(300));
        await queue.close(1000);
        await spool.close(PATIENCE_MS);
        run("mount", "-o", "remount,ro", folder);
        const readOnly = open(folder);
        await readOnly.look("receiver");
        equal(readOnly.stats().failures > 0n, true);
        await readOnly.close(PATIENCE_MS);
      } finally {
        run("umount", folder);
      }
    }),
});

Deno.test({
  name:
    `a disk that hangs: this thread goes on, alerts are delivered from memory, in order, what does not fit is ` +
    `counted, and afterwards the file holds nothing twice${noDisk === null ? "" : ` (skipped: ${noDisk})`}`,
  ignore: noDisk !== null,
  async fn() {
    const disk = await FrozenDisk.make();
    const news: string[] = [];
    try {
      const spool = open(`${disk.folder}/spool`, LIMITS, news);
      const receiver = new Receiver(true);
      const queue = queueOf(receiver, spool, { maxMessages: 100, maxBytes: 1 << 20 });
      upTo(3).forEach((number) => queue.offer(outgoing(number)));
      await until("the first", () => queue.stats().delivered === 3n);
      await disk.freeze();
      upTo(20, 4).forEach((number) => queue.offer(outgoing(number)));
      await until("delivered from memory", () => queue.stats().delivered === 23n);
      match(news.join("\n"), /the disk does not answer; alerts wait in memory only/);
      equal(spool.stats().isStalled, true);
      receiver.works = false;
      upTo(500, 24).forEach((number) => queue.offer(outgoing(number)));
      equal(queue.stats().queuedMessages + Number(queue.stats().dropped["queue_full"]), 500);
      const kept = queue.stats().queuedMessages;
      receiver.works = true;
      await until("those too", () => queue.stats().queuedMessages === 0);
      await disk.thaw();
      await until("it answers", () => spool.stats().isStalled === false);
      queue.offer(outgoing(1000));
      await until("the last", () => receiver.numbers.at(-1) === 1000);
      deepEqual(receiver.numbers, [...upTo(23 + kept), 1000]);
      await queue.close(1000);
      await spool.close(PATIENCE_MS);
      const after = open(`${disk.folder}/spool`);
      equal((await after.look("receiver")).count, 0);
      await after.close(PATIENCE_MS);
      match(news.join("\n"), /the disk answers again/);
    } finally {
      await disk.remove();
    }
  },
});

Deno.test("kill -9 at random moments: every alert that was accepted arrives, in order", async () => {
  const { accepted, lost, outOfOrder } = await killAndRestart(3);
  equal(accepted > 100, true);
  deepEqual([lost, outOfOrder], [[], 0]);
});

Deno.test({
  name:
    "a folder that others can write is not used: they could exchange the files; -wal and -shm are closed to others",
  ignore: Deno.uid() !== 0,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const victim = `${folder}/victim`;
    const news: string[] = [];
    const limits = { maxBytes: 1 << 20, maxAgeMs: 1e9 };
    const open = (path: string) => new Spool(path, limits, (_, message) => news.push(message));
    try {
      await Deno.mkdir(`${folder}/open`);
      await Deno.chmod(`${folder}/open`, 0o777);
      await Deno.symlink(victim, `${folder}/open/spool.db`);
      const refused = open(`${folder}/open`);
      equal(refused.stats().isWorking, false);
      refused.close();
      match(
        news.join(),
        /others could exchange its files: .*open can be written by everybody; alerts wait in memory/,
      );
      await rejects(Deno.lstat(victim), Deno.errors.NotFound);

      // a link of the attacker's on the way
      await Deno.symlink("/etc", `${folder}/open/way`);
      new Deno.Command("chown", { args: ["-h", "65534", `${folder}/open/way`] }).outputSync();
      const misled = open(`${folder}/open/way/falco-spool-attack`);
      equal(misled.stats().isWorking, false);
      misled.close();
      await rejects(Deno.lstat("/etc/falco-spool-attack"), Deno.errors.NotFound);

      const good = open(`${folder}/good`);
      equal(good.stats().isWorking, true);
      for (const { name } of Deno.readDirSync(`${folder}/good`)) {
        equal(Deno.statSync(`${folder}/good/${name}`).mode! & 0o777, 0o600, name);
      }
      equal(Deno.statSync(`${folder}/good`).mode! & 0o777, 0o700);
      good.close();
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
