// No event makes an extractor trap or hand out a text outside of the memory: parameters of any length and content,
// of every event type, on threads and fds that earlier nonsense has made.

import assert from "node:assert/strict";
import fc from "fast-check";
import { CURRENT_EVENTS, EVENT_COUNT, EVENTS } from "../../schema/events.ts";
import { FIELDS } from "../../schema/fields.ts";
import { REGION } from "../../schema/layout.ts";
import { matcherCalling } from "./evaluating_matcher.ts";

const EVENT_BLOCK = 0x216;
const LARGE_EVENT_BLOCK = 0x221;
const LARGE_PAYLOAD = 0x800;
const HEADER_BYTES = 26;

interface HostileEvent {
  readonly type: number;
  readonly tid: number;
  readonly params: readonly Uint8Array[];
}

/** Numbers that mean something: fds, pids, errors, families of addresses. */
const number = fc.oneof(
  fc.integer({ min: -110, max: 12 }).map(BigInt),
  fc.bigInt(-(1n << 63n), (1n << 63n) - 1n),
).chain((value) =>
  fc.constantFrom(1, 2, 4, 8, 8, 8).map((bytes) =>
    new Uint8Array(new BigInt64Array([value]).buffer).slice(0, bytes)
  )
);
const text = fc.constantFrom("", "/etc/passwd", "../a//b/./..", "x", "a=1\0b\0\0", "/".repeat(5000), "<NA>")
  .map((value) => new TextEncoder().encode(`${value}\0`));
const address = fc.tuple(fc.constantFrom(0, 1, 2, 10, 16), fc.uint8Array({ maxLength: 40 }))
  .map(([family, rest]) => Uint8Array.of(family, ...rest));
const param = fc.oneof(number, number, text, address, fc.uint8Array({ maxLength: 120 }));

const event = fc.record({
  type: fc.oneof(
    fc.nat(EVENT_COUNT - 1),
    fc.constantFrom(...CURRENT_EVENTS.map(({ code }) => code)),
  ),
  tid: fc.constantFrom(1, 2, 3, 100, 0xffffffff),
}).chain(({ type, tid }) => {
  const usual = EVENTS[type]?.params.length ?? 0;
  return fc.array(param, { minLength: Math.max(0, usual - 1), maxLength: usual + 1 })
    .map((params): HostileEvent => ({ type, tid, params }));
});

function block({ type, tid, params }: HostileEvent, index: number): Uint8Array {
  const large = ((EVENTS[type]?.flags ?? 0) & LARGE_PAYLOAD) !== 0;
  const lengthBytes = large ? 4 : 2;
  const eventBytes = HEADER_BYTES + params.length * lengthBytes +
    params.reduce((sum, one) => sum + one.length, 0);
  const bytes = new Uint8Array((8 + 2 + eventBytes + 3 & ~3) + 4);
  const data = new DataView(bytes.buffer);
  data.setUint32(0, large ? LARGE_EVENT_BLOCK : EVENT_BLOCK, true);
  data.setUint32(4, bytes.length, true);
  data.setUint32(bytes.length - 4, bytes.length, true);
  data.setBigUint64(10, BigInt(index + 1) * 1000n, true);
  data.setBigUint64(18, BigInt(tid), true);
  data.setUint32(26, eventBytes, true);
  data.setUint16(30, type, true);
  data.setUint32(32, params.length, true);
  let at = 10 + HEADER_BYTES;
  for (const one of params) {
    if (large) data.setUint32(at, one.length, true);
    else data.setUint16(at, one.length, true);
    at += lengthBytes;
  }
  for (const one of params) {
    bytes.set(one, at);
    at += one.length;
  }
  return bytes;
}

interface Question {
  readonly fn: (...args: (number | bigint)[]) => bigint;
  readonly name: string;
  readonly args: readonly (number | bigint)[];
  readonly givesText: boolean;
}

/** Every extractor with the arguments to try. */
function questions(exports: WebAssembly.Exports, nameView: bigint): Question[] {
  return FIELDS.flatMap((field) => {
    const stem = field.name.replaceAll(".", "_");
    const isTime = stem.startsWith("evt_time") || stem.startsWith("evt_datetime");
    const givesText = ["string", "bytes", "ip"].includes(field.type) && !field.list && !isTime;
    const named = field.argKind !== undefined && ["name", "event", "time"].includes(field.argKind);
    const args = field.arg === "none" ? [[]] : named ? [[nameView]] : [[0], [1], [70], [-1]];
    const asked: [string, readonly (readonly (number | bigint)[])[]][] = [
      [stem, args],
      [`${stem}_all`, [[]]],
      [`${stem}_named`, [[nameView]]],
    ];
    return asked.flatMap(([name, all]) => {
      const fn = exports[name];
      if (typeof fn !== "function" || field.name === "evt.rawarg") return [];
      return all.map((args) => ({ fn: fn as Question["fn"], name, args, givesText }));
    });
  });
}

Deno.test("hostile events never trap an extractor, and texts lie inside of the memory", () => {
  let evaluated = 0;
  const matcher = matcherCalling(() => {
    evaluated++;
    for (const { fn, name, args, givesText } of list) {
      const result = BigInt.asUintN(64, fn(...args));
      const end = (result & 0xffffffffn) + (result >> 32n);
      assert.ok(!givesText || end <= memoryBytes, `${name} gives a text outside of the memory`);
    }
    call("out_begin", 0);
    call("out_rawarg", nameView);
    call("out_end");
  });
  const call = (name: string, ...args: (number | bigint)[]) =>
    (matcher.exports[name] as (...args: (number | bigint)[]) => void)(...args);
  const bytes = new Uint8Array(matcher.memory.buffer);
  const memoryBytes = BigInt(bytes.length);
  const nameAt = matcher.exports.allocate(64);
  bytes.set(new TextEncoder().encode("data"), nameAt);
  const nameView = (4n << 32n) | BigInt(nameAt);
  const list = questions(matcher.exports, nameView);
  assert.ok(list.length > 200, `only ${list.length} extractors are asked`);
  let index = 0;
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 30 }), (events) => {
      let at = REGION.INGEST.at;
      for (const one of events) {
        const made = block(one, index++);
        bytes.set(made, at);
        at += made.length;
      }
      matcher.exports.ingest(REGION.INGEST.at, at - REGION.INGEST.at);
    }),
    { numRuns: 1500 },
  );
  assert.ok(evaluated > 4000, `only ${evaluated} events were evaluated`);
});
