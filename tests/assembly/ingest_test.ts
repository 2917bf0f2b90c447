// Walking `.scap` blocks: framing, damage, sections, old formats, and any bytes at all.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { recordingPath } from "../support/recordings.ts";
import { REGION } from "../../schema/layout.ts";
import { EVENT_CODE } from "../../schema/events.ts";
import {
  block,
  concat,
  event,
  eventBlock,
  i64,
  list,
  NONE,
  StateMatcher,
  text,
  u16,
  u32,
  u8,
} from "./event_stream.ts";

const GETUID = EVENT_CODE["GETUID_X"]!;
const SECTION_HEADER = block(0x0a0d0d0a, concat([u32(0x1a2b3c4d), u16(1), u16(2), i64(-1)]));

function trace(name: string): Uint8Array {
  return new Uint8Array(gunzipSync(readFileSync(recordingPath(name))));
}

Deno.test("evt.num counts every event; user records at the head are not evaluated", () => {
  const owner = new StateMatcher();
  const numbers: number[] = [];
  owner.onEvent = () => numbers.push(owner.number("evt_num")!);
  assert.ok(owner.ingest(trace("net")) > 0);
  assert.equal(numbers[0], 76);
  assert.equal(numbers.at(-1), 10527);
  assert.equal(numbers.length, 10527 - 75);
  assert.equal(owner.counter("EVENTS"), 10527);
  assert.equal(owner.counter("BLOCKS_SKIPPED"), 0);
});

Deno.test("a trace cut into any chunks gives the same events", () => {
  const bytes = trace("scripts").subarray(0, 400_000);
  const run = (chunks: number[]) => {
    const owner = new StateMatcher();
    const seen: string[] = [];
    owner.onEvent = () =>
      seen.push(`${owner.number("evt_num")} ${owner.text("fd_name")} ${owner.text("proc_name")}`);
    let from = 0, at = 0;
    while (from < bytes.length) {
      const size = chunks[at++ % chunks.length]!;
      owner.bytes.set(bytes.subarray(from, from + size), REGION.INGEST.at);
      const consumed = owner.matcher.ingest(REGION.INGEST.at, Math.min(size, bytes.length - from));
      assert.ok(consumed >= 0, "no damage");
      if (consumed === 0 && from + size >= bytes.length) break;
      assert.ok(consumed > 0 || chunks.length > 1);
      from += consumed;
    }
    return seen;
  };
  const whole = run([bytes.length]);
  assert.ok(whole.length > 1000);
  assert.deepEqual(run([65536, 70_000, 123_457]), whole);
});

Deno.test("a section in the middle resets the state; evt.num goes on", () => {
  const owner = new StateMatcher();
  const once = trace("net");
  owner.ingest(once);
  const threads = owner.counter("THREADS"), fds = owner.counter("FDS");
  const numbers: number[] = [];
  owner.onEvent = () => numbers.push(owner.number("evt_num")!);
  owner.ingest(once);
  assert.equal(owner.counter("THREADS"), threads);
  assert.equal(owner.counter("FDS"), fds);
  assert.equal(numbers[0], 10527 + 76);
});

Deno.test("damaged lengths are reported with their offset", () => {
  const good = eventBlock(event({ type: GETUID, tid: 1, params: [u32(0)] }));
  const cases: [string, (bad: Uint8Array) => void][] = [
    ["total too short", (bad) => new DataView(bad.buffer).setUint32(4, 8, true)],
    ["trailer differs", (bad) => new DataView(bad.buffer).setUint32(bad.length - 4, 1, true)],
    ["total beyond any buffer", (bad) => new DataView(bad.buffer).setUint32(4, 0xfffffff0, true)],
    ["event longer than its block", (bad) => new DataView(bad.buffer).setUint32(10 + 16, 500, true)],
    ["parameter longer than its event", (bad) => new DataView(bad.buffer).setUint16(10 + 26, 500, true)],
    ["more parameters than lengths", (bad) => new DataView(bad.buffer).setUint32(10 + 22, 60, true)],
  ];
  for (const [what, damage] of cases) {
    const owner = new StateMatcher();
    const bad = good.slice();
    damage(bad);
    const result = owner.ingest(concat([good, good, bad, good]));
    assert.ok(result < 0, what);
    const offset = -result - 1;
    assert.ok(offset >= 2 * good.length && offset < 3 * good.length, `${what}: offset ${offset}`);
    assert.equal(owner.counter("EVENTS"), 2, what);
  }
});

