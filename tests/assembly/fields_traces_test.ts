// Every field that the matcher extracts, on every sampled event of the recorded traces, against Falco's values; type,
// thread and all parameters as text on every event. Differences are allowed where fields_known_differences.ts says so.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { fieldByName } from "../../schema/fields.ts";
import { explain } from "./fields_known_differences.ts";
import { TraceComparison } from "./fields_oracle.ts";

const FOLDER = new URL("../../../shared/falco/traces/", import.meta.url);
const TRACES = ["build", "container", "files", "kernel", "net", "privileged", "procs", "scripts", "services"];

const ignore = !existsSync(FOLDER);
if (ignore) {
  console.log("fields_traces_test: skipped, the recorded traces (../shared/falco/traces) are not there");
}

function names(): string[] {
  return readFileSync(new URL("fields-list.txt", FOLDER), "utf8").trim().split("\n");
}

for (const trace of TRACES) {
  Deno.test({
    name: `fields agree with Falco on ${trace}`,
    ignore,
    fn() {
      const comparison = new TraceComparison(FOLDER, trace, names());
      assert.deepEqual(comparison.unseen, [], "events that Falco printed and that were not judged");
      let compared = 0, explained = 0;
      const unexplained: string[] = [];
      for (const [name, { compared: count, differences }] of comparison.agreement) {
        compared += count;
        for (const difference of differences) {
          const { event, type, expected, found } = difference;
          if (explain(name, difference) !== undefined) explained++;
          else unexplained.push(`${name} on event ${event} (${type}): ${found}, Falco has ${expected}`);
        }
      }
      console.log(
        `${trace}: ${compared} values of ${comparison.names.length} fields, ${explained} known differences`,
      );
      assert.deepEqual(unexplained.slice(0, 20), [], `${unexplained.length} of ${compared} values differ`);
    },
  });
}

Deno.test({
  name: "every field that the catalogue gives an extractor has one",
  ignore,
  fn() {
    const comparison = new TraceComparison(FOLDER, "scripts", names());
    const lacking = names().filter((name) => {
      const stem = name.replace(/\[.*/, "");
      const field = fieldByName(stem) ?? fieldByName(stem.replace(/\.[^.]+$/, ""));
      return field?.fn !== undefined && !comparison.names.includes(name);
    });
    assert.deepEqual(lacking, []);
  },
});
