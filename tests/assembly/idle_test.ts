// Events that no rule asks for take a short way through the matcher (assembly/idle.ts). What they leave behind is what they leave
// on the way of all others: seen by the events that are asked for, over all recordings and over arbitrary streams.

import assert from "node:assert/strict";
import fc from "fast-check";
import { readTrace } from "../../scap/reader.ts";
import { EVENT_CODE, EVENTS } from "../../schema/events.ts";
import { NO_RULE, TYPE_COUNTS } from "../../schema/layout.ts";
import { NOT_A_RULE } from "../../schema/wire.ts";
import { RECORDING_NAMES, recordingPath } from "../support/recordings.ts";
import { concat, event, eventBlock, i64, NONE, StateMatcher, text, tuple4, u32, u8 } from "./event_stream.ts";
import { exec } from "./process_events.ts";
import { TestRing } from "./test_ring.ts";

const code = (name: string) => EVENT_CODE[name]!;
const TEXTS = ["fd_name", "fd_nameraw", "fd_type", "fd_typechar", "proc_name", "proc_cwd"];
const NUMBERS = [
  ...["evt_num", "evt_deltatime", "fd_num", "proc_pid", "proc_vmsize", "proc_vmrss", "proc_vmswap"],
  ...["proc_fdopencount", "thread_tid"],
];
const COUNTERS = [
  ...[
    "EVENTS",
    "EVENTS_DAMAGED",
    "THREADS",
    "THREAD_LOOKUPS_FAILED",
    "FDS",
    "FDS_ADDED",
    "FD_LOOKUPS_FAILED",
  ],
  ...["STRINGS", "STRING_BYTES", "HEAP_BYTES"],
] as const;

/** A matcher whose rules ask for some types of events; gives what it says about each of them. */
class Witness {
  readonly owner = new StateMatcher({ heapBytes: 64 << 20, maxThreads: 32768, maxFds: 1 << 18 });
  readonly seen: string[] = [];

  /** @param othersAreIdle whether it knows that they do not ask for others */
  constructor(asked: ReadonlySet<number>, othersAreIdle: boolean) {
    const { owner } = this;
    const typeOf = owner.matcher.exports["evt_type"] as () => bigint;
    const names = new Set([...asked].map((type) => EVENTS.find((known) => known.code === type)!.name));
    const numbers = NUMBERS.filter((name) => name in owner.matcher.exports);
    assert.ok(typeof typeOf === "function" && numbers.length > 5);
    owner.onEvent = () => {
      if (!names.has(owner.text("evt_type")!)) return;
      const texts = TEXTS.map((name) => owner.text(name) ?? "–");
      this.seen.push([...texts, ...numbers.map((name) => owner.number(name) ?? "–")].join(" "));
    };
    if (!othersAreIdle) return;
    for (let i = 0; i < NO_RULE.codes; i++) owner.bytes[NO_RULE.at + i] = asked.has(i) ? 0 : 1;
    owner.matcher.exports.rules_changed();
  }

  counters(): unknown {
    const types = Array.from(
      { length: TYPE_COUNTS.codes },
      (_, i) => this.owner.data.getBigUint64(TYPE_COUNTS.at + 8 * i, true),
    );
    return { ...Object.fromEntries(COUNTERS.map((name) => [name, this.owner.counter(name)])), types };
  }
}

/** Both ways for the same blocks. */
function assertSame(asked: readonly string[], blocks: readonly Uint8Array[]): number {
  const types = new Set(asked.map(code));
  const [whole, short] = [false, true].map((othersAreIdle) => {
    const witness = new Witness(types, othersAreIdle);
    for (const bytes of blocks) witness.owner.ingest(bytes);
    // what the last event has closed or ended goes when the next one comes
    witness.owner.ingest(eventBlock(event({ type: code("FUTEX_X"), tid: 1, params: [i64(0)] })));
    return witness;
  });
  assert.deepEqual(short!.seen, whole!.seen);
  assert.deepEqual(short!.counters(), whole!.counters());
  return short!.seen.length;
}

for (const name of RECORDING_NAMES) {
  Deno.test(`what rules do not ask for changes the state all the same: ${name}`, async () => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of readTrace(recordingPath(name))) chunks.push(chunk.slice());
    const blocks = [concat(chunks)];
    assert.ok(assertSame(["OPENAT_X", "EXECVE_X"], blocks) > 100);
    assertSame(["READ_X", "FSTAT_X", "PROCEXIT_E", "CONNECT_X", "SENDTO_X"], blocks);
    assertSame([], blocks);
  });
}

