// Containers in time: whose first events wait, for what and how long; order is kept, nothing is lost or evaluated twice.

import assert from "node:assert/strict";
import fc from "fast-check";
import { textParam, u32Param, writeEvent } from "../../scap/event_block.ts";
import { BlockWriter } from "../../scap/block_writer.ts";
import { EVENT_CODE } from "../../schema/events.ts";
import { ContainerLab, fullId, MS, shortId, START_NS, WAIT_MS } from "./container_lab.ts";
import { event, i64, list, NONE, text, u32, u64Params } from "./event_stream.ts";

const counted = (counters: Record<string, number>) => ({
  ...{ ASKED: 0, AWAITED: 0, IN_TIME: 0, LATE: 0, CROWDED: 0, UNKNOWN: 0 },
  ...counters,
});

Deno.test("the first events of a container wait for its facts, and have them; what came before them is evaluated", () => {
  const lab = new ContainerLab();
  lab.happens(7);
  lab.starts(100, 1);
  lab.happens(100);
  lab.pump();
  assert.deepEqual(lab.evaluated.map(({ tid }) => tid), [7]);
  assert.deepEqual(lab.seen, [{
    ...{ id: shortId(1), key: shortId(1), ownerUid: 0, parent: "/libpod_parent/" },
    ...{ type: 11, pid: 100, isKnown: false },
  }]);
  assert.equal(lab.owner.matcher.is_holding(), 1);
  lab.pump(60n);
  lab.answer(1);
  assert.equal(lab.owner.matcher.is_holding(), 0);
  lab.pump(1n);
  assert.deepEqual(lab.names(100), ["name-1", "name-1"]);
  assert.deepEqual(lab.counters(), counted({ ASKED: 1, AWAITED: 1, IN_TIME: 1 }));
  assert.equal(lab.owner.counter("CONTAINERS_WAIT_NS"), 60_000_000);
});

Deno.test("nobody waits longer than the bound, and a container that was waited for in vain is not waited for again", () => {
  const lab = new ContainerLab();
  lab.starts(100, 1);
  lab.pump();
  lab.pump(99n);
  assert.equal(lab.evaluated.length, 0);
  lab.pump(1n);
  lab.pump();
  assert.deepEqual(lab.names(100), [undefined]);
  lab.starts(101, 1);
  lab.pump();
  assert.deepEqual(lab.names(101), [undefined]);
  assert.deepEqual(lab.counters(), counted({ ASKED: 1, AWAITED: 1, LATE: 1 }));
  lab.answer(1);
  lab.happens(101);
  lab.pump(1n);
  assert.deepEqual(lab.names(101), [undefined, "name-1"]);
});

Deno.test("an answer that came while the thread had no CPU is in time, although the wait is over by the clock", () => {
  const lab = new ContainerLab();
  lab.starts(100, 1);
  lab.pump();
  lab.pump(95n);
  // the answer lies in the queue, which is looked at after the batch
  lab.pumpOnce(800n);
  assert.equal(lab.evaluated.length, 0);
  lab.answer(1);
  lab.pumpOnce(0n);
  assert.deepEqual(lab.names(100), ["name-1"]);
  assert.deepEqual(lab.counters(), counted({ ASKED: 1, AWAITED: 1, IN_TIME: 1 }));
});

Deno.test("time without a CPU does not count, but an event is held no longer than its age allows", () => {
  const STARVED_MS = 150n;
  /** The wait at the start, and what an event may be old when it is seen (assembly/state/container_watch.ts). */
  const OLDEST_MS = WAIT_MS + 500n;
  const lab = new ContainerLab();
  lab.starts(100, 1);
  lab.pump();
  for (let ms = 0n; ms < OLDEST_MS; ms += STARVED_MS) {
    assert.deepEqual(lab.names(100), [], `after ${ms} ms`);
    lab.pumpOnce(STARVED_MS);
  }
  lab.pumpOnce(0n);
  assert.deepEqual(lab.names(100), [undefined]);
  assert.deepEqual(lab.counters(), counted({ ASKED: 1, AWAITED: 1, LATE: 1 }));
});

Deno.test("a container that no engine knows does not wait", () => {
  const lab = new ContainerLab();
  lab.starts(100, 1);
  lab.pump();
  lab.tell("unknown_container", 1);
  lab.pump();
  assert.deepEqual(lab.names(100), [undefined]);
  assert.deepEqual(lab.counters(), counted({ ASKED: 1, AWAITED: 1, IN_TIME: 1, UNKNOWN: 1 }));
});

Deno.test("a container that is known at its creation does not wait", () => {
  const lab = new ContainerLab();
  lab.answer(1);
  lab.starts(100, 1);
  lab.pump();
  assert.deepEqual(lab.names(100), ["name-1"]);
  assert.deepEqual(lab.seen.map(({ isKnown }) => isKnown), [true]);
  assert.deepEqual(lab.counters(), counted({}));
});

