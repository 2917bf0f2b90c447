// Changes in folders and on the way to them are told, whatever strangers put there.

import assert from "node:assert/strict";
import { FolderWatch } from "../../files/folder_watch.ts";
import { pathWay } from "../../files/path_steps.ts";
import { inFolder, makeFifo, withBadName } from "./lab.ts";

const LIMIT_MS = 10_000;

/** Changes as they are told. `next` resolves with the next one after it was called. */
class Told {
  count = 0;
  readonly troubles: string[] = [];
  readonly watch: FolderWatch;
  #waiting: (() => void)[] = [];

  constructor(lookMs?: number) {
    this.watch = new FolderWatch({
      onChange: () => {
        this.count++;
        for (const resolve of this.#waiting.splice(0)) resolve();
      },
      onTrouble: (reason) => this.troubles.push(reason),
      ...lookMs === undefined ? {} : { lookMs },
    });
  }

  next(what: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const limit = setTimeout(() => reject(new Error(`never told: ${what}`)), LIMIT_MS);
    this.#waiting.push(resolve);
    return promise.finally(() => clearTimeout(limit));
  }

  async after(what: string, change: () => unknown): Promise<void> {
    const next = this.next(what);
    await change();
    await next;
  }
}

async function watching(path: string, job: (told: Told) => Promise<void>, lookMs?: number): Promise<void> {
  const told = new Told(lookMs);
  try {
    await told.watch.watch([{ path, inside: (name) => name.endsWith(".yaml") }]);
    await job(told);
  } finally {
    told.watch.close();
  }
}

/** Each step is told, and that what it brought is followed is shown by a file that is written there. */
async function isFollowed(told: Told, path: string): Promise<void> {
  // the watches of a folder that has just come are set a moment later, and another change is told when they are
  for (let i = 0;; i++) {
    const before = told.count;
    Deno.writeTextFileSync(`${path}/${i}.yaml`, String(i));
    const limit = performance.now() + 300;
    while (told.count === before && performance.now() < limit) {
      await new Promise((next) => setTimeout(next, 5));
    }
    if (told.count > before && i > 0) return;
    assert.ok(i < 20, `${path} is not followed`);
  }
}

Deno.test("FIFOs, sockets and names that are not UTF-8 are told like files, and harm nobody", async () =>
  await inFolder((folder) =>
    watching(folder, async (told) => {
      await told.after("a FIFO", () => makeFifo(`${folder}/fifo.yaml`));
      await told.after("a name that is not UTF-8", () => withBadName(folder, ".yaml", () => {}));
      await told.after("a file", () => Deno.writeTextFileSync(`${folder}/a.yaml`, ""));
      await told.after("a touch", () => Deno.utimeSync(`${folder}/a.yaml`, 1, 1));
      await told.after("gone", () => Deno.removeSync(`${folder}/a.yaml`));
    })
  ));

Deno.test("a folder that does not exist yet, below others that do not either, is followed when it comes", async () =>
  await inFolder((folder) =>
    watching(`${folder}/a/b/c`, async (told) => {
      await told.after("made", () => Deno.mkdirSync(`${folder}/a/b/c`, { recursive: true }));
      await isFollowed(told, `${folder}/a/b/c`);
    })
  ));

Deno.test("a folder, or one that it lies in, is renamed away and another takes its place", async () =>
  await inFolder(async (folder) => {
    Deno.mkdirSync(`${folder}/a/b`, { recursive: true });
    await watching(`${folder}/a/b`, async (told) => {
      await told.after("renamed", () => Deno.renameSync(`${folder}/a/b`, `${folder}/old`));
      await told.after("another", () => Deno.mkdirSync(`${folder}/a/b`));
      await isFollowed(told, `${folder}/a/b`);
      await told.after("above renamed", () => Deno.renameSync(`${folder}/a`, `${folder}/old a`));
      await told.after("another above", () => Deno.mkdirSync(`${folder}/a/b`, { recursive: true }));
      await isFollowed(told, `${folder}/a/b`);
    });
  }));

Deno.test("a folder that is a link is followed to where the link leads, also after it was moved", async () =>
  await inFolder(async (folder) => {
    for (const version of ["1", "2"]) Deno.mkdirSync(`${folder}/..v${version}`);
    Deno.symlinkSync("..v1", `${folder}/..data`);
    Deno.symlinkSync("..data", `${folder}/rules.d`);
    await watching(`${folder}/rules.d`, async (told) => {
      await isFollowed(told, `${folder}/..v1`);
      Deno.symlinkSync("..v2", `${folder}/..data_tmp`);
      await told.after("moved", () => Deno.renameSync(`${folder}/..data_tmp`, `${folder}/..data`));
      await isFollowed(told, `${folder}/..v2`);
    });
  }));

Deno.test("more events than the kernel keeps are a change, and the next file is told again", async () =>
  await inFolder((folder) =>
    watching(folder, async (told) => {
      // of no name that matters: only the overflow can be told
      await told.after("overflow", () => {
        Deno.writeTextFileSync(`${folder}/x`, "");
        Deno.writeTextFileSync(`${folder}/y`, "");
        for (let i = 0; i < 20_000; i++) Deno.utimeSync(`${folder}/${i % 2 === 0 ? "x" : "y"}`, i, i);
      });
      await isFollowed(told, folder);
    })
  ));

Deno.test("a file system that is mounted over the folder, and unmounted, is followed", async () =>
  await inFolder(async (folder) => {
    const mounted = `${folder}/mounted`;
    Deno.mkdirSync(mounted);
    const run = (...args: string[]) =>
      assert.ok(new Deno.Command(args[0]!, { args: args.slice(1) }).outputSync().success);
    await watching(mounted, async (told) => {
      await told.after("mounted", () => run("mount", "-t", "tmpfs", "none", mounted));
      try {
        await isFollowed(told, mounted);
      } finally {
        await told.after("unmounted", () => run("umount", mounted));
      }
      await isFollowed(told, mounted);
    }, 50);
  }));

Deno.test("without inotify instances changes are told every second, and why is told once", async () =>
  await inFolder(async (folder) => {
    const taken: FolderWatch[] = [];
    const limit = Number(Deno.readTextFileSync("/proc/sys/fs/inotify/max_user_instances"));
    try {
      for (let i = 0; i <= limit; i++) {
        const told = new Told();
        taken.push(told.watch);
        await told.watch.watch([{ path: folder }]);
        if (told.troubles.length === 0) continue;
        assert.match(told.troubles[0]!, /max_user_instances/);
        await told.next("looking");
        await told.next("looking again");
        assert.equal(told.troubles.length, 1);
        return;
      }
      assert.fail(`${limit} instances and none refused`);
    } finally {
      for (const watch of taken) watch.close();
    }
  }));

Deno.test("the way to a path has every name on it, through links, and a circle ends", async () => {
  const links: Record<string, string> = { "/a/link": "../b/c", "/b/c": "/d", "/x": "y", "/y": "x" };
  const way = (path: string) => pathWay(path, (at) => Promise.resolve(links[at]));
  const { steps, end } = await way("/a/link/file");
  assert.deepEqual(
    steps.map(({ folder, name }) => `${folder}|${name}`),
    ["/|a", "/a|link", "/|b", "/b|c", "/|d", "/d|file"],
  );
  assert.equal(end, "/d/file");
  assert.ok((await way("/x/file")).steps.length < 100);
});
