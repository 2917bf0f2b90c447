// The state of threads, files and containers under events that the recorded traces do not hold, or not at will.
// That values agree with Falco's on real traces is tested in tests/parity/.

import assert from "node:assert/strict";
import { EVENT_CODE } from "../../schema/events.ts";
import {
  address4,
  block,
  concat,
  event,
  eventBlock,
  i64,
  StateMatcher,
  text,
  tuple4,
  u16,
  u32,
  u8,
} from "./event_stream.ts";
import { clone, exec } from "./process_events.ts";

const code = (name: string) => EVENT_CODE[name]!;
const CLONE_THREAD = 0x2000;
const CLONE_IN_PIDNS = 1 << 29;
const O_CLOEXEC = 4096;
const O_RDONLY = 1;

const procexit = (tid: number, reaper = 0) =>
  event({ type: code("PROCEXIT_E"), tid, timeNs: 3n, params: [i64(0), i64(0), u8(0), u8(0), i64(reaper)] });

const open = (tid: number, fd: number, path: string, flags = O_RDONLY) =>
  event({ type: code("OPEN_X"), tid, params: [i64(fd), text(path), u32(flags), u32(0), u32(1), i64(5)] });

const close = (tid: number, fd: number, result = 0) =>
  event({ type: code("CLOSE_X"), tid, params: [i64(result), i64(fd)] });

const read = (tid: number, fd: number) =>
  event({ type: code("READ_X"), tid, params: [i64(1), text("x"), i64(fd), u32(1)] });

const getuid = (tid: number) => event({ type: code("GETUID_X"), tid, params: [u32(0)] });

/** What fd.name and proc.name are on the last of some events. */
function last(
  owner: StateMatcher,
  ...events: Uint8Array[]
): { fd: string | undefined; name: string | undefined } {
  const seen: { fd: string | undefined; name: string | undefined } = { fd: undefined, name: undefined };
  owner.feed(events, () => {
    seen.fd = owner.text("fd_name");
    seen.name = owner.text("proc_name");
  });
  return seen;
}

Deno.test("2,000 short processes leave the tables as they were", () => {
  const owner = new StateMatcher();
  owner.feed([getuid(100), exec(100, "/bin/sh"), open(100, 3, "/etc/passwd")]);
  const before = ["THREADS", "FDS", "STRINGS", "HEAP_BYTES"].map((name) => owner.counter(name as "THREADS"));
  for (let i = 0; i < 2000; i++) {
    const child = 1000 + i;
    owner.feed([
      clone({ tid: 100, result: child }),
      clone({ tid: child, result: 0, ptid: 100 }),
      exec(child, `/usr/bin/tool-${i}`),
      open(child, 4, `/tmp/file-${i}`),
      procexit(child),
    ]);
  }
  owner.feed([getuid(100)]);
  const after = ["THREADS", "FDS", "STRINGS", "HEAP_BYTES"].map((name) => owner.counter(name as "THREADS"));
  assert.deepEqual(after.slice(0, 3), before.slice(0, 3));
  assert.ok(after[3]! <= before[3]! + (64 << 10));
  assert.equal(owner.counter("THREADS_EVICTED"), 0);
});

Deno.test("a full thread table gives up the thread that has been silent longest, and counts it", () => {
  const owner = new StateMatcher({ maxThreads: 100 });
  for (let tid = 1000; tid < 1300; tid++) {
    owner.feed([clone({ tid, result: 0, ptid: 1, timeNs: BigInt(tid) })]);
  }
  assert.ok(owner.counter("THREADS") <= 100);
  assert.ok(owner.counter("THREADS_EVICTED") >= 200);
  assert.equal(last(owner, getuid(1299)).name, "prog", "the newest is known");
  assert.equal(last(owner, getuid(1000)).name, "<NA>", "the oldest is not");
});

Deno.test("an open file is whole while its close is evaluated, and gone afterwards", () => {
  const owner = new StateMatcher();
  assert.equal(last(owner, open(7, 3, "/etc/passwd"), close(7, 3)).fd, "/etc/passwd");
  assert.equal(last(owner, read(7, 3)).fd, "");
  assert.equal(
    last(owner, open(7, 4, "/etc/group"), close(7, 4, -9), read(7, 4)).fd,
    "/etc/group",
    "a failed close",
  );
});

