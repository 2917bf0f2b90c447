// What is said of outputs that cannot work, while settings change: each fault goes when its reason does, and only an output
// that is still there can be reported as repaired.

import { deepEqual } from "node:assert/strict";
import type { Fault } from "../../../config/mod.ts";
import { OutputTrial } from "../../../service/health/output_trial.ts";

/** Outputs as they are looked at, and what is said of them. */
function trialOf(tryOut: () => Promise<ReadonlyMap<string, string | undefined>>) {
  const faults = new Map<string, Fault>();
  const log: string[] = [];
  const trial = OutputTrial.start({
    faults: {
      show: (found: ReadonlyMap<string, Fault>) => found.forEach((fault, about) => faults.set(about, fault)),
      clear: (about: string) => faults.delete(about),
    } as unknown as Parameters<typeof OutputTrial.start>[0]["faults"],
    log: (_, text) => log.push(text),
    output: { tryOut },
  });
  return { trial, faults, log };
}

const looked = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("an output that works again is reported, one that a reload has removed is not", async () => {
  let outputs = new Map<string, string | undefined>([["file", "no folder"], ["http", "no name"], [
    "stdout",
    undefined,
  ]]);
  const { trial, faults, log } = trialOf(() => Promise.resolve(outputs));
  await looked();
  deepEqual([[...faults.keys()], log], [["output file", "output http"], []]);
  outputs = new Map<string, string | undefined>([["http", undefined], ["stdout", undefined]]);
  trial.reloaded();
  await looked();
  trial.close();
  deepEqual([[...faults.keys()], log], [[], ["output http: what was missing is there now"]]);
});

Deno.test("a look that a reload has overtaken says nothing and is not repeated", async () => {
  const looks: PromiseWithResolvers<ReadonlyMap<string, string | undefined>>[] = [];
  const { trial, faults, log } = trialOf(() => {
    looks.push(Promise.withResolvers());
    return looks.at(-1)!.promise;
  });
  trial.reloaded();
  looks[1]!.resolve(new Map([["new", "no name"]]));
  await looked();
  looks[0]!.resolve(new Map([["old", "no folder"]]));
  await looked();
  trial.close();
  deepEqual([looks.length, [...faults.keys()], log], [2, ["output new"], []]);
});
