// Who may make one cgroup invents containers without end: places, questions and time of others stay theirs.

import assert from "node:assert/strict";
import { ContainerLab, MS, shortId } from "./container_lab.ts";

const CROWD = 20_000;
const MAX_PLACES = 16_384;
const HEAP_BYTES = 64 << 20;
/** What one party may wait at once, and what comes back a second (assembly/state/hold_budget.ts). */
const BURST_MS = 14_000;
const REFILL_MS = 450;
/** What the lab waits for one container, and until an event counts as seen (assembly/state/container_watch.ts). */
const HELD_AT_MOST_MS = 100n + 500n;

/** As deep and as varied as its maker likes, below one folder that is his. */
const invented = (n: number) => `/deleg/a${n % 97}/b${n}`;

Deno.test("20,000 containers of one party push out one another, and nobody else's", () => {
  const lab = new ContainerLab({ heapBytes: HEAP_BYTES, ringBytes: 1 << 20, waitMs: 0n });
  for (const n of [1, 2, 3]) {
    lab.answer(n);
    lab.starts(n, n);
  }
  for (let n = 100; n < 100 + CROWD; n++) {
    lab.starts(100, n, { folder: invented(n) });
    lab.answer(n);
    if (n % 500 === 0) lab.pump(100n);
  }
  lab.pump();
  assert.equal(lab.seen.length, 3 + CROWD, "the host is told about each");
  assert.ok(lab.owner.counter("CONTAINERS") <= MAX_PLACES);
  assert.ok(lab.owner.counter("CONTAINERS_EVICTED") >= CROWD - MAX_PLACES);
  assert.equal(lab.owner.counter("CONTAINERS_REFUSED"), 0);
  for (const n of [1, 2, 3]) lab.happens(n);
  lab.answer(4);
  lab.starts(4, 4);
  lab.pump(1n);
  assert.deepEqual([1, 2, 3, 4].map((tid) => lab.names(tid).at(-1)), [
    "name-1",
    "name-2",
    "name-3",
    "name-4",
  ]);
});

Deno.test("containers that all lack their facts are forgotten too when there are too many", () => {
  const lab = new ContainerLab({ heapBytes: HEAP_BYTES, ringBytes: 32 << 20 });
  lab.starts(1, 1);
  for (let n = 100; n < 100 + CROWD; n++) lab.starts(100, n, { folder: invented(n) });
  lab.starts(2, 2);
  lab.pump(1n);
  const told = new Set(lab.seen.map(({ id }) => id));
  assert.equal(told.size, CROWD + 2);
  lab.answer(1);
  lab.answer(2);
  for (let turn = 0; turn < 1000 && lab.evaluated.length < CROWD + 2; turn++) lab.pump(10n);
  assert.deepEqual([...lab.names(1), ...lab.names(2)], ["name-1", "name-2"]);
  assert.equal(lab.evaluated.length, CROWD + 2);
});

Deno.test("1,000 invented containers a second hold all events for a bounded time, and real ones are still waited for", () => {
  const lab = new ContainerLab({ heapBytes: HEAP_BYTES, ringBytes: 1 << 20 });
  const seconds = 40;
  let latestNs = 0n;
  for (let ms = 0; ms < seconds * 1000; ms++) {
    lab.starts(100, 100 + ms, { folder: invented(ms) });
    lab.pump(1n);
    const last = lab.evaluated.at(-1);
    if (ms > 5000 && last !== undefined && lab.nowNs - last.timeNs > latestNs) {
      latestNs = lab.nowNs - last.timeNs;
    }
  }
  const heldMs = lab.owner.counter("CONTAINERS_WAIT_NS") / 1e6;
  assert.ok(heldMs <= BURST_MS + REFILL_MS * seconds, `${heldMs} ms`);
  assert.ok(lab.owner.counter("CONTAINERS_OVER_BUDGET") > seconds * 100);
  assert.ok(latestNs < (HELD_AT_MOST_MS + 50n) * MS, `${latestNs} ns late`);
  lab.starts(7, 7);
  lab.pump(20n);
  assert.equal(lab.seen.at(-1)?.id, shortId(7));
  lab.answer(7);
  lab.pump(1n);
  assert.deepEqual(lab.names(7), ["name-7"]);
});