Deno.test("a thread is whole while its exit is evaluated, and gone afterwards", () => {
  const owner = new StateMatcher();
  assert.equal(last(owner, clone({ tid: 50, result: 0 }), procexit(50)).name, "prog");
  assert.equal(last(owner, getuid(50)).name, "<NA>");
});

Deno.test("parent and child share their files until one of them changes them", () => {
  const owner = new StateMatcher();
  owner.feed([
    clone({ tid: 100, result: 0 }),
    open(100, 3, "/a"),
    open(100, 4, "/b", O_RDONLY | O_CLOEXEC),
    clone({ tid: 200, result: 0, ptid: 100 }),
  ]);
  assert.equal(owner.counter("FDS"), 2, "fork makes no entries");
  assert.equal(last(owner, read(200, 3)).fd, "/a");
  assert.equal(last(owner, close(200, 3), open(200, 3, "/c"), read(200, 3)).fd, "/c");
  assert.equal(last(owner, read(100, 3)).fd, "/a", "the parent keeps its own");
  assert.equal(last(owner, exec(200, "/bin/x"), read(200, 4)).fd, "", "execve closes what is marked");
  assert.equal(last(owner, read(100, 4)).fd, "/b");
  owner.feed([procexit(100), procexit(200), getuid(1)]);
  assert.equal(owner.counter("FDS"), 0);
});

Deno.test("threads use the files and the directory of their process", () => {
  const owner = new StateMatcher();
  const chdir = event({ type: code("CHDIR_X"), tid: 100, params: [i64(0), text("/srv")] });
  owner.feed([
    clone({ tid: 100, result: 0 }),
    clone({ tid: 101, result: 0, pid: 100, flags: CLONE_THREAD }),
    chdir,
    open(101, 3, "data/x"),
  ]);
  assert.equal(last(owner, read(100, 3)).fd, "/srv/data/x");
  owner.feed([procexit(100)]);
  assert.equal(last(owner, read(101, 3)).fd, "/srv/data/x", "the process outlives its main thread");
  owner.feed([procexit(101), getuid(1)]);
  assert.equal(owner.counter("THREADS"), 1);
});

Deno.test("orphans go to the reaper that the kernel names", () => {
  const owner = new StateMatcher();
  let ppid: number | undefined;
  owner.feed([
    clone({ tid: 10, result: 0, comm: "reaper" }),
    clone({ tid: 20, result: 0, ptid: 10 }),
    clone({ tid: 30, result: 0, ptid: 20 }),
    procexit(20, 10),
    getuid(30),
  ], () => ppid = owner.number("proc_ppid"));
  assert.equal(ppid, 10);
});

Deno.test("parents that form a circle end every walk", () => {
  const owner = new StateMatcher();
  owner.feed([
    clone({ tid: 10, result: 0, ptid: 20 }),
    clone({ tid: 20, result: 0, ptid: 10 }),
    clone({ tid: 10, result: 0, ptid: 20, timeNs: 5_000_000_000n }),
    procexit(20, 0),
    procexit(10, 20),
    getuid(10),
    getuid(20),
  ]);
  assert.ok(owner.counter("THREADS") <= 4);
});

Deno.test("a child in a pid namespace is made by its own event only", () => {
  const owner = new StateMatcher();
  owner.feed([
    clone({ tid: 100, result: 0 }),
    clone({ tid: 100, result: 2, flags: CLONE_IN_PIDNS }),
  ]);
  assert.equal(last(owner, getuid(2)).name, "<NA>", "2 is a number of the namespace");
  let vpid: number | undefined;
  owner.feed(
    [clone({ tid: 300, result: 0, ptid: 100, flags: CLONE_IN_PIDNS, vtid: 2, vpid: 2 })],
    () => vpid = owner.number("proc_vpid"),
  );
  assert.equal(vpid, 2);
});

