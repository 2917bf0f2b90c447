// Parts of a stream put together, and memory that is given back as soon as it is not needed.

import assert from "node:assert/strict";
import { KeptBytes } from "../../sources/json/kept_bytes.ts";

Deno.test("kept bytes: chunks of any size become one array with a buffer of its own", () => {
  const kept = new KeptBytes(1 << 20);
  kept.begin(7);
  for (let i = 0; i < 5000; i++) kept.add(Uint8Array.of(i, i >> 8));
  const taken = kept.take()!;
  assert.equal(taken.length, 10_000);
  assert.equal(taken.buffer.byteLength, 10_000);
  assert.deepEqual([...taken.subarray(2000, 2002)], [1000 & 255, 1000 >> 8]);
  assert.equal(kept.at, 7);

  kept.begin(9);
  kept.add(Uint8Array.of(1, 2, 3));
  assert.deepEqual([...kept.take()!], [1, 2, 3]);
  assert.equal(taken[2000], 1000 & 255, "what was taken stays");
  assert.deepEqual([...kept.take()!], []);
});

Deno.test("kept bytes: too many are let go at once, and the next part counts", () => {
  const kept = new KeptBytes(100);
  kept.begin(0);
  kept.add(new Uint8Array(90));
  kept.add(new Uint8Array(90));
  assert.equal(kept.bytes, 0);
  kept.add(Uint8Array.of(1));
  assert.equal(kept.take(), undefined);
  kept.add(Uint8Array.of(5));
  assert.deepEqual([...kept.take()!], [5]);
});
