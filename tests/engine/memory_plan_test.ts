import assert from "node:assert/strict";
import { withMemoryPages } from "../../engine/exact_memory.ts";
import { createMemory, fitsMemory, planMemory } from "../../engine/memory_plan.ts";
import { matcherMissing, readMatcher } from "./matcher_artefact.ts";
import { HEAP_AT, PAGE_BYTES, WASM_PAGE_BYTES } from "../../schema/layout.ts";

Deno.test("planMemory() puts rings above the heap, page-aligned, side by side", () => {
  const plan = planMemory(1 << 20, 3, 1 << 16);
  assert.ok(plan.heapEnd >= HEAP_AT + (1 << 20));
  assert.equal(plan.rings.length, 3);
  let free = plan.heapEnd;
  for (const { at, dataBytes, wrapBytes } of plan.rings) {
    assert.equal(at % PAGE_BYTES, 0);
    assert.equal(at, free);
    free = at + 2 * PAGE_BYTES + dataBytes + wrapBytes;
  }
  assert.ok(plan.wasmPages * WASM_PAGE_BYTES >= free);
  assert.equal(createMemory(plan).buffer.byteLength, plan.wasmPages * WASM_PAGE_BYTES);
});

Deno.test("planMemory() refuses what a 32-bit module cannot address and says how to need less", () => {
  assert.throws(() => planMemory(256 << 20, 512, 8 << 20), /more than 4 GiB.*cpus_for_each_buffer/s);
});

Deno.test("planMemory() refuses rings that the kernel would not make", () => {
  assert.throws(() => planMemory(1 << 20, 1, 5000), /power of two/);
  assert.throws(() => planMemory(1 << 20, 1, 1024), /at least 4096/);
  planMemory(1 << 20, 0, 0); // a replay has none
});

Deno.test("fitsMemory() says yes only to what planMemory() takes", () => {
  for (let rings = 440; rings < 500; rings++) {
    if (fitsMemory(256 << 20, rings, 8 << 20)) planMemory(256 << 20, rings, 8 << 20);
  }
  assert.ok(fitsMemory(256 << 20, 460, 8 << 20));
  assert.ok(!fitsMemory(256 << 20, 500, 8 << 20));
});

Deno.test({
  name: "withMemoryPages() makes the matcher import exactly as much memory as there is",
  ignore: matcherMissing !== undefined,
  fn: () => {
    const plan = planMemory(1 << 20, 0, 0);
    const exact = new WebAssembly.Module(withMemoryPages(readMatcher(), plan.wasmPages));
    const start = (pages: number) => {
      const table = new WebAssembly.Table({ initial: 1024, element: "anyfunc" });
      const host = { on_alert: () => {}, now: () => 0n };
      const env = { memory: createMemory({ ...plan, wasmPages: pages }), table, abort: () => {} };
      return new WebAssembly.Instance(exact, { env, host });
    };
    start(plan.wasmPages);
    assert.throws(() => start(plan.wasmPages + 1), /memory/);
    assert.throws(() => start(plan.wasmPages - 1), /memory/);
  },
});

Deno.test("withMemoryPages() leaves a module without a memory alone", () => {
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  assert.equal(withMemoryPages(empty, 1), empty);
});