Deno.test("a child that has ended before its parent's clone event is not put back", () => {
  const owner = new StateMatcher();
  owner.feed([
    clone({ tid: 100, result: 0 }),
    clone({ tid: 500, result: 0, ptid: 100 }),
    procexit(500),
    clone({ tid: 100, result: 500, timeNs: 4n }),
    getuid(100),
  ]);
  assert.equal(owner.counter("THREADS"), 2, "100 and its unknown parent");
});

Deno.test("the name seen at the entry of open counts, not the one that was changed meanwhile", () => {
  const owner = new StateMatcher();
  const enter = event({ type: code("OPEN_E"), tid: 7, params: [text("/etc/shadow"), u32(O_RDONLY), u32(0)] });
  let evaluated = 0;
  owner.onEvent = () => evaluated++;
  assert.equal(last(owner, enter, open(7, 3, "/tmp/harmless")).fd, "/etc/shadow");
  assert.equal(evaluated, 0, "the enter event itself is not evaluated");
  assert.equal(last(owner, open(7, 4, "/tmp/harmless")).fd, "/tmp/harmless", "it counts once");
});

Deno.test("the address seen at the entry of connect counts", () => {
  const owner = new StateMatcher();
  const socket = event({ type: code("SOCKET_X"), tid: 7, params: [i64(3), u32(2), u32(1), u32(6), u32(0)] });
  const evil = [10, 0, 0, 1], harmless = [127, 0, 0, 1], own = [192, 168, 0, 2];
  const enter = event({ type: code("CONNECT_E"), tid: 7, params: [i64(3), address4(evil, 4444)] });
  const exit = (destination: number[]) =>
    event({
      type: code("CONNECT_X"),
      tid: 7,
      params: [i64(0), tuple4(own, 5000, destination, 80), i64(3), address4(harmless, 80)],
    });
  assert.equal(last(owner, socket, enter, exit(harmless)).fd, "192.168.0.2:5000->10.0.0.1:4444");
  assert.equal(
    last(owner, socket, enter, exit([10, 1, 1, 1])).fd,
    "192.168.0.2:5000->10.1.1.1:80",
    "what the kernel itself has found is trusted",
  );
});

Deno.test("paths are folded as text, never above the root", () => {
  const cases: [cwd: string, name: string, path: string][] = [
    ["/srv", "a", "/srv/a"],
    ["/srv", "../etc/./passwd", "/etc/passwd"],
    ["/srv", "../../../..//etc//shadow", "/etc/shadow"],
    ["/srv", "/etc/../etc/shadow", "/etc/shadow"],
    ["/srv", "/a/b/", "/a/b"],
    ["/srv", "/a//b", "/a/b"],
    ["/srv", ".", "/srv"],
    ["/srv", "..", "/"],
    ["/", "x", "/x"],
    ["/srv", "...", "/srv/..."],
    ["/srv", ".hidden/..x", "/srv/.hidden/..x"],
    ["/srv", "/" + "n".repeat(40) + "/../" + "m".repeat(40), "/" + "m".repeat(40)],
    ["/srv", "y".repeat(2000), "/DIR_TOO_LONG/FILENAME_TOO_LONG"],
  ];
  for (const [cwd, name, path] of cases) {
    const owner = new StateMatcher({ heapBytes: 4 << 20 });
    const chdir = event({ type: code("CHDIR_X"), tid: 7, params: [i64(0), text(cwd)] });
    assert.equal(last(owner, clone({ tid: 7, result: 0 }), chdir, open(7, 3, name)).fd, path, name);
  }
});

Deno.test("a path relative to a directory fd is resolved by its name", () => {
  const owner = new StateMatcher();
  const openat = event({
    type: code("OPENAT_X"),
    tid: 7,
    params: [i64(4), i64(3), text("shadow"), u32(O_RDONLY), u32(0), u32(1), i64(9)],
  });
  assert.equal(last(owner, open(7, 3, "/etc"), openat).fd, "/etc/shadow");
  assert.equal(last(owner, close(7, 3), openat).fd, "<UNKNOWN>/shadow".replace("/", ""));
});

