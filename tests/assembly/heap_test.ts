// The heap: blocks are aligned, never overlap, keep their content, and come back; a full heap refuses and counts.

import assert from "node:assert/strict";
import fc from "fast-check";
import { HEAP_AT } from "../../schema/layout.ts";
import { StateMatcher } from "./event_stream.ts";

Deno.test("blocks are aligned, inside the heap, apart from each other and keep their content", () => {
  const step = fc.record({ bytes: fc.integer({ min: 0, max: 20_000 }), drop: fc.nat(20) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
      const owner = new StateMatcher({ heapBytes: 2 << 20, maxThreads: 64, maxFds: 64 });
      const before = owner.counter("HEAP_BYTES");
      const { allocate, free } = owner.matcher.exports;
      const live: { at: number; bytes: number; fill: number }[] = [];
      steps.forEach(({ bytes, drop }, i) => {
        const at = allocate(bytes);
        if (at !== 0) {
          assert.equal(at % 8, 0);
          assert.ok(at >= HEAP_AT && at + bytes <= owner.ringsAt);
          owner.bytes.fill(i & 255, at, at + bytes);
          live.push({ at, bytes, fill: i & 255 });
        }
        if (drop < live.length) free(live.splice(drop, 1)[0]!.at);
        for (const block of live) {
          assert.ok(
            owner.bytes.subarray(block.at, block.at + block.bytes).every((byte) => byte === block.fill),
          );
        }
      });
      for (const block of live) free(block.at);
      assert.equal(owner.counter("HEAP_BYTES"), before);
    }),
    { numRuns: 40 },
  );
});

Deno.test("a full heap refuses, counts it, and serves again what was given back", () => {
  const owner = new StateMatcher({ heapBytes: 1 << 20, maxThreads: 64, maxFds: 64 });
  const { allocate, free } = owner.matcher.exports;
  const blocks: number[] = [];
  for (let at = allocate(50_000); at !== 0; at = allocate(50_000)) blocks.push(at);
  assert.ok(blocks.length >= 10);
  assert.equal(owner.counter("HEAP_REFUSED"), 1);
  free(blocks[3]!);
  assert.equal(allocate(50_000), blocks[3]);
  assert.equal(allocate(0x7fffffff), 0, "sizes beyond all bounds are refused");
  assert.equal(allocate(-1), 0);
});
