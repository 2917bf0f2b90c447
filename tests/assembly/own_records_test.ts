// What the probe tells the state alone: threads at the moment of their making, fds read from the kernel's table, the process
// besides each thread. The probe's side is tested in tests/probe/state_records_test.ts, attacks in tests/attacks/.

import assert from "node:assert/strict";
import { EVENT_CODE } from "../../schema/events.ts";
import { PROBE_LIMITS } from "../../schema/layout.ts";
import { event, i64, NONE, StateMatcher, text, tuple4, u16, u32, u8 } from "./event_stream.ts";
import { clone, type CloneOptions, exec } from "./process_events.ts";
import { TestRing } from "./test_ring.ts";

const code = (name: string) => EVENT_CODE[name]!;
const RING_BYTES = 64 << 10;
const CLONE_FILES = 1;
const CLONE_THREAD = 0x2000;
const CLONE_IN_PIDNS = 1 << 29;
const S_IFREG = 0o100644;
const S_IFSOCK = 0o140777;
const STREAM_OVER_IPV4 = 2 << 8 | 1;
const EBADF = 9;

const NO_FACTS = Array<Uint8Array>(7).fill(NONE);
const fileFacts = (path: string, ino: number) => [
  ...[u32(S_IFREG), i64(ino), u32(1), u32(1), NONE, NONE, text(path)],
];
const socketFacts = (sport: number, dport: number) => [
  ...[u32(S_IFSOCK), i64(9), u32(1), u32(3), u16(STREAM_OVER_IPV4)],
  ...[tuple4([10, 0, 0, 1], sport, [10, 0, 0, 2], dport), NONE],
];

/** A matcher that reads the rings of a probe. */
class LiveState {
  readonly owner = new StateMatcher({ heapBytes: 4 << 20, ringBytes: 2 * 4096 + 2 * RING_BYTES });
  readonly #ring = new TestRing(this.owner, this.owner.ringsAt, RING_BYTES);
  #timeNs = 1_000_000_000n;

