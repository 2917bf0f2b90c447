// Reads of /proc that do not return: given up in time, few at once for each account, and made again when they have ended.

import assert from "node:assert/strict";
import { lateReads, readInTime } from "../../ffi/timed_read.ts";
import { must } from "../live/lab.ts";

const PROJECT = new URL("../../", import.meta.url).pathname;
const MAX_BYTES = 4096;
const OWN = "/proc/self/cmdline";
const hasFuse = await Deno.stat("/dev/fuse").then(() => Deno.uid() === 0, () => false);

Deno.test("what answers is read whole, or as much of it as is wanted", () => {
  const all = readInTime(OWN, MAX_BYTES, 60_000, 0);
  assert.deepEqual(all, Deno.readFileSync(OWN).subarray(0, MAX_BYTES));
  assert.deepEqual(readInTime(OWN, 3, 60_000, 0), all!.subarray(0, 3));
  assert.equal(readInTime("/proc/0/cmdline", MAX_BYTES, 60_000, 0), undefined);
});

Deno.test({
  name: "the command line of a process that holds its memory costs a limited time, and nobody else's place",
  ignore: !hasFuse,
  async fn() {
    const folder = await Deno.makeTempDir();
    await must("cc", "-O1", "-pthread", "-o", `${folder}/held`, `${PROJECT}tests/attacks/held_memory.c`);
    await Deno.mkdir(`${folder}/mount`);
    const holder = new Deno.Command("unshare", {
      args: ["-m", `${folder}/held`, `${folder}/mount`],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    try {
      const reader = holder.stdout.pipeThrough(new TextDecoderStream()).getReader();
      const pid = Number((await reader.read()).value);
      const before = lateReads();
      for (let i = 0; i < 5; i++) {
        assert.equal(readInTime(`/proc/${pid}/cmdline`, MAX_BYTES, 20, 4711), undefined);
      }
      assert.equal(lateReads() - before, 5);
      // the account has no place left; others have
      assert.equal(readInTime(OWN, MAX_BYTES, 60_000, 4711), undefined);
      assert.ok(readInTime(OWN, MAX_BYTES, 60_000, 4712));
      await holder.stdin.close();
      await reader.read();
      while (readInTime(OWN, MAX_BYTES, 60_000, 4711) === undefined) {
        await new Promise((done) => setTimeout(done, 1));
      }
    } finally {
      await holder.stdin.close().catch(() => {});
      await holder.status;
      await Deno.remove(folder, { recursive: true });
    }
  },
});