Deno.test("blocks and event types of later versions are skipped and counted", () => {
  const owner = new StateMatcher();
  const events = [
    block(0x777, new Uint8Array(40)),
    eventBlock(event({ type: 500, tid: 1, params: [] })),
    eventBlock(event({ type: GETUID, tid: 1, params: [u32(0)] })),
  ];
  assert.ok(owner.ingest(concat(events)) > 0);
  assert.equal(owner.counter("BLOCKS_SKIPPED"), 1);
  assert.equal(owner.counter("EVENTS_UNKNOWN"), 1);
  assert.equal(owner.counter("EVENTS"), 1);
});

Deno.test("an event that serves the state only is not evaluated", () => {
  const owner = new StateMatcher();
  let evaluated = 0;
  owner.onEvent = () => evaluated++;
  const bytes = event({ type: GETUID, tid: 1, params: [u32(0)] });
  owner.ingest(concat([eventBlock(bytes), eventBlock(bytes, 1), eventBlock(bytes, 0)]));
  assert.equal(evaluated, 2);
  assert.equal(owner.counter("EVENTS"), 3);
});

Deno.test("while evaluating is off events only change the state", () => {
  const owner = new StateMatcher();
  let evaluated = 0;
  owner.onEvent = () => evaluated++;
  const bytes = eventBlock(event({ type: GETUID, tid: 1, params: [u32(0)] }));
  owner.matcher.set_evaluating(0);
  owner.ingest(bytes);
  owner.matcher.set_evaluating(1);
  owner.ingest(bytes);
  assert.equal(evaluated, 1);
  assert.equal(owner.counter("THREADS"), 1);
});

Deno.test("events of old captures get the number of their parameters", () => {
  const today = event({ type: EVENT_CODE["CHDIR_X"]!, tid: 9, timeNs: 5n, params: [i64(0), text("/srv")] });
  const old = concat([today.subarray(0, 22), today.subarray(26)]);
  new DataView(old.buffer).setUint32(16, old.length, true);
  const owner = new StateMatcher();
  let path: string | undefined;
  owner.onEvent = () => path = owner.text("evt_args");
  assert.ok(owner.ingest(block(0x204, concat([u16(0), old]))) > 0);
  assert.equal(path, "res=0 path=/srv");
});

Deno.test("process lists of all versions give the same thread", () => {
  const path = (s: string) => concat([u16(s.length), new TextEncoder().encode(s)]);
  for (let version = 1; version <= 9; version++) {
    const type = [0x202, 0x207, 0x209, 0x210, 0x211, 0x212, 0x213, 0x214, 0x215][version - 1]!;
    const since = (first: number, ...parts: Uint8Array[]) => version >= first ? parts : [];
    const body = concat([
      ...[i64(700), i64(700), i64(1)],
      ...since(6, i64(700)),
      ...since(8, i64(700)),
      ...[path("cat"), path("/bin/cat")],
      ...since(7, path("/usr/bin/cat")),
      ...[path("a\0b\0"), path("/srv"), i64(1024), u32(0), u32(33), u32(33)],
      ...since(2, u32(1), u32(2), u32(3), i64(4), i64(5)),
      ...since(3, path("A=1\0")),
      ...since(4, i64(700), i64(700), path("cpu=/\0")),
      ...since(5, path("/")),
      ...since(9, i64(0), u32(5), u32(1000), u8(1), i64(1), i64(2), i64(3), u8(0), i64(11), i64(12), i64(13)),
    ]);
    const owner = new StateMatcher();
    const entry = version === 9 ? concat([u32(body.length + 4), body]) : body;
    const seen: (string | undefined)[] = [];
    owner.onEvent = () =>
      seen.push(owner.text("proc_name"), owner.text("proc_cwd"), owner.text("proc_cmdline"));
    const getuid = eventBlock(event({ type: GETUID, tid: 700, params: [u32(0)] }));
    assert.ok(owner.ingest(concat([block(type, entry), getuid])) > 0, `version ${version}`);
    assert.deepEqual(seen, ["cat", "/srv/", "cat a b"], `version ${version}`);
  }
});

