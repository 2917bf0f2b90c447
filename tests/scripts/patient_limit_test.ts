import assert from "node:assert/strict";
import { PatientLimit } from "../../scripts/test/patient_limit.ts";

Deno.test("ten seconds are ten on an idle machine, forty where four processes share a processor", () => {
  for (const [share, seconds] of [[1, 10], [0.25, 40]] as const) {
    const limit = new PatientLimit(10_000);
    const reached = Array.from({ length: seconds }, () => limit.pass(1000, share));
    assert.equal(reached.indexOf(true), seconds - 1);
  }
});