Deno.test("a listed process has its files, its parent and the roles of its connections", () => {
  const process = (tid: number, ptid: number, comm: string) => {
    const field = (s: string) => concat([u16(s.length), new TextEncoder().encode(s)]);
    const body = concat([
      ...[i64(tid), i64(tid), i64(ptid), i64(tid), i64(tid), field(comm), field(comm), field(`/bin/${comm}`)],
      ...[field(""), field("/"), i64(1024), u32(0), u32(0), u32(0), u32(0), u32(0), u32(0), i64(0), i64(0)],
      ...[field(""), i64(tid), i64(tid), field("cpu=/"), field("/")],
    ]);
    return concat([u32(body.length + 4), body]);
  };
  const entry = (fd: number, type: number, payload: Uint8Array) => {
    const body = concat([i64(fd), i64(77), u8(type), payload]);
    return concat([u32(body.length + 4), body]);
  };
  const ports = (sport: number, dport: number) => concat([u16(sport), u16(dport), u8(2)]);
  const owner = new StateMatcher();
  owner.ingest(concat([
    // the child comes before its parent
    block(0x215, concat([process(20, 10, "nginx"), process(10, 0, "systemd")])),
    block(
      0x218,
      concat([
        i64(20),
        entry(3, 5, concat([Uint8Array.of(0, 0, 0, 0), u16(443), u8(2)])),
        entry(4, 3, concat([Uint8Array.of(10, 0, 0, 1, 10, 0, 0, 9), ports(443, 50000)])),
        entry(5, 3, concat([Uint8Array.of(10, 0, 0, 1, 10, 0, 0, 8), ports(50001, 5432)])),
      ]),
    ),
  ]));
  assert.equal(last(owner, read(20, 4)).fd, "10.0.0.9:50000->10.0.0.1:443", "served: the client comes first");
  assert.equal(last(owner, read(20, 5)).fd, "10.0.0.1:50001->10.0.0.8:5432");
  let parent: string | undefined;
  owner.feed([getuid(20)], () => parent = owner.text("proc_pname"));
  assert.equal(parent, "systemd");
});

Deno.test("huge file numbers and full tables are refused and counted, not believed", () => {
  const owner = new StateMatcher({ maxFds: 64 });
  owner.feed([clone({ tid: 7, result: 0 })]);
  for (let fd = 0; fd < 200; fd++) owner.feed([open(7, fd * 4096, `/f${fd}`)]);
  assert.equal(owner.counter("FDS"), 64);
  assert.equal(owner.counter("FDS_EVICTED"), 136);
  assert.equal(
    last(owner, open(8, Number.MAX_SAFE_INTEGER, "/x"), read(8, Number.MAX_SAFE_INTEGER)).fd,
    "",
  );
});

Deno.test("without memory the matcher goes on, with less to tell", () => {
  const owner = new StateMatcher({ heapBytes: 256 << 10, maxThreads: 4096 });
  for (let tid = 10; tid < 3000; tid++) {
    owner.feed([clone({ tid, result: 0 }), open(tid, 3, `/long/path/number/${tid}`)]);
  }
  assert.ok(owner.counter("HEAP_REFUSED") > 0);
  owner.feed([getuid(5)]);
});

Deno.test("records of users and groups give names to ids", () => {
  const owner = new StateMatcher();
  const record = (type: string, ...params: Uint8Array[]) =>
    eventBlock(event({ type: code(type), tid: -1, params }));
  owner.ingest(concat([
    record(
      "USERADDED_E",
      u32(1501),
      u32(1501),
      text("alice"),
      text("/home/alice"),
      text("/bin/sh"),
      text(""),
    ),
    record("GROUPADDED_E", u32(1501), text("people"), text("")),
  ]));
  const setuid = event({ type: code("SETUID_X"), tid: 7, params: [i64(0), u32(1501)] });
  const setgid = event({ type: code("SETGID_X"), tid: 7, params: [i64(0), u32(1501)] });
  let user: string | undefined, group: string | undefined;
  owner.feed([setuid, setgid], () => [user, group] = [owner.text("user_name"), owner.text("group_name")]);
  assert.deepEqual([user, group], ["alice", "people"]);
  owner.ingest(record("USERDELETED_E", u32(1501), u32(1501), text("alice"), text(""), text(""), text("")));
  owner.feed([getuid(7)], () => user = owner.text("user_name"));
  assert.notEqual(user, "alice");
});