Deno.test("with a wait of 0, and without being asked to watch, all is evaluated at once", () => {
  const hasty = new ContainerLab({ waitMs: 0n });
  hasty.starts(100, 1);
  hasty.pump();
  assert.deepEqual(hasty.names(100), [undefined]);
  assert.deepEqual(hasty.seen.map(({ id }) => id), [shortId(1)]);
  const deaf = new ContainerLab({ watches: false });
  deaf.starts(100, 1);
  deaf.pump();
  assert.deepEqual(deaf.names(100), [undefined]);
  assert.deepEqual(deaf.seen, []);
});

Deno.test("containers after the one that is waited for are asked about meanwhile, and their time runs", () => {
  const lab = new ContainerLab({ rings: 2 });
  lab.starts(100, 1);
  lab.starts(200, 2, { timeNs: lab.nowNs + 1n, ring: 1 });
  lab.starts(300, 3, { timeNs: lab.nowNs + 2n, ring: 0 });
  lab.pump(1n);
  assert.deepEqual(lab.seen.map(({ id }) => id).sort(), [1, 2, 3].map(shortId).sort());
  for (const n of [3, 2]) lab.answer(n);
  lab.pump(100n);
  lab.pump();
  assert.deepEqual([100, 200, 300].map((tid) => lab.names(tid)[0]), [undefined, "name-2", "name-3"]);
  assert.deepEqual(lab.counters(), counted({ ASKED: 3, AWAITED: 1, LATE: 1 }));
});

Deno.test("a ring that is half full ends the wait", () => {
  const lab = new ContainerLab({ rings: 2 });
  lab.starts(100, 1);
  lab.pump();
  while (lab.rings[1]!.produced <= 8 << 10) lab.happens(7, lab.nowNs, 1);
  lab.pump(1n);
  assert.deepEqual(lab.names(100), [undefined]);
  assert.ok(lab.evaluated.length > 100);
  assert.deepEqual(lab.counters(), counted({ ASKED: 1, AWAITED: 1, CROWDED: 1 }));
});

Deno.test("an exec by another user than root waits for the users of its container, one by root does not", () => {
  const lab = new ContainerLab();
  lab.answer(1);
  lab.starts(100, 1);
  lab.starts(101, 1, { uid: 1000 });
  lab.pump(1n);
  assert.deepEqual(lab.evaluated.map(({ tid }) => tid), [100]);
  const writer = new BlockWriter(256);
  const params = [
    u32Param(1000),
    u32Param(1000),
    ...["ann", "/home/ann", "/bin/sh", shortId(1)].map(textParam),
  ];
  writeEvent(writer, "USERADDED_E", params, 0n);
  lab.inject(writer.take());
  lab.tell("read_container_users", 1);
  lab.pump(1n);
  assert.deepEqual(lab.evaluated.map(({ tid, user }) => [tid, user]), [[100, "root"], [101, "ann"]]);
  lab.starts(102, 0, { uid: 1000 });
  lab.pump(1n);
  assert.deepEqual(lab.evaluated.at(-1)?.user, "<NA>");
});

Deno.test("threads that were there before are reported at once, first processes first", () => {
  const lab = new ContainerLab({ watches: false });
  lab.starts(100, 1);
  lab.starts(101, 1);
  lab.starts(102, 0);
  lab.pump(1n);
  lab.owner.matcher.watch_containers(lab.nowNs, 100n * MS, 1000n * MS);
  assert.deepEqual(lab.seen.map(({ id, pid }) => [id, pid]), [100, 101].map((pid) => [shortId(1), pid]));
  lab.happens(101);
  lab.pump(900n);
  assert.equal(lab.names(101).length, 1);
  lab.answer(1);
  lab.pump(1n);
  assert.deepEqual(lab.names(101), [undefined, "name-1"]);
});

Deno.test("events of threads that were there before wait too, with the process in their number as the probe writes it", () => {
  const lab = new ContainerLab({ watches: false });
  lab.starts(100, 1);
  lab.pump(1n);
  lab.owner.matcher.watch_containers(lab.nowNs, 100n * MS, 1000n * MS);
  lab.happens(100 * 2 ** 32 + 100);
  lab.pump(900n);
  assert.equal(lab.names(100).length, 1);
  lab.answer(1);
  lab.pump(1n);
  assert.deepEqual(lab.names(100), [undefined, "name-1"]);
});

Deno.test("what is known of a container outlives its removal by five seconds; afterwards its id is new", () => {
  const lab = new ContainerLab();
  lab.answer(1);
  lab.starts(100, 1);
  lab.pump(1n);
  lab.tell("read_container_users", 1);
  lab.answer(1, "container_removed");
  lab.happens(100);
  lab.pump(1n);
  assert.deepEqual(lab.names(100), ["name-1", "name-1"]);
  lab.pump(7000n);
  lab.starts(101, 1);
  lab.pump();
  assert.equal(lab.seen.length, 2);
  assert.equal(lab.owner.matcher.is_holding(), 1);
});

Deno.test("records from outside the stream are seen by no rule and do not turn back time", () => {
  const lab = new ContainerLab();
  lab.happens(7);
  lab.pump(1n);
  lab.answer(1);
  assert.equal(lab.evaluated.length, 1);
  lab.happens(7, lab.nowNs + 5n);
  let deltaNs: number | undefined;
  lab.owner.onEvent = () => deltaNs = lab.owner.number("evt_deltatime");
  lab.pump(1n);
  assert.equal(deltaNs, 1_000_005);
});

