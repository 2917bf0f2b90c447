import assert from "node:assert/strict";
import fc from "fast-check";
import { readMatcherCounters } from "../../engine/counters.ts";
import { Matcher } from "../../engine/matcher.ts";
import { createMemory, planMemory } from "../../engine/memory_plan.ts";
import { PROBE_LIMITS } from "../../schema/layout.ts";
import { openRings, type RingSet } from "../../sources/live/ring_set.ts";
import { matcherMissing, readMatcher } from "./matcher_artefact.ts";
import { fillTable } from "./recorder_module.ts";
import { SyntheticRing } from "./synthetic_ring.ts";

const RINGS = 3;
/** Small, so that a run of records wraps around many times: all of the ring follows its end, or less of it than there is. */
const SIZES = [
  { ringBytes: 4096, longName: 900, runs: 60 },
  { ringBytes: 1 << 17, longName: PROBE_LIMITS.MAX_EVENT_BYTES - 55, runs: 20 },
];
const UNLINKAT = 303;
const START_NS = 1_700_000_000_000_000_000n;

/** unlinkat: res, dirfd, name, flags; the name makes records of any length. */
function event(timeNs: bigint, tid: number, nameBytes: number): Uint8Array {
  const lengths = [8, 8, nameBytes + 1, 4];
  const bytes = new Uint8Array(26 + 8 + lengths.reduce((sum, n) => sum + n, 0));
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, timeNs, true);
  view.setBigUint64(8, BigInt(tid), true);
  view.setUint32(16, bytes.length, true);
  view.setUint16(20, UNLINKAT, true);
  view.setUint32(22, lengths.length, true);
  lengths.forEach((length, i) => view.setUint16(26 + 2 * i, length, true));
  bytes.fill(0x61, 34 + 16, 34 + 16 + nameBytes);
  return bytes;
}

/** Rings, a matcher that reads them in one of the two ways, and the events that it evaluated. */
class Side {
  readonly seen: string[] = [];
  readonly rings: readonly SyntheticRing[];
  readonly #matcher: Matcher;
  readonly #set: RingSet;

  constructor(wasm: Uint8Array<ArrayBuffer>, copy: boolean, ringBytes: number) {
    this.rings = Array.from({ length: RINGS }, () => new SyntheticRing(ringBytes));
    const plan = planMemory(16 << 20, RINGS, ringBytes);
    const memory = createMemory(plan);
    const limits = { heapEnd: plan.heapEnd, maxThreads: 1000, maxFds: 1000 };
    this.#matcher = new Matcher(wasm, memory, limits, { onAlert: () => {}, now: () => START_NS });
    const { evt_num, evt_rawtime, thread_tid, evt_cpu } = this.#matcher.exports as unknown as Record<
      string,
      () => bigint
    >;
    fillTable(this.#matcher.table, () => {
      this.seen.push(`${evt_num!()} ${evt_rawtime!()} ${thread_tid!()} ${evt_cpu!()}`);
    });
    const placed = this.rings.map(({ fd }, cpu) => ({ fd, pages: plan.rings[cpu]!, cpu }));
    this.#set = openRings(this.#matcher, placed, copy);
  }

  pump(horizonNs: bigint, maxEvents: number): number {
    return this.#set.pump(horizonNs, maxEvents);
  }

  counters(): Record<string, bigint> {
    return readMatcherCounters(this.#matcher.memory);
  }

  close(): void {
    this.#set.close();
    for (const ring of this.rings) ring.close();
  }
}

const ring = fc.nat(RINGS - 1);
const stepOf = (longName: number) =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant("write" as const),
        ring,
        nameBytes: fc.oneof(fc.nat(20), fc.nat(longName)),
        gapNs: fc.oneof(fc.nat(3), fc.nat(100_000)),
        state: fc.constantFrom(
          "commit" as const,
          "commit" as const,
          "commit" as const,
          "discard" as const,
          "busy" as const,
        ),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant("release" as const), ring, discard: fc.boolean() }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("pump" as const),
        slackNs: fc.oneof(fc.constant(0), fc.nat(200_000)),
        maxEvents: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(1 << 16)),
      }),
    },
  );

Deno.test({
  name:
    `rings read in place and rings that are copied give the same events, across wrap-around, busy and discarded records${
      matcherMissing ? ` (skipped: ${matcherMissing})` : ""
    }`,
  ignore: matcherMissing !== undefined,
  fn() {
    const wasm = readMatcher();
    for (const { ringBytes, longName, runs } of SIZES) {
      fc.assert(
        fc.property(fc.array(stepOf(longName), { minLength: 20, maxLength: 200 }), (steps) => {
          const sides = [new Side(wasm, false, ringBytes), new Side(wasm, true, ringBytes)] as const;
          const [mapped, copied] = sides;
          try {
            let nowNs = START_NS;
            const expected: string[] = [];
            const busy = mapped.rings.map(() => [] as string[]);
            for (const s of steps) {
              if (s.kind === "write") {
                nowNs += BigInt(s.gapNs);
                const record = event(nowNs, 100 + s.ring, s.nameBytes);
                const [written, alsoWritten] = sides.map(({ rings }) =>
                  rings[s.ring]!.write(record, s.state)
                );
                assert.equal(written, alsoWritten, "both rings are equally full");
                const line = `${nowNs} ${100 + s.ring} ${s.ring}`;
                if (written && s.state === "commit") expected.push(line);
                if (written && s.state === "busy") busy[s.ring]!.push(line);
              } else if (s.kind === "release") {
                for (const { rings } of sides) rings[s.ring]!.release(s.discard);
                const line = busy[s.ring]!.shift();
                if (line !== undefined && !s.discard) expected.push(line);
              } else {
                const [taken, alsoTaken] = sides.map((side) =>
                  side.pump(nowNs - BigInt(s.slackNs), s.maxEvents)
                );
                assert.equal(taken, alsoTaken);
              }
              assert.deepEqual(copied.seen, mapped.seen);
              assert.deepEqual(copied.rings.map((r) => r.consumed), mapped.rings.map((r) => r.consumed));
            }
            mapped.rings.forEach((_, i) => {
              while (sides.map(({ rings }) => rings[i]!.release(false))[0]);
              expected.push(...busy[i]!);
            });
            for (const side of sides) while (side.pump(nowNs + 1n, 1 << 16) > 0);
            assert.deepEqual(copied.seen, mapped.seen);
            assert.deepEqual(mapped.rings.map((r) => r.consumed), mapped.rings.map((r) => r.produced));
            // every committed record was evaluated exactly once, and numbered in the order of evaluation
            assert.deepEqual(mapped.seen.map((line) => line.replace(/^\d+ /, "")).sort(), expected.sort());
            assert.deepEqual(
              mapped.seen.map((line) => Number(line.split(" ")[0])),
              mapped.seen.map((_, i) => i + 1),
            );
            assert.deepEqual(copied.counters(), mapped.counters());
            assert.equal(mapped.counters()["EVENTS_DAMAGED"], 0n);
          } finally {
            for (const side of sides) side.close();
          }
        }),
        { numRuns: runs },
      );
    }
  },
});
