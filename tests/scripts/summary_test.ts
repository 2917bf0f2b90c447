import { deepEqual, equal } from "node:assert/strict";
import { addCounts, countsOf, NO_COUNTS, summaryLine } from "../../scripts/test/summary.ts";

Deno.test("tests are counted, steps are not", () => {
  deepEqual(countsOf("x ... ok\n\nok | 12 passed (3 steps) | 0 failed | 2 ignored (1 step) (45ms)\n\n"), {
    passed: 12,
    failed: 0,
    skipped: 2,
  });
  deepEqual(countsOf("FAILED | 1 passed | 2 failed (9 steps) (1s)"), { passed: 1, failed: 2, skipped: 0 });
  deepEqual(countsOf("\x1b[0m\x1b[32mok\x1b[0m | 3 passed | 0 failed \x1b[38;5;245m(1s)\x1b[0m\r\n"), {
    passed: 3,
    failed: 0,
    skipped: 0,
  });
});

Deno.test("a summary that a test printed itself does not count, the last one does", () => {
  deepEqual(
    countsOf(
      "ok | 99 passed | 0 failed (1s)\nnoise\nFAILED | 1 passed | 1 failed (1s)\n\nerror: Test failed",
    ),
    {
      passed: 1,
      failed: 1,
      skipped: 0,
    },
  );
});

Deno.test("a run that broke off has no counts", () => {
  equal(countsOf("running 3 tests from ./x_test.ts\na ... ok"), undefined);
});

Deno.test("the last line adds all groups", () => {
  const sum = addCounts(
    { passed: 1, failed: 2, skipped: 3 },
    addCounts({ passed: 4, failed: 0, skipped: 1 }, NO_COUNTS),
  );
  equal(summaryLine(sum), "5 passed, 2 failed, 4 skipped");
});
