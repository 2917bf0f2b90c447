// Processes and files that turn up unknown: read from /proc in the middle of a batch, evaluated with the answer, bounded.

import assert from "node:assert/strict";
import { bootEpochNs, boottimeNs } from "../../ffi/clock.ts";
import { EVENT_CODE } from "../../schema/events.ts";
import { NOT_A_RULE } from "../../schema/wire.ts";
import { BlockFeeder } from "../../sources/ingest_blocks.ts";
import { ThreadLookup } from "../../sources/live/thread_lookup.ts";
import { event, i64, NONE, StateMatcher, u32 } from "../assembly/event_stream.ts";
import { TestRing } from "../assembly/test_ring.ts";

const RING_BYTES = 1 << 20;

/** A matcher with a ring, whose questions are answered from /proc. */
function liveMatcher() {
  const owner = new StateMatcher({ heapBytes: 8 << 20, ringBytes: 2 * 4096 + 2 * RING_BYTES });
  const ring = new TestRing(owner, owner.ringsAt, RING_BYTES);
  const answers = new BlockFeeder(owner.matcher, (at, bytes) => owner.matcher.look_up(at, bytes));
  const lookup = new ThreadLookup("", bootEpochNs(), (blocks) => answers.feed(blocks));
  owner.onAlert = (what, at) => {
    assert.equal(what, NOT_A_RULE.LOOK_UP);
    const [tid, pid, timeNs, fd] = [0, 8, 16, 24].map((offset) => owner.data.getBigInt64(at + offset, true));
    const isAnswered = lookup.answer({ tid: Number(tid), pid: Number(pid), timeNs: timeNs!, fd: Number(fd) });
    if (!isAnswered) owner.data.setBigInt64(at, -1n, true);
  };
  owner.matcher.look_up_threads(1);
  const evaluate = (tid: number, pid: number, fd: number, timeNs = bootEpochNs() + boottimeNs()) => {
    const seen = { name: "", args: "", pid: 0, ppid: 0, uid: 0, fd: "", count: 0 };
    owner.onEvent = () => {
      seen.name = owner.text("proc_name") ?? "";
      seen.args = owner.text("proc_cmdline") ?? "";
      seen.pid = owner.number("proc_pid") ?? 0;
      seen.ppid = owner.number("proc_ppid") ?? 0;
      seen.uid = owner.number("user_uid") ?? 0;
      seen.fd = owner.text("fd_name") ?? "";
      seen.count++;
    };
    const params = [i64(1), NONE, i64(fd), u32(1)];
    ring.write(event({ type: EVENT_CODE["READ_X"]!, tid: pid * 2 ** 32 + tid, timeNs, params }));
    owner.matcher.pump(timeNs + 1n, 1 << 16);
    return seen;
  };
  return { owner, lookup, evaluate };
}

async function withChild(use: (pid: number) => void): Promise<void> {
  const child = new Deno.Command("sh", {
    args: ["-c", "exec 7</etc/hostname; echo; read line", "marked"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  try {
    const reader = child.stdout.getReader();
    await reader.read();
    reader.releaseLock();
    use(child.pid);
  } finally {
    child.kill();
    await Promise.all([child.status, child.stdin.abort(), child.stdout.cancel()]);
  }
}

Deno.test("the first event of a process that nobody has seen to begin is evaluated with what it is", async () => {
  await withChild((pid) => {
    const { evaluate, lookup, owner } = liveMatcher();
    const seen = evaluate(pid, pid, 7);
    assert.deepEqual({ ...seen, ppid: 0 }, {
      ...{ name: "sh", args: "sh -c exec 7</etc/hostname; echo; read line marked", pid, ppid: 0 },
      ...{ uid: Deno.uid(), fd: "/etc/hostname", count: 1 },
    });
    evaluate(pid, pid, 7);
    assert.equal(lookup.counters()["lookups_asked"], 1n, "it is known now");
    assert.equal(owner.counter("EVENTS_DAMAGED"), 0);
  });
});

Deno.test("a process that began after the event has only the number in common with it", async () => {
  await withChild((pid) => {
    const { evaluate, lookup } = liveMatcher();
    assert.equal(evaluate(pid, pid, 7, bootEpochNs() + boottimeNs() - 3_600_000_000_000n).name, "<NA>");
    evaluate(pid, pid, 7, bootEpochNs() + boottimeNs() - 3_600_000_000_000n);
    assert.equal(lookup.counters()["lookups_asked"], 1n, "asked once");
  });
});

Deno.test("threads of this process, and a file that is not known of a known process", () => {
  const { evaluate } = liveMatcher();
  const tid = [...Deno.readDirSync("/proc/self/task")].map(({ name }) => Number(name)).find((id) =>
    id !== Deno.pid
  )!;
  assert.equal(evaluate(tid, Deno.pid, 0).pid, Deno.pid);
  const file = Deno.openSync("/etc/passwd");
  try {
    const fd = [...Deno.readDirSync("/proc/self/fd")].map(({ name }) => name).find((name) => {
      try {
        return Deno.readLinkSync(`/proc/self/fd/${name}`) === "/etc/passwd";
      } catch {
        return false;
      }
    });
    assert.equal(evaluate(tid, Deno.pid, Number(fd)).fd, "/etc/passwd");
  } finally {
    file.close();
  }
});

Deno.test("a flood of unknown processes is evaluated all the same, and only so many are looked for", () => {
  const { evaluate, lookup } = liveMatcher();
  const from = 4_000_000; // no such processes
  let evaluated = 0;
  for (let i = 0; i < 3000; i++) evaluated += evaluate(from + i, from + i, 0).count;
  assert.equal(evaluated, 3000);
  const { lookups_asked, lookups_refused } = lookup.counters();
  assert.ok(lookups_refused! > 0n && lookups_asked! < 1000n, `${lookups_asked}, ${lookups_refused} refused`);
});
