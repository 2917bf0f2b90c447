// Ring walk and merge: what lies in the rings comes out once, in order, and the space is given back.

import assert from "node:assert/strict";
import fc from "fast-check";
import { PROBE_LIMITS } from "../../schema/layout.ts";
import { event, StateMatcher } from "./event_stream.ts";
import { TestRing } from "./test_ring.ts";

const PAGE = 4096;
const BUSY = 0x80000000;
const DISCARD = 0x40000000;
const GETPID_LIKE = 39; // an event without parameters that changes nothing

function makeRings(
  count: number,
  dataBytes: number,
): { owner: StateMatcher; rings: TestRing[]; seen: bigint[] } {
  const stride = 2 * PAGE + 2 * dataBytes;
  const owner = new StateMatcher({ heapBytes: 4 << 20, ringBytes: count * stride });
  const rings = Array.from(
    { length: count },
    (_, i) => new TestRing(owner, owner.ringsAt + i * stride, dataBytes, i),
  );
  const seen: bigint[] = [];
  owner.onEvent = () => seen.push(BigInt(owner.number("evt_rawtime")!));
  return { owner, rings, seen };
}

const at = (timeNs: bigint, padding = 0) =>
  event({ type: GETPID_LIKE, tid: 7, timeNs, params: padding === 0 ? [] : [new Uint8Array(padding)] });

Deno.test("events of several rings come in order of time, up to the horizon, with wrap-around", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.array(
        fc.record({
          ring: fc.nat(8),
          padding: fc.nat(700),
          kind: fc.constantFrom("event", "event", "event", "discard"),
        }),
        { maxLength: 120 },
      ),
      fc.integer({ min: 1, max: 40 }),
      (count, records, batch) => {
        const { owner, rings, seen } = makeRings(count, PAGE);
        const expected: bigint[] = [];
        let timeNs = 1000n;
        for (const { ring: index, padding, kind } of records) {
          timeNs += 3n;
          const ring = rings[index % count]!;
          if (ring.write(at(timeNs, padding), kind === "discard" ? DISCARD : 0) === undefined) {
            owner.matcher.pump(timeNs, batch);
            continue;
          }
          if (kind === "event") expected.push(timeNs);
        }
        // nothing younger than the horizon is taken
        const taken = seen.length;
        owner.matcher.pump(expected[taken + 1] ?? timeNs, 1 << 20);
        assert.ok(seen.length <= taken + 2 || expected[taken + 1] === undefined);
        while (owner.matcher.pump(timeNs, batch) > 0);
        assert.deepEqual(seen, expected);
        for (const ring of rings) assert.equal(ring.consumed, ring.produced);
        assert.equal(owner.counter("EVENTS_OUT_OF_ORDER"), 0);
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("a record that is still being written stops its ring and whatever may be younger", () => {
  const { owner, rings: [first, second], seen } = makeRings(2, PAGE);
  first!.write(at(10n));
  const busy = first!.write(at(20n), BUSY)!;
  second!.write(at(5n));
  second!.write(at(30n));
  owner.matcher.pump(1000n, 100);
  assert.deepEqual(seen, [5n, 10n]);
  assert.equal(first!.consumed, busy, "the busy record stays in front of the consumer position");
  first!.commit(busy);
  owner.matcher.pump(1001n, 100);
  assert.deepEqual(seen, [5n, 10n, 20n, 30n]);
});

Deno.test("a record that is never finished does not hold up the other rings for ever", () => {
  const { owner, rings: [first, second], seen } = makeRings(2, PAGE);
  first!.write(at(10n), BUSY);
  second!.write(at(30n));
  owner.matcher.pump(1000n, 100);
  assert.deepEqual(seen, []);
  owner.matcher.pump(3_000_000_000n, 100);
  assert.deepEqual(seen, [30n]);
});

Deno.test("discarded records are counted and skipped", () => {
  const { owner, rings: [ring], seen } = makeRings(1, PAGE);
  ring!.write(at(1n), DISCARD);
  const position = ring!.write(at(2n), BUSY)!;
  ring!.write(at(3n));
  ring!.commit(position, DISCARD);
  owner.matcher.pump(100n, 100);
  assert.deepEqual(seen, [3n]);
  assert.equal(owner.counter("RING_DISCARDED"), 2);
});

Deno.test("a record that is longer than any event is damage: it could reach beyond what follows the ring's end", () => {
  const { owner, rings: [ring], seen } = makeRings(1, 1 << 17);
  ring!.write(at(1n));
  ring!.write(at(2n, PROBE_LIMITS.MAX_EVENT_BYTES));
  ring!.write(at(3n));
  owner.matcher.pump(100n, 100);
  assert.deepEqual(seen, [1n]);
  assert.equal(owner.counter("EVENTS_DAMAGED"), 1);
  assert.equal(ring!.consumed, ring!.produced);
});

Deno.test("space is given back while a batch is under way", () => {
  const { owner, rings: [ring] } = makeRings(1, 1 << 20);
  for (let i = 1n; ring!.write(at(i, 4000)) !== undefined; i++);
  let first = 0;
  owner.onEvent = () => first ||= ring!.consumed;
  owner.matcher.pump(1n << 40n, 1 << 20);
  assert.ok(first > 0 && first <= 2 * (64 << 10), `the first 64 KiB are given back early, not at ${first}`);
  assert.equal(owner.counter("RING_BYTES"), ring!.produced);
});

Deno.test("a copied image gives the same events as the ring it was copied from", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(900), { minLength: 1, maxLength: 60 }), (paddings) => {
      const { owner, rings: [ring], seen } = makeRings(1, PAGE);
      const copy = makeRings(1, PAGE);
      const image = copy.rings[0]!;
      let timeNs = 0n;
      for (const padding of paddings) {
        while (ring!.write(at(++timeNs, padding)) === undefined) {
          // the bytes between both positions, at the same offsets, and the producer position
          const data = 2 * PAGE;
          copy.owner.bytes.set(
            owner.bytes.subarray(ring!.at + data, ring!.at + data + 2 * PAGE),
            image.at + data,
          );
          copy.owner.data.setBigUint64(image.at + PAGE, BigInt(ring!.produced), true);
          copy.owner.matcher.pump(timeNs, 1 << 20);
          owner.matcher.pump(timeNs, 1 << 20);
          assert.equal(image.consumed, ring!.consumed);
        }
      }
      assert.deepEqual(copy.seen, seen.slice(0, copy.seen.length));
      assert.equal(copy.seen.length, seen.length);
    }),
    { numRuns: 40 },
  );
});

