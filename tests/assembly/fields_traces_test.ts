// Every field that the matcher extracts, on every sampled event of the recorded traces, against Falco's values.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { type Agreement, TraceComparison } from "./fields_oracle.ts";

const FOLDER = new URL("../../../shared/falco/traces/", import.meta.url);
const TRACES = ["build", "container", "files", "kernel", "net", "privileged", "procs", "scripts", "services"];

/** Fields on which Falco is not followed, or cannot be, with the reason. */
const NOT_COMPARED: Readonly<Record<string, string>> = {};

function names(): string[] {
  const all = readFileSync(new URL("fields-list.txt", FOLDER), "utf8").trim().split("\n");
  return all.filter((name) => !(name in NOT_COMPARED));
}

const total = new Map<string, Agreement>();

for (const trace of TRACES) {
  Deno.test({
    name: `fields agree with Falco on ${trace}`,
    ignore: !existsSync(FOLDER),
    fn() {
      const comparison = new TraceComparison(FOLDER, trace, names());
      assert.deepEqual(comparison.unseen, [], "events that were not judged");
      let compared = 0, differing = 0;
      for (const [name, { compared: count, differences }] of comparison.agreement) {
        compared += count;
        differing += differences.length;
        const sum = total.get(name) ?? { compared: 0, differences: [] };
        sum.compared += count;
        sum.differences.push(...differences);
        total.set(name, sum);
        if (differences.length > 0) {
          console.log(name, `${differences.length} of ${count}`, JSON.stringify(differences.slice(0, 3)));
        }
      }
      console.log(trace, comparison.events, compared, differing);
    },
  });
}
