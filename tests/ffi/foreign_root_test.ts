// Files below a stranger's root: regular ones are read, and nothing else that lies there does harm.

import assert from "node:assert/strict";
import { ForeignRoot } from "../../ffi/foreign_root.ts";

const MAX_BYTES = 4096;
const isRoot = Deno.uid() === 0;

async function inRoot(
  prepare: (root: string) => void,
  check: (root: ForeignRoot) => Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "falco-root-" });
  try {
    Deno.mkdirSync(`${folder}/etc`);
    prepare(folder);
    const root = await ForeignRoot.open(folder);
    assert.ok(root);
    try {
      await check(root);
    } finally {
      root.close();
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const text = async (root: ForeignRoot, path = "etc/passwd") => {
  const file = await root.read(path, MAX_BYTES);
  return file?.bytes === undefined ? undefined : new TextDecoder().decode(file.bytes);
};

Deno.test("a regular file is read, also behind links, which end inside the root", async () => {
  await inRoot((root) => {
    Deno.writeTextFileSync(`${root}/etc/passwd`, "inside");
    Deno.symlinkSync("/etc/passwd", `${root}/etc/absolute`);
    Deno.symlinkSync("../../../../../../etc/passwd", `${root}/etc/upwards`);
    Deno.symlinkSync("loop", `${root}/etc/loop`);
  }, async (root) => {
    for (const name of ["passwd", "absolute", "upwards"]) {
      assert.equal(await text(root, `etc/${name}`), "inside");
    }
    assert.equal(await text(root, "../../etc/passwd"), "inside");
    assert.equal(await root.read("etc/loop", MAX_BYTES), undefined);
    assert.equal(await root.read("etc/none", MAX_BYTES), undefined);
  });
});

Deno.test("a link to a file of the host leads nowhere", async () => {
  const secret = Deno.makeTempFileSync();
  try {
    Deno.writeTextFileSync(secret, "secret");
    await inRoot((root) => {
      Deno.symlinkSync(secret, `${root}/etc/passwd`);
      Deno.symlinkSync(`/proc/self/fd/../../1/root${secret}`, `${root}/etc/group`);
    }, async (root) => {
      assert.equal(await root.read("etc/passwd", MAX_BYTES), undefined);
      assert.equal(await root.read("etc/group", MAX_BYTES), undefined);
    });
  } finally {
    Deno.removeSync(secret);
  }
});

Deno.test({
  name: `FIFOs, devices, folders, files that the kernel makes up and magic links are not opened${
    isRoot ? "" : " (skipped: not root)"
  }`,
  ignore: !isRoot,
  async fn() {
    const make = (...args: string[]) => {
      const { success } = new Deno.Command("/usr/bin/env", { args, stderr: "null" }).outputSync();
      return success;
    };
    await inRoot((root) => {
      assert.ok(make("mkfifo", `${root}/etc/fifo`));
      make("mknod", `${root}/etc/zero`, "c", "1", "5");
      Deno.mkdirSync(`${root}/etc/folder`);
      Deno.writeTextFileSync(`${root}/etc/bound`, "");
      make("mount", "--bind", "/proc/self/status", `${root}/etc/bound`);
      Deno.mkdirSync(`${root}/proc`);
      make("mount", "-t", "proc", "proc", `${root}/proc`);
      Deno.symlinkSync("/proc/1/root/etc/passwd", `${root}/etc/magic`);
    }, async (root) => {
      try {
        for (const name of ["fifo", "zero", "folder", "bound", "magic"]) {
          assert.equal(await root.read(`etc/${name}`, MAX_BYTES), undefined, name);
        }
      } finally {
        const folder = Deno.readTextFileSync("/proc/self/mountinfo").split("\n")
          .map((line) => line.split(" ")[4] ?? "").filter((at) => at.includes("falco-root-"));
        for (const at of folder) make("umount", at);
      }
    });
  },
});

Deno.test("a file that is too long is not read, one with a known stamp not again, a changed one again", async () => {
  let path = "";
  await inRoot((root) => {
    path = `${root}/etc/passwd`;
    Deno.writeTextFileSync(path, "x".repeat(MAX_BYTES + 1));
  }, async (root) => {
    const long = await root.read("etc/passwd", MAX_BYTES);
    assert.ok(long !== undefined && long.bytes === undefined);
    Deno.writeTextFileSync(path, "short");
    const short = await root.read("etc/passwd", MAX_BYTES, long.stamp);
    assert.equal(new TextDecoder().decode(short?.bytes), "short");
    assert.deepEqual(await root.read("etc/passwd", MAX_BYTES, short?.stamp), { stamp: short?.stamp });
    Deno.writeTextFileSync(`${path}.new`, "other");
    Deno.renameSync(`${path}.new`, path);
    const other = await root.read("etc/passwd", MAX_BYTES, short?.stamp);
    assert.equal(new TextDecoder().decode(other?.bytes), "other");
  });
});

Deno.test("a root that is not there is nothing", async () => {
  assert.equal(await ForeignRoot.open("/proc/999999999/root"), undefined);
  assert.equal(await ForeignRoot.open("/etc/passwd"), undefined);
});
