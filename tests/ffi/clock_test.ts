// Time of day and boot time: the kernel's, whatever a time namespace shows.

import assert from "node:assert/strict";
import { bootEpochNs, boottimeNs, followBootEpoch, parseTimeOffsets } from "../../ffi/clock.ts";

const MS = 1_000_000n;

Deno.test("what a time namespace adds is read from its offsets", () => {
  assert.equal(
    parseTimeOffsets("monotonic           0         0\nboottime         -600         0\n"),
    -600_000_000_000n,
  );
  assert.equal(parseTimeOffsets("monotonic   -1 5\nboottime    3 999999999\n"), 3_999_999_999n);
  assert.equal(parseTimeOffsets("boottime   -1 500000000\n"), -500_000_000n);
  assert.equal(parseTimeOffsets(""), 0n);
});

Deno.test("the boot epoch is followed when it has moved, and not for less than the tolerance", () => {
  const known = bootEpochNs();
  const near = (a: bigint, b: bigint) => (a > b ? a - b : b - a) < MS;
  assert.ok(near(followBootEpoch(known, 5n * MS), known));
  assert.ok(near(followBootEpoch(known + 3_600_000n * MS, 5n * MS), known));
  assert.ok(near(followBootEpoch(known - 50n * MS, 5n * MS), known));
  assert.equal(followBootEpoch(known + 2n * MS, 5n * MS), known + 2n * MS);
});

Deno.test("in a time namespace the boot time is the kernel's", async () => {
  const script = `import { boottimeNs } from ${JSON.stringify(import.meta.resolve("../../ffi/clock.ts"))};
    console.log(String(boottimeNs()));`;
  for (const offset of ["-30", "3600"]) {
    const before = boottimeNs();
    const { stdout, success } = await new Deno.Command("unshare", {
      args: ["--time", "--boottime", offset, Deno.execPath(), "eval", script],
    }).output();
    assert.ok(success);
    const inside = BigInt(new TextDecoder().decode(stdout).trim());
    assert.ok(before <= inside && inside <= boottimeNs(), `${before} ${inside}`);
  }
});
