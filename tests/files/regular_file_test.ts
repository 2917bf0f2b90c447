// Whatever lies where a file is read: its content or a reason comes, at once, and nothing waits.

import assert from "node:assert/strict";
import { listFolder } from "../../files/folder_list.ts";
import { openRegularFile } from "../../files/open_file.ts";
import { readRegularFile } from "../../files/regular_file.ts";
import { inTime, readSlowFile } from "../../files/slow_file.ts";
import { inFolder, makeFifo, makeSocket, withBadName } from "./lab.ts";

const MAX_BYTES = 1 << 16;

/** What all ways of reading a file say about it. */
async function readings(path: string): Promise<string[]> {
  const opened = await openRegularFile(path);
  if ("file" in opened) await opened.file.close();
  const found = [readRegularFile(path, MAX_BYTES), await readSlowFile(path, MAX_BYTES)];
  return [
    ...found.map((one) => "bytes" in one ? `${one.bytes.length} bytes` : one.problem.reason),
    "file" in opened ? "opened" : opened.problem.reason,
  ];
}

Deno.test("what is no regular file is named and never opened, whichever way it is read", async () =>
  await inFolder(async (folder) => {
    makeFifo(`${folder}/fifo`);
    using _socket = makeSocket(`${folder}/socket`);
    Deno.mkdirSync(`${folder}/directory`);
    Deno.symlinkSync("gone", `${folder}/dangling`);
    Deno.symlinkSync("circle", `${folder}/circle`);
    Deno.symlinkSync("fifo", `${folder}/link to a fifo`);
    const expected: Record<string, string> = {
      "fifo": "it is a FIFO (named pipe)",
      "link to a fifo": "it is a FIFO (named pipe)",
      "socket": "it is a socket",
      "directory": "it is a directory",
      "dangling": "it is a symbolic link that leads to nothing",
      "circle": "its symbolic links lead in a circle",
      "gone": "there is no such file",
    };
    for (const [name, reason] of Object.entries(expected)) {
      const [now, slow, opened] = await readings(`${folder}/${name}`);
      assert.deepEqual([now, slow], [reason, reason], name);
      assert.notEqual(opened, "opened", name);
    }
    for (const path of ["/dev/zero", "/dev/tty", "/dev/null"]) {
      assert.equal((await readings(path))[0], "it is a character device", path);
    }
    for (const path of ["/proc/kmsg", "/proc/self/maps", "/sys/kernel/notes"]) {
      const [now, slow] = await readings(path);
      assert.match(now!, /^the kernel makes up its content/, path);
      assert.equal(slow, now, path);
    }
  }));

Deno.test("a file is read up to the bound, and one that is larger is refused", async () =>
  await inFolder(async (folder) => {
    Deno.writeFileSync(`${folder}/fits`, new Uint8Array(MAX_BYTES));
    Deno.writeFileSync(`${folder}/too large`, new Uint8Array(MAX_BYTES + 1));
    Deno.writeFileSync(`${folder}/empty`, new Uint8Array(0));
    Deno.symlinkSync("fits", `${folder}/link`);
    const first = async (name: string) => (await readings(`${folder}/${name}`)).slice(0, 2);
    assert.deepEqual(await first("fits"), [`${MAX_BYTES} bytes`, `${MAX_BYTES} bytes`]);
    assert.deepEqual(await first("link"), [`${MAX_BYTES} bytes`, `${MAX_BYTES} bytes`]);
    assert.deepEqual(await first("empty"), ["0 bytes", "0 bytes"]);
    assert.deepEqual(await first("too large"), ["it is larger than 64 KiB", "it is larger than 64 KiB"]);
  }));

Deno.test("a file that is replaced by a FIFO again and again is read or refused, and nothing waits", async () =>
  await inFolder(async (folder) => {
    const path = `${folder}/file`;
    makeFifo(`${folder}/fifo`);
    const swapper = new Deno.Command("sh", {
      args: [
        "-c",
        `while [ ! -e stop ]; do echo x > "$0.new"; mv "$0.new" "$0"; ln -f fifo "$0.pipe"; mv "$0.pipe" "$0"; done`,
        path,
      ],
      cwd: folder,
    }).spawn();
    try {
      const seen = new Set<string>();
      // until both have been met, and for some rounds more
      for (let i = 0; i < 20_000 && (seen.size < 2 || i < 500); i++) {
        for (const one of await readings(path)) {
          if (/^\d+ bytes$|opened/.test(one)) seen.add("read");
          else if (/FIFO/.test(one)) seen.add("refused");
        }
      }
      assert.deepEqual([...seen].sort(), ["read", "refused"]);
    } finally {
      // by itself, with all that it has started: a `mv` on its way would write into a folder that is being removed
      Deno.writeTextFileSync(`${folder}/stop`, "");
      await swapper.status;
    }
  }));

Deno.test("calls that are never answered are given up, few keep a thread, and other folders go on", async () => {
  let underWay = 0;
  const never = () => {
    underWay++;
    return new Promise<never>(() => {});
  };
  const hung = Array.from({ length: 600 }, () => inTime("/home/mallory/x", never, 50));
  const elsewhere = inTime("/home/alice/x", () => Promise.resolve("an answer"), 1000);
  assert.deepEqual(new Set(await Promise.all(hung)), new Set([undefined]));
  assert.equal(underWay, 2);
  assert.equal(await inTime("/home/mallory/y", () => Promise.resolve("an answer"), 50), undefined);
  assert.equal(await elsewhere, "an answer", "a crowd in one folder");
  assert.equal(await inTime("/home/alice/x", () => Promise.resolve("an answer"), 1000), "an answer");
});

Deno.test("a folder of 100,000 files is listed; names that are not UTF-8 are seen and lead nowhere", async () =>
  await inFolder((folder) => {
    for (let i = 0; i < 100_000; i++) Deno.linkSync(folderFile(folder), `${folder}/${i}`);
    Deno.writeTextFileSync(`${folder}/a.yaml`, "");
    withBadName(folder, ".yaml", () => {
      const found = listFolder(folder, 1000, (name) => name.endsWith(".yaml"));
      assert.ok("names" in found);
      assert.deepEqual(found.names, ["a.yaml", "\ufffd\ufffd.yaml"]);
      const read = readRegularFile(`${folder}/${found.names[1]}`, MAX_BYTES);
      assert.equal("problem" in read && read.problem.reason, "its name is not UTF-8");
    });
    const all = listFolder(folder, 1000);
    assert.ok("names" in all && all.names.length === 1000 && all.isCut);
  }));

/** One file with many names is quickly made; a file system bounds how many it may have. */
const linked = new Map<string, { path: string; names: number }>();
function folderFile(folder: string): string {
  const last = linked.get(folder);
  if (last !== undefined && last.names < 30_000) {
    last.names++;
    return last.path;
  }
  const path = `${folder}/first ${last?.path.length ?? 0}`;
  Deno.writeTextFileSync(path, "");
  linked.set(folder, { path, names: 1 });
  return path;
}
