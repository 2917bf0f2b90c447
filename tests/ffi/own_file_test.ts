// Files that falco writes, where another user of the host has put something first.

import assert from "node:assert/strict";
import { openOwnFile, openOwnFileSync, type OwnFileOptions } from "../../ffi/own_file.ts";
import { must } from "../live/lab.ts";

const ATTACKER = 65534;
const ENDLESS_MS = 5000;

interface Scene {
  /** root's, 0755 */
  readonly own: string;
  /** writable by everybody, not sticky */
  readonly open: string;
  readonly victim: string;
}

function test(name: string, act: (scene: Scene) => void | Promise<void>): void {
  Deno.test({
    name,
    ignore: Deno.uid() !== 0,
    fn: async () => {
      const own = Deno.makeTempDirSync({ prefix: "falco-own-file-", dir: "/var/tmp" });
      Deno.chmodSync(own, 0o755);
      const scene = { own, open: `${own}/open`, victim: `${own}/victim` };
      Deno.mkdirSync(scene.open);
      Deno.chmodSync(scene.open, 0o777);
      Deno.writeTextFileSync(scene.victim, "keep");
      try {
        await act(scene);
        assert.equal(Deno.readTextFileSync(scene.victim), "keep");
      } finally {
        Deno.removeSync(own, { recursive: true });
      }
    },
  });
}

const HOWS: readonly OwnFileOptions["how"][] = ["append", "truncate", "new"];

/** By both ways, in every mode. */
async function refuses(path: string, reason: RegExp): Promise<void> {
  for (const how of HOWS) {
    const expected = how === "new" ? new RegExp(`${reason.source}|file already exists`) : reason;
    assert.throws(() => openOwnFileSync(path, { how, mode: 0o600 }).close(), expected);
    const endless = AbortSignal.timeout(ENDLESS_MS);
    const waited = new Promise<never>((_, reject) =>
      endless.addEventListener("abort", () => reject(endless.reason))
    );
    await assert.rejects(Promise.race([openOwnFile(path, { how, mode: 0o600 }), waited]), expected);
  }
}

test("a new file has the mode that was asked for; one that is there is added to, or begun again", async ({ own }) => {
  const path = `${own}/file`;
  for (const [how, text] of [["append", "ab"], ["truncate", "b"]] as const) {
    for (const word of ["a", "b"]) {
      using file = openOwnFileSync(path, { how, mode: 0o640 });
      file.writeSync(new TextEncoder().encode(word));
    }
    assert.equal(Deno.readTextFileSync(path), text);
    assert.equal(Deno.statSync(path).mode! & 0o777, 0o640);
  }
  await assert.rejects(openOwnFile(path, { how: "new", mode: 0o600 }), /file already exists/);
  await assert.rejects(openOwnFile(`${own}/none/file`, { how: "append", mode: 0o600 }), /no such file/);
  await assert.rejects(openOwnFile(own, { how: "append", mode: 0o600 }), /directory/);
});

test("a link that another made is not followed, whether it leads somewhere or not", async ({ open, victim }) => {
  for (const target of [victim, "/etc/falco-made-by-an-attack", "../victim"]) {
    Deno.symlinkSync(target, `${open}/link`);
    await must("chown", "-h", `${ATTACKER}`, `${open}/link`);
    await refuses(`${open}/link`, /is a link of user 65534/);
    Deno.removeSync(`${open}/link`);
  }
  // a folder on the way
  Deno.symlinkSync("/etc", `${open}/folder`);
  await must("chown", "-h", `${ATTACKER}`, `${open}/folder`);
  await refuses(`${open}/folder/falco-made-by-an-attack`, /is a link of user 65534/);
  assert.throws(() => Deno.lstatSync("/etc/falco-made-by-an-attack"), Deno.errors.NotFound);
});

test("a link of root's is followed, also to what the process holds open", ({ own }) => {
  Deno.symlinkSync("real", `${own}/link`);
  openOwnFileSync(`${own}/link`, { how: "append", mode: 0o600 }).close();
  assert.ok(Deno.lstatSync(`${own}/real`).isFile);
  using held = Deno.openSync(`${own}/held`, { write: true, create: true });
  void held;
  const fd = [...Deno.readDirSync("/proc/self/fd")].map(({ name }) => name)
    .find((name) => linkOf(`/proc/self/fd/${name}`) === `${own}/held`);
  Deno.symlinkSync(`/dev/fd/${fd}`, `${own}/to-held`);
  using file = openOwnFileSync(`${own}/to-held`, { how: "append", mode: 0o600 });
  file.writeSync(new TextEncoder().encode("x"));
  assert.equal(Deno.readTextFileSync(`${own}/held`), "x");
  Deno.symlinkSync("circle", `${own}/circle`);
  assert.throws(() => openOwnFileSync(`${own}/circle`, { how: "append", mode: 0o600 }), /circle/);
});

test("a hard link in a folder that others write is not written to", async ({ open, victim }) => {
  Deno.linkSync(victim, `${open}/hard`);
  await refuses(`${open}/hard`, /it has a second name.*can be written by everybody/);
});

test("a file that another has put there is not written to, for he could read it", async ({ own, open }) => {
  Deno.writeTextFileSync(`${open}/file`, "");
  Deno.chownSync(`${open}/file`, ATTACKER, ATTACKER);
  await refuses(`${open}/file`, /it belongs to user 65534, and .* can be written by everybody/);
  // the attacker's own folder
  Deno.mkdirSync(`${own}/home`);
  Deno.writeTextFileSync(`${own}/home/file`, "");
  for (const path of ["home/file", "home"]) Deno.chownSync(`${own}/${path}`, ATTACKER, ATTACKER);
  await refuses(`${own}/home/file`, /it belongs to user 65534, and .*home belongs to user 65534/);
});

test("a file that logrotate has made for readers, in a folder of root's, is written to", async ({ own }) => {
  Deno.writeTextFileSync(`${own}/file`, "");
  Deno.chownSync(`${own}/file`, ATTACKER, ATTACKER);
  (await openOwnFile(`${own}/file`, { how: "append", mode: 0o644 })).close();
});

test("a FIFO or a socket is refused, and nobody waits for its other end", async ({ own, open }) => {
  for (const folder of [own, open]) {
    await must("mkfifo", `${folder}/fifo`);
    await refuses(`${folder}/fifo`, /neither a regular file nor a device/);
    using reader = Deno.openSync(`${folder}/fifo`, { read: true, write: true });
    void reader;
    await refuses(`${folder}/fifo`, /neither a regular file nor a device/);
    using socket = Deno.listen({ transport: "unix", path: `${folder}/socket` });
    void socket;
    await refuses(`${folder}/socket`, /neither a regular file nor a device/);
  }
});

test("devices are written to", () => {
  openOwnFileSync("/dev/null", { how: "append", mode: 0o600 }).close();
});

test("what is opened is closed in programs that falco starts, and nothing else stays open", async ({ own }) => {
  const count = () => [...Deno.readDirSync("/proc/self/fd")].length;
  const before = count();
  {
    using file = await openOwnFile(`${own}/file`, { how: "append", mode: 0o600 });
    void file;
    assert.equal(count(), before + 1);
    assert.doesNotMatch(await must("ls", "-l", "/proc/self/fd"), /falco-own-file/);
  }
  await assert.rejects(openOwnFile(`${own}/none/file`, { how: "append", mode: 0o600 }));
  assert.equal(count(), before);
});

function linkOf(path: string): string {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return "";
  }
}