const odd = (...usual: fc.Arbitrary<Uint8Array>[]) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.oneof(...usual) },
    fc.constant(NONE),
    fc.constant(u32(1)),
    fc.constant(i64(3)),
  );
const someFd = odd(fc.integer({ min: -1, max: 6 }).map(i64));
const result = odd(fc.constantFrom(0, 0, 0, 3, 4, -9, -11).map(i64));
const number4 = odd(fc.nat({ max: 9 }).map(u32));
const data = odd(fc.uint8Array({ maxLength: 20 }));
const tuple = odd(fc.constant(tuple4([10, 0, 0, 1], 7, [10, 0, 0, 2], 80)), fc.constant(u8(0)));
const CALLS: Readonly<Record<string, readonly fc.Arbitrary<Uint8Array>[]>> = {
  OPENAT_X: [
    result,
    odd(fc.constant(i64(-100))),
    odd(fc.constantFrom("/a/b", "c/../d").map(text)),
    number4,
    number4,
  ],
  SOCKET_X: [result, odd(fc.constantFrom(2, 10, 1).map(u32)), number4, number4],
  CONNECT_X: [result, tuple, someFd],
  CLOSE_X: [result, someFd, odd(fc.nat({ max: 1 }).map(u8))],
  DUP2_X: [result, someFd, someFd],
  FCNTL_X: [result, someFd, odd(fc.nat({ max: 20 }).map(u8)), result],
  READ_X: [result, data, someFd, number4],
  WRITE_X: [result, data, someFd, number4],
  READV_X: [result, number4, data, someFd],
  PREAD_X: [result, data, someFd, number4, result],
  RECVFROM_X: [result, data, tuple, someFd],
  LSEEK_X: [result, someFd, number4, number4],
  FUTEX_X: [result, number4],
  MMAP_X: [result, number4, number4, number4, ...Array<typeof number4>(4).fill(number4), someFd, number4],
  BRK_X: [result, number4, number4, number4],
  PROCEXIT_E: [result],
};

Deno.test("what rules do not ask for changes the state all the same: arbitrary streams", () => {
  const params = fc.constantFrom(...Object.keys(CALLS)).chain((name) =>
    fc.tuple(fc.constant(name), fc.tuple(...CALLS[name]!), fc.nat({ max: 24 }))
  );
  const events = fc.array(fc.tuple(params, fc.integer({ min: 1, max: 3 }), fc.nat({ max: 9 })), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(events, fc.subarray(Object.keys(CALLS)), (stream, asked) => {
      let timeNs = 1_000n;
      const blocks = stream.map(([[name, all, kept], tid, laterNs]) =>
        eventBlock(
          event({ type: code(name), tid, timeNs: timeNs += BigInt(laterNs), params: all.slice(0, kept) }),
        )
      );
      // every number of every thread is looked at in the end
      for (let i = 0; i < 21; i++) {
        blocks.push(
          eventBlock(event({ type: code("FSTAT_X"), tid: i % 3 + 1, timeNs, params: [i64(0), i64(i % 7)] })),
        );
      }
      assertSame([...asked, "FSTAT_X"], [concat(blocks)]);
    }),
    { numRuns: 150 },
  );
});

Deno.test("the host is asked about an unknown file, whether or not a rule asks for the event", () => {
  for (const isAsked of [true, false]) {
    const owner = new StateMatcher({ heapBytes: 4 << 20, ringBytes: 2 * 4096 + 2 * (64 << 10) });
    const ring = new TestRing(owner, owner.ringsAt, 64 << 10);
    owner.bytes.fill(isAsked ? 0 : 1, NO_RULE.at, NO_RULE.at + NO_RULE.codes);
    owner.matcher.exports.rules_changed();
    owner.matcher.look_up_threads(1);
    const questions: bigint[] = [];
    owner.onAlert = (rule, at) => {
      if (rule === NOT_A_RULE.LOOK_UP) questions.push(owner.data.getBigInt64(at + 24, true));
    };
    const tid = 7 * 2 ** 32 + 7;
    const read = (fd: number) =>
      event({ type: code("READ_X"), tid, timeNs: 1_000n, params: [i64(1), NONE, i64(fd)] });
    for (const bytes of [exec(7, "/bin/reader"), read(5), read(-1), read(6)]) ring.write(bytes);
    owner.matcher.pump(2_000n, 100);
    assert.deepEqual(questions.slice(-2), [5n, 6n]);
  }
});
