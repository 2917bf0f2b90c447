// What is said of outputs that cannot work, while settings change: each fault goes when its reason does, and only an output
// that is still there can be reported as repaired.

import { deepEqual } from "node:assert/strict";
import type { Fault } from "../../../config/mod.ts";
import { OutputTrial } from "../../../service/health/output_trial.ts";

Deno.test("an output that works again is reported, one that a reload has removed is not", async () => {
  const faults = new Map<string, Fault>();
  const log: string[] = [];
  let outputs = new Map<string, string | undefined>([["file", "no folder"], ["http", "no name"], [
    "stdout",
    undefined,
  ]]);
  const trial = OutputTrial.start({
    faults: {
      show: (found: ReadonlyMap<string, Fault>) => found.forEach((fault, about) => faults.set(about, fault)),
      clear: (about: string) => faults.delete(about),
    } as unknown as Parameters<typeof OutputTrial.start>[0]["faults"],
    log: (_, text) => log.push(text),
    output: { tryOut: () => Promise.resolve(outputs) },
  });
  const looked = () => new Promise((resolve) => setTimeout(resolve));
  await looked();
  deepEqual([[...faults.keys()], log], [["output file", "output http"], []]);
  outputs = new Map<string, string | undefined>([["http", undefined], ["stdout", undefined]]);
  trial.reloaded();
  await looked();
  trial.close();
  deepEqual([[...faults.keys()], log], [[], ["output http: what was missing is there now"]]);
});