  /** Evaluates records in their order; gives what the last one is about. */
  evaluate(...records: readonly Uint8Array[]) {
    const seen = { name: "", ppid: 0, pid: 0, fd: "", fdType: "", container: "" };
    this.owner.onEvent = () => {
      seen.name = this.owner.text("proc_name") ?? "<none>";
      seen.ppid = this.owner.number("proc_ppid") ?? -1;
      seen.pid = this.owner.number("proc_pid") ?? -1;
      seen.fd = this.owner.text("fd_name") ?? "";
      seen.fdType = this.owner.text("fd_type") ?? "";
    };
    for (const record of records) {
      const bytes = record.slice();
      new DataView(bytes.buffer).setBigUint64(0, this.#timeNs += 1000n, true);
      assert.notEqual(this.#ring.write(bytes), undefined);
    }
    this.owner.matcher.pump(this.#timeNs, 1 << 20);
    return seen;
  }
}

/** Of the probe: the process besides the thread. */
const by = (pid: number, tid: number) => pid * 2 ** 32 + tid;

const simple = (name: string, tid: number, ...params: Uint8Array[]) =>
  event({ type: code(name), tid, params });
const open = (tid: number, fd: number, path: string, ino = 0) =>
  simple("OPENAT_X", tid, i64(fd), i64(-100), text(path), u32(1), u32(0), u32(0), i64(ino));
const read = (tid: number, fd: number) => simple("READ_X", tid, i64(1), NONE, i64(fd), u32(1));
const getuid = (tid: number) => simple("GETUID_X", tid, i64(0));
const close = (tid: number, fd: number, inUse: number, res = 0) =>
  simple("CLOSE_X", tid, i64(res), i64(fd), u8(inUse));
const dup2 = (tid: number, from: number, to: number, facts: readonly Uint8Array[]) =>
  simple("DUP2_X", tid, i64(to), i64(from), i64(to), ...facts);
const procexit = (tid: number, reaper = 0) =>
  simple("PROCEXIT_E", tid, i64(0), i64(0), u8(0), u8(0), i64(reaper));

interface Fork {
  readonly by: number;
  readonly child: number;
  readonly pid?: number;
  readonly ptid?: number;
  readonly flags?: number;
}

function fork({ by: parent, child, pid = child, ptid = parent, flags = 0 }: Fork): Uint8Array {
  return event({
    type: PROBE_LIMITS.FORK_CODE,
    tid: parent,
    params: [i64(child), i64(pid), i64(ptid), i64(child), i64(pid), u32(flags)],
  });
}

const process = (tid: number, options: Partial<CloneOptions> = {}) => clone({ tid, result: 0, ...options });

Deno.test("a child has the files and the folder that its parent had when it forked, whatever the parent does then", () => {
  for (const flags of [0, CLONE_IN_PIDNS]) {
    const live = new LiveState();
    const chdir = (path: string) => simple("CHDIR_X", 100, i64(0), text(path));
    live.evaluate(
      process(100, { flags }),
      chdir("/before"),
      open(100, 3, "/socket"),
      fork({ by: 100, child: 200 }),
    );
    live.evaluate(close(100, 3, 0), chdir("/after"), clone({ tid: 100, result: 2, flags }));
    live.evaluate(process(200, { ptid: 100, flags }));
    assert.equal(live.evaluate(read(200, 3)).fd, "/socket");
    assert.equal(live.evaluate(open(200, 4, "x")).fd, "/before/x");
    assert.equal(live.evaluate(read(100, 3)).fd, "");
  }
});

Deno.test("the parent's end, or its heir's, between a fork and the child's own event costs no lineage", () => {
  const live = new LiveState();
  live.evaluate(
    process(10),
    process(20, { ptid: 10 }),
    process(30, { ptid: 20 }),
    fork({ by: 30, child: 40 }),
  );
  live.evaluate(
    clone({ tid: 30, result: 40 }),
    procexit(30, 20),
    procexit(20, 10),
    process(40, { ptid: 30 }),
  );
  assert.equal(live.evaluate(getuid(40)).ppid, 10);
  // the same without the record of the fork
  live.evaluate(process(50, { ptid: 10 }), procexit(50, 10), process(60, { ptid: 50 }));
  assert.equal(live.evaluate(getuid(60)).ppid, 10);
});

Deno.test("execve gives a process a parent that had none, and leaves one that is known", () => {
  const live = new LiveState();
  live.evaluate(process(70, { ptid: 999 }), process(1, { ptid: 0 }));
  assert.notEqual(live.evaluate(getuid(70)).ppid, 1);
  assert.equal(live.evaluate(exec(70, "/bin/x")).ppid, 1);
  live.evaluate(process(5), process(80, { ptid: 5 }));
  assert.equal(live.evaluate(exec(80, "/bin/x")).ppid, 5);
});

Deno.test("a fork that was recorded leaves no thread behind when all have ended", () => {
  const live = new LiveState();
  live.evaluate(process(100));
  const threads = live.owner.counter("THREADS");
  for (let i = 0; i < 500; i++) {
    live.evaluate(
      fork({ by: 100, child: 200 }),
      clone({ tid: 100, result: 200 }),
      process(200, { ptid: 100 }),
      procexit(200),
    );
  }
  live.evaluate(getuid(100));
  assert.equal(live.owner.counter("THREADS"), threads);
});

Deno.test("a close removes nothing when its number is in use again; one that fails otherwise than by EBADF does", () => {
  const live = new LiveState();
  live.evaluate(process(100), open(100, 3, "/a"), open(100, 3, "/b"), close(100, 3, 1));
  assert.equal(live.evaluate(read(100, 3)).fd, "/b");
  live.evaluate(close(100, 3, 0, -EBADF));
  assert.equal(live.evaluate(read(100, 3)).fd, "/b");
  live.evaluate(close(100, 3, 0, -5));
  assert.equal(live.evaluate(read(100, 3)).fd, "");
});

Deno.test("close_range leaves the numbers that are in use again", () => {
  const live = new LiveState();
  live.evaluate(process(100), open(100, 3, "/a"), open(100, 4, "/b"), open(100, 9, "/c"));
  live.evaluate(simple("CLOSE_RANGE_X", 100, i64(0), u32(3), u32(100), u32(0), u8(1 << 4)));
  assert.deepEqual([3, 4, 9].map((fd) => live.evaluate(read(100, fd)).fd), ["", "/b", ""]);
});

Deno.test("a copy of an unknown fd is what the kernel says, or nothing; never what the number was before", () => {
  const live = new LiveState();
  live.evaluate(process(100), open(100, 0, "/dev/null"));
  const seen = live.evaluate(dup2(100, 7, 0, socketFacts(40000, 443)));
  assert.deepEqual([seen.fd, seen.fdType], ["10.0.0.1:40000->10.0.0.2:443", "ipv4"]);
  assert.equal(live.evaluate(dup2(100, 8, 0, fileFacts("/etc/shadow", 5))).fd, "/etc/shadow");
  live.evaluate(dup2(100, 8, 0, NO_FACTS));
  assert.equal(live.evaluate(read(100, 0)).fd, "");
  live.evaluate(open(100, 0, "/dev/null"), simple("DUP2_X", 100, i64(0), i64(8), i64(0)));
  assert.equal(live.evaluate(read(100, 0)).fd, "", "without the kernel's word nothing is known");
});

Deno.test("what another thread has put under the number while dup2 closed it counts", () => {
  const live = new LiveState();
  live.evaluate(process(100), open(100, 5, "/a", 55), open(100, 7, "/b", 77));
  assert.equal(
    live.evaluate(dup2(100, 5, 7, fileFacts("/real/a", 55))).fd,
    "/a",
    "names are as the program gave them",
  );
  live.evaluate(open(100, 7, "/c", 99));
  assert.equal(live.evaluate(dup2(100, 5, 7, fileFacts("/real/c", 99))).fd, "/c");
  assert.equal(live.evaluate(dup2(100, 5, 7, fileFacts("/real/d", 33))).fd, "/real/d");
});

Deno.test("fds that came with a message replace what was known under their numbers", () => {
  const live = new LiveState();
  const passed = (fd: number, facts: readonly Uint8Array[]) =>
    event({ type: PROBE_LIMITS.FD_CODE, tid: by(100, 100), params: [i64(fd), ...facts] });
  live.evaluate(
    process(100),
    open(100, 4, "/old"),
    passed(4, socketFacts(40000, 443)),
    passed(5, fileFacts("/x", 3)),
  );
  assert.equal(live.evaluate(read(100, 4)).fdType, "ipv4");
  assert.equal(live.evaluate(read(100, 5)).fd, "/x");
});

Deno.test("processes and threads that share their files (CLONE_FILES) share all changes; unshare and execve end that", () => {
  const live = new LiveState();
  live.evaluate(
    process(100),
    fork({ by: 100, child: 200, flags: CLONE_FILES }),
    process(200, { ptid: 100, flags: CLONE_FILES }),
  );
  assert.equal(live.evaluate(open(200, 3, "/a"), read(100, 3)).fd, "/a");
  // a child of either gets a copy of its own
  live.evaluate(fork({ by: 100, child: 300 }), process(300, { ptid: 100 }), close(100, 3, 0));
  assert.equal(live.evaluate(read(200, 3)).fd, "");
  assert.equal(live.evaluate(read(300, 3)).fd, "/a");
  live.evaluate(open(100, 4, "/b"), exec(200, "/bin/x"), close(100, 4, 0));
  assert.equal(live.evaluate(read(200, 4)).fd, "/b");
  // a thread takes its files to itself, and then its main thread does
  live.evaluate(open(100, 6, "/c"));
  for (const tid of [101, 102]) {
    live.evaluate(fork({ by: 100, child: tid, pid: 100, flags: CLONE_THREAD | CLONE_FILES }));
  }
  for (const tid of [101, 102]) live.evaluate(process(tid, { pid: 100, flags: CLONE_THREAD | CLONE_FILES }));
  live.evaluate(simple("UNSHARE_X", 101, i64(0), u32(CLONE_FILES)), close(100, 6, 0));
  assert.equal(live.evaluate(read(101, 6)).fd, "/c");
  live.evaluate(open(102, 8, "/d"), simple("UNSHARE_X", 100, i64(0), u32(CLONE_FILES)), close(100, 8, 0));
  assert.equal(live.evaluate(read(102, 8)).fd, "/d");
  live.evaluate(...[101, 102, 100, 200, 300].map((tid) => procexit(tid)), getuid(1));
  assert.equal(live.owner.counter("FDS"), 0);
});

Deno.test("a thread that was never seen to be made is a thread of its process", () => {
  const live = new LiveState();
  live.evaluate(process(100, { comm: "server" }), open(100, 3, "/a"));
  const seen = live.evaluate(read(by(100, 105), 3));
  assert.deepEqual([seen.name, seen.pid, seen.fd], ["server", 100, "/a"]);
});