Deno.test("container metadata with lengths of 32 bits is walked", () => {
  const owner = new StateMatcher();
  const data = new Uint8Array(100_000);
  const bytes = event({
    type: EVENT_CODE["ASYNCEVENT_E"]!,
    tid: -1,
    params: [u32(0), text("container"), data],
    large: true,
  });
  let evaluated = 0;
  owner.onEvent = () => evaluated++;
  const first = eventBlock(event({ type: GETUID, tid: 1, params: [u32(0)] }));
  assert.ok(owner.ingest(concat([first, block(0x221, concat([u16(0), bytes]))])) > 0);
  assert.equal(evaluated, 2);
});

Deno.test("mutated traces neither trap nor hang, and leave the heap in order", () => {
  const sources = ["net", "procs", "container"].map((name) => trace(name).subarray(0, 300_000));
  fc.assert(
    fc.property(
      fc.nat(sources.length - 1),
      fc.array(fc.tuple(fc.nat(299_999), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 300 }),
      (which, changes) => {
        const bytes = sources[which]!.slice();
        for (const [at, value] of changes) {
          // the framing stays, so that the walk gets far: what lies in events and lists is changed
          if (at % 3 !== 0) bytes[at] = value;
        }
        const owner = new StateMatcher({
          heapBytes: 8 << 20,
          ringBytes: 1 << 16,
          maxThreads: 256,
          maxFds: 2048,
        });
        const heapBytes = owner.counter("HEAP_BYTES");
        owner.onEvent = () => {
          owner.text("evt_args");
          owner.text("fd_name");
          owner.text("proc_cmdline");
        };
        ingestAnyhow(owner, bytes);
        // what was taken is given back when another section begins
        const emptied = owner.ingest(SECTION_HEADER);
        assert.ok(emptied > 0);
        for (const counter of ["THREADS", "FDS"] as const) assert.equal(owner.counter(counter), 0, counter);
        assert.ok(owner.counter("STRINGS") < 20, `${owner.counter("STRINGS")} strings are left`);
        // only tables that have grown stay larger
        assert.ok(owner.counter("HEAP_BYTES") <= heapBytes + (256 << 10), "the heap has been given back");
        assert.ok(owner.bytes.subarray(0, 4096).every((byte) => byte === 0), "the guard page is untouched");
        assert.ok(
          owner.bytes.subarray(owner.ringsAt).every((byte) => byte === 0),
          "nothing is written after the heap",
        );
      },
    ),
    { numRuns: 60 },
  );
});

/** Goes on after damaged blocks. */
function ingestAnyhow(owner: StateMatcher, bytes: Uint8Array): void {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let from = 0;
  while (from + 12 <= bytes.length) {
    const part = bytes.subarray(from, from + REGION.INGEST.bytes);
    owner.bytes.set(part, REGION.INGEST.at);
    const consumed = owner.matcher.ingest(REGION.INGEST.at, part.length);
    assert.ok(consumed <= part.length && -consumed - 1 <= part.length);
    if (consumed > 0) {
      from += consumed;
      continue;
    }
    // skip the block that holds the damage
    const damage = from + (consumed < 0 ? -consumed - 1 : 0);
    let next = from;
    while (next <= damage) {
      const total = data.getUint32(next + 4, true);
      if (total < 12 || next + total > bytes.length) return;
      next += total;
    }
    from = next;
  }
}

Deno.test("random event parameters neither trap nor hang", () => {
  const types = fc.integer({ min: 0, max: 453 });
  const param = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.constantFrom(
      NONE,
      i64(-1),
      i64(0),
      i64(3),
      i64(1n << 62n),
      u32(0),
      text("/a/../b"),
      text("x"),
      list("a", "b"),
    ),
  );
  const owner = new StateMatcher({ heapBytes: 6 << 20, maxThreads: 128, maxFds: 512 });
  owner.onEvent = () => {
    owner.text("evt_args");
    owner.text("fd_name");
  };
  fc.assert(
    fc.property(
      fc.array(fc.tuple(types, fc.integer({ min: -2, max: 40 }), fc.array(param, { maxLength: 30 })), {
        maxLength: 80,
      }),
      (events) => {
        for (const [type, tid, params] of events) {
          const large = [322, 324, 402].includes(type);
          owner.ingest(eventBlock(event({ type, tid, timeNs: 1n, params, large })));
        }
        assert.ok(owner.counter("THREADS") <= 128);
        assert.ok(owner.counter("FDS") <= 512);
      },
    ),
    { numRuns: 400 },
  );
  owner.ingest(SECTION_HEADER);
  assert.equal(owner.counter("THREADS"), 0);
  assert.equal(owner.counter("FDS"), 0);
});