Deno.test("garbage in a ring neither traps nor hangs", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: PAGE, maxLength: PAGE }),
      fc.bigInt({ min: 0n, max: 1n << 64n }),
      fc.array(fc.tuple(fc.nat(PAGE / 8 - 1), fc.nat(200))),
      (noise, produced, headers) => {
        const { owner, rings: [ring] } = makeRings(1, PAGE);
        owner.bytes.set(noise, ring!.at + 2 * PAGE);
        // some records with plausible lengths
        for (const [slot, bytes] of headers) {
          owner.data.setUint32(ring!.at + 2 * PAGE + slot * 8, bytes, true);
        }
        owner.bytes.copyWithin(ring!.at + 3 * PAGE, ring!.at + 2 * PAGE, ring!.at + 3 * PAGE);
        for (const position of [produced, BigInt(PAGE), 64n]) {
          owner.data.setBigUint64(ring!.at + PAGE, BigInt.asUintN(64, position), true);
          owner.matcher.pump(1n << 62n, 1 << 20);
        }
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("a ring that is not page-aligned or not a power of two is refused", () => {
  const { owner } = makeRings(1, PAGE);
  assert.equal(owner.matcher.ring_add(owner.ringsAt + 8, PAGE, 0), -1);
  assert.equal(owner.matcher.ring_add(owner.ringsAt, PAGE + 8, 0), -1);
  assert.equal(owner.matcher.ring_add(owner.ringsAt, 0, 0), -1);
});

Deno.test("when the clock is set, events show the new time and keep their order and distances", () => {
  const { owner, rings: [first, second] } = makeRings(2, PAGE);
  const seen: [time: number, sinceFirst: number][] = [];
  owner.onEvent = () => seen.push([owner.number("evt_rawtime")!, owner.number("evt_reltime")!]);
  const takes = (shiftNs: bigint, ...times: readonly bigint[]) => {
    owner.matcher.set_clock_shift(shiftNs);
    times.forEach((timeNs, i) => (i % 2 === 0 ? second! : first!).write(at(timeNs)));
    assert.equal(owner.matcher.pump(times.at(-1)!, 100), times.length);
  };
  takes(0n, 1000n, 1010n);
  takes(500n, 1020n, 1030n);
  takes(-900n, 1040n, 1050n);
  assert.deepEqual(seen, [[1000, 0], [1010, 10], [1520, 20], [1530, 30], [140, 40], [150, 50]]);
  assert.equal(owner.counter("EVENTS_OUT_OF_ORDER"), 0);
});