Deno.test("damaged clones and execs neither trap nor wait for ever", () => {
  const whole = event({
    type: EVENT_CODE["CLONE_X"]!,
    tid: 9,
    timeNs: START_NS,
    params: [
      ...[i64(0), text("p"), NONE, i64(9), i64(9), i64(1), text(""), i64(1024), ...u64Params(0, 0)],
      ...[u32(0), u32(0), u32(0), text("p"), list(`cpu=/libpod-${fullId(1)}`), u32(0), u32(1), u32(0)],
      ...u64Params(9, 9, 0),
    ],
  });
  const change = fc.tuple(fc.integer({ min: 16, max: whole.length - 1 }), fc.nat(255));
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 8 }),
      fc.integer({ min: 0, max: whole.length }),
      (changes, cut) => {
        const lab = new ContainerLab();
        const bytes = whole.slice(0, Math.max(26, cut));
        for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
        lab.rings[0]!.write(bytes);
        lab.happens(7, START_NS + 1n);
        lab.pump(1n);
        lab.pump(WAIT_MS);
        lab.pump();
        assert.equal(lab.evaluated.filter(({ tid }) => tid === 7).length, 1);
        assert.equal(lab.owner.matcher.is_holding(), 0);
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("an empty list of cgroups is none, also behind one of a container that has been forgotten", () => {
  const lab = new ContainerLab();
  lab.answer(1);
  lab.starts(100, 1);
  lab.pump(1n);
  lab.answer(1, "container_removed");
  lab.pump(1n);
  lab.pump(7000n);
  const params = [
    ...[i64(0), text("p"), NONE, i64(101), i64(101), i64(1), text(""), i64(1024), ...u64Params(0, 0)],
    ...[u32(0), u32(0), u32(0), text("p"), list("")],
  ];
  lab.rings[0]!.write(event({ type: EVENT_CODE["CLONE_X"]!, tid: 101, timeNs: lab.nowNs, params }));
  lab.pump(1n);
  assert.equal(lab.seen.length, 1);
  assert.equal(lab.owner.matcher.is_holding(), 0);
});

Deno.test("whatever happens in whatever order: all is evaluated once, in order, and in time for every answer", () => {
  const CONTAINERS = 4;
  const step = fc.record({
    ring: fc.nat(2),
    container: fc.nat(CONTAINERS),
    kind: fc.constantFrom("start", "act", "act", "answer", "unknown", "pass"),
    afterMs: fc.integer({ min: 0, max: 40 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const lab = new ContainerLab({ rings: 3, ringBytes: 64 << 10 });
      const written: { timeNs: bigint; tid: number }[] = [];
      const tidOf = (container: number) => 1000 + container;
      const started = new Set<number>();
      const seenNs = new Map<number, bigint>();
      const answeredNs = new Map<number, bigint>();
      for (const { ring, container, kind, afterMs } of steps) {
        const at = { timeNs: lab.nowNs + 1n, tid: tidOf(container) };
        lab.nowNs += 2n;
        if (kind === "answer" && container > 0) {
          if (!answeredNs.has(container)) answeredNs.set(container, lab.nowNs);
          lab.answer(container);
        } else if (kind === "unknown" && container > 0) lab.tell("unknown_container", container);
        else if (kind === "start" && !started.has(container)) {
          started.add(container);
          lab.starts(at.tid, container, { timeNs: at.timeNs, ring });
          written.push(at);
        } else if (kind === "act") {
          lab.happens(at.tid, at.timeNs, ring);
          written.push(at);
        }
        // at the earliest
        for (const n of started) if (!seenNs.has(n)) seenNs.set(n, lab.nowNs);
        lab.pump(BigInt(afterMs));
        // nothing waits longer than the bound, whatever else waits
        const overdue = written.filter(({ timeNs }) => timeNs + (WAIT_MS + 46n) * MS < lab.nowNs);
        assert.ok(lab.evaluated.length >= overdue.length);
      }
      lab.pump(WAIT_MS);
      lab.pump();
      assert.deepEqual(lab.evaluated.map(({ timeNs, tid }) => ({ timeNs, tid })), written);
      const unknown = new Set(steps.flatMap(({ kind, container }) => kind === "unknown" ? [container] : []));
      for (const n of started) {
        const seen = seenNs.get(n)!, answered = answeredNs.get(n);
        if (n === 0 || unknown.has(n) || answered === undefined || answered >= seen + WAIT_MS * MS) continue;
        // what the thread did before it entered the container is the host's
        const names = new Set(lab.names(tidOf(n)).filter((name) => name !== "host"));
        assert.deepEqual([...names], [`name-${n}`]);
      }
      const { AWAITED, IN_TIME, LATE, CROWDED } = lab.counters();
      assert.equal(AWAITED, IN_TIME! + LATE! + CROWDED!);
      assert.equal(lab.owner.matcher.is_holding(), 0);
    }),
    { numRuns: 300 },
  );
});
