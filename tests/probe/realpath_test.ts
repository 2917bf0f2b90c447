// The parameter of ours after those of the open family: the path that the kernel resolved. And calls at entry, seen by
// either of the two ways that the probe has.

import assert from "node:assert/strict";
import { formFaults, valueOf } from "./event_values.ts";
import { liveSkipReason, record, type RecordingOptions, type SeenEvent } from "./recording.ts";

const skip = liveSkipReason();
const suffix = skip ? ` (skipped: ${skip})` : "";

const OPENS = ["open", "openat", "openat2", "creat"];

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "falco_realpath_" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What `cat` opens of these files, by the name that it was given. */
async function opensOf(
  files: readonly string[],
  options: Partial<RecordingOptions>,
): Promise<(name: string, direction?: "enter" | "exit") => SeenEvent | undefined> {
  let tid = 0n;
  const seen = await record({ exitCalls: OPENS, enterCalls: OPENS, ...options }, async () => {
    const cat = new Deno.Command("cat", { args: [...files], stdout: "null", stderr: "null" }).spawn();
    tid = BigInt(cat.pid);
    await cat.status;
  });
  assert.deepEqual(seen.events.flatMap(formFaults), []);
  // others of this host open files, too
  const opens = seen.events.filter((event) => event.tid === tid && OPENS.includes(event.def.name));
  return (name, direction = "exit") =>
    opens.find((event) => event.def.direction === direction && valueOf(event, "name") === name);
}

const text = (event: SeenEvent | undefined) => event?.own && new TextDecoder().decode(event.own);

Deno.test({
  name: `opened files have the path that the kernel resolved, through links, folders and mounts${suffix}`,
  ignore: skip !== undefined,
  async fn() {
    await withFolder(async (folder) => {
      const names = ["name ".repeat(40), "a"];
      const deep = `${folder}/${names.join("/")}`;
      await Deno.mkdir(deep, { recursive: true });
      await Deno.writeTextFile(`${deep}/file`, "");
      await Deno.symlink(`${deep}/file`, `${folder}/link`);
      await Deno.symlink(deep, `${folder}/folder_link`);
      await Deno.symlink("/dev/null", `${folder}/other_mount`);
      const files = ["link", "folder_link/file", "a_missing_one"].map((name) => `${folder}/${name}`);
      const find = await opensOf([...files, `${folder}/other_mount`, "/", "/proc/self/mounts"], {
        withRealpath: true,
      });
      assert.equal(text(find(files[0]!)), `${deep}/file\0`);
      assert.equal(text(find(files[1]!)), `${deep}/file\0`);
      assert.equal(text(find(files[2]!)), "", "a call that fails has an empty one");
      assert.equal(text(find(`${folder}/other_mount`)), "/dev/null\0");
      assert.equal(text(find("/")), "/\0");
      assert.match(text(find("/proc/self/mounts"))!, /^\/proc\/\d+\/mounts\0$/);
    });
  },
});

Deno.test({
  name: `unasked, an event has the parameters of Falco's table and no more${suffix}`,
  ignore: skip !== undefined,
  async fn() {
    const find = await opensOf(["/etc/passwd"], {});
    assert.ok(find("/etc/passwd"));
    assert.equal(find("/etc/passwd")!.own, undefined);
  },
});

for (const byPerf of [false, true]) {
  for (const entriesByCall of [false, true]) {
    Deno.test({
      name: `calls are seen at entry by ${entriesByCall ? "their tracepoints" : "the dispatcher"}, ` +
        `with programs on ${byPerf ? "perf's" : "raw"} tracepoints${suffix}`,
      ignore: skip !== undefined,
      async fn() {
        const find = await opensOf(["/etc/passwd"], { hooks: { byPerf, entriesByCall } });
        const entry = find("/etc/passwd", "enter");
        assert.ok(entry);
        assert.equal(entry.tid, find("/etc/passwd")!.tid);
        assert.ok(entry.timeNs < find("/etc/passwd")!.timeNs);
      },
    });
  }
}
