// A canary in the ring: it reaches the host with its number, in its turn, and is no event to anybody else.

import { deepEqual, equal, ok } from "node:assert/strict";
import { readLiveCounters } from "../../engine/counters.ts";
import { Matcher } from "../../engine/matcher.ts";
import { createMemory, planMemory } from "../../engine/memory_plan.ts";
import { PAGE_BYTES, PROBE_LIMITS, REGION } from "../../schema/layout.ts";
import { NOT_A_RULE } from "../../schema/wire.ts";
import { instantiateRules } from "../../engine/rule_module.ts";
import { matcherMissing, noRules } from "./matcher_artefact.ts";

const RING_BYTES = 1 << 16;

function record(code: number, timeNs: bigint, params: readonly Uint8Array[]): Uint8Array {
  const bytes = 26 + params.reduce((sum, param) => sum + 2 + param.length, 0);
  const record = new Uint8Array(bytes);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, timeNs, true);
  view.setBigUint64(8, 1n, true);
  view.setUint32(16, bytes, true);
  view.setUint16(20, code, true);
  view.setUint32(22, params.length, true);
  let at = 26 + 2 * params.length;
  params.forEach((param, i) => {
    view.setUint16(26 + 2 * i, param.length, true);
    record.set(param, at);
    at += param.length;
  });
  return record;
}

const canary = (number: number, timeNs: bigint) =>
  record(PROBE_LIMITS.CANARY_CODE, timeNs, [new Uint8Array(new BigUint64Array([BigInt(number)]).buffer)]);
const generic = (timeNs: bigint) => record(1, timeNs, [Uint8Array.of(24, 0), Uint8Array.of(162, 0)]);

Deno.test({
  name:
    `canaries are handed over and neither counted, numbered nor recorded; other unknown records are counted${
      matcherMissing === undefined ? "" : ` (skipped: ${matcherMissing})`
    }`,
  ignore: matcherMissing !== undefined,
  fn() {
    const plan = planMemory(64 << 20, 1, RING_BYTES);
    const memory = createMemory(plan);
    const handed: (readonly [what: number, at: number, events: number])[] = [];
    const matcher = new Matcher(
      Deno.readFileSync(new URL("../../build/matcher.wasm", import.meta.url)),
      memory,
      { heapEnd: plan.heapEnd, maxThreads: 1024, maxFds: 1024 },
      {
        onAlert: (what, at) =>
          void handed.push([
            what,
            what === NOT_A_RULE.CANARY ? at : 0,
            what === NOT_A_RULE.RECORDED ? new DataView(memory.buffer).getUint32(at, true) : 0,
          ]),
        now: () => 0n,
      },
    );
    instantiateRules(matcher, noRules());
    const ringAt = plan.rings[0]!.at;
    const bytes = new Uint8Array(memory.buffer);
    const view = new DataView(memory.buffer);
    let filled = 0;
    const put = (event: Uint8Array) => {
      view.setUint32(ringAt + 2 * PAGE_BYTES + filled, event.length, true);
      bytes.set(event, ringAt + 2 * PAGE_BYTES + filled + 8);
      filled += 8 + event.length + 7 & ~7;
    };
    put(generic(1n));
    put(canary(41, 2n));
    put(generic(3n));
    put(canary(0x7fff_ffff, 4n));
    put(record(PROBE_LIMITS.CANARY_CODE, 5n, [])); // too short to be one
    put(record(999, 6n, []));
    matcher.exports.record_start(1 << 16, -1n, 1);
    matcher.ring_add(ringAt, RING_BYTES, 0);
    view.setBigUint64(ringAt + PAGE_BYTES, BigInt(filled), true);
    deepEqual(readLiveCounters(memory, plan).rings, [{ bytes: RING_BYTES, used: filled }]);
    equal(matcher.pump(100n, 1000), 6);
    matcher.exports.record_flush();

    deepEqual(handed.map(([what, at]) => [what, at]), [
      [NOT_A_RULE.CANARY, 41],
      [NOT_A_RULE.CANARY, 0x7fff_ffff],
      [NOT_A_RULE.RECORDED, 0],
    ]);
    equal(handed.at(-1)![2], 2, "events in the recording");
    const { matcher: counters, events, rings } = readLiveCounters(memory, plan);
    equal(counters["EVENTS"], 2n);
    equal(counters["EVENTS_UNKNOWN"], 2n);
    deepEqual([...events], [[1, 2n]]);
    deepEqual(rings, [{ bytes: RING_BYTES, used: 0 }]);
    ok(REGION.COUNTERS.bytes >= 2 * PAGE_BYTES);
  },
});
