// Every alert line that Falco itself printed in the recorded runs, made again from its own output_fields.

import { equal, ok } from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { RECORDINGS } from "../support/recordings.ts";
import { upstreamMissing, upstreamRules } from "../support/upstream.ts";
import { parse } from "yaml";
import type { AlertValue } from "../../alerts/alert.ts";
import { createAlertFormatter } from "../../alerts/alert_formatter.ts";
import { PRIORITIES } from "../../base/priority.ts";
import { alert, rule, STYLE, template } from "./samples.ts";

const VARIANTS = ["stable.first", "all.first", "all.all", "all.enabled"];

/** name → output as written */
function outputsOfRules(): Map<string, string> {
  const outputs = new Map<string, string>();
  for (const file of ["falco_rules.yaml", "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml"]) {
    for (const item of parse(Deno.readTextFileSync(upstreamRules(file)))) {
      if (typeof item.rule === "string" && typeof item.output === "string") {
        outputs.set(item.rule, item.output.trim());
      }
    }
  }
  return outputs;
}

/** Numbers stay as they were written: they have more digits than a double holds. */
function parseExactly(line: string) {
  return JSON.parse(
    line,
    (_key, value, context?: { source?: string }) =>
      typeof value === "number" ? BigInt(context?.source ?? value) : value,
  );
}

function toValue(value: unknown): AlertValue {
  if (value === null || value === undefined) return { kind: "missing" };
  if (typeof value === "bigint") return { kind: "int", value };
  if (typeof value === "boolean") return { kind: "bool", value };
  if (Array.isArray(value)) return { kind: "list", value: value.map(toValue) };
  return { kind: "text", value: String(value) };
}

Deno.test({
  name: upstreamMissing === undefined
    ? "recorded alert lines are reproduced byte for byte"
    : `recorded alert lines: skipped, ${upstreamMissing}`,
  ignore: upstreamMissing !== undefined,
  fn() {
    const outputs = outputsOfRules();
    let lines = 0;
    for (const { name } of Deno.readDirSync(RECORDINGS)) {
      if (!VARIANTS.some((variant) => name.endsWith(`.${variant}.jsonl.gz`))) continue;
      for (const line of gunzipSync(Deno.readFileSync(new URL(name, RECORDINGS))).toString().split("\n")) {
        if (line === "") continue;
        const recorded = parseExactly(line);
        const output = template(outputs.get(recorded.rule) ?? "");
        const values = output.fields.map((field) => toValue(recorded.output_fields[field.key]));
        const priority = PRIORITIES.find((word) => word === recorded.priority);
        ok(priority !== undefined);
        const loaded = rule(output, {
          name: recorded.rule,
          priority,
          source: recorded.source,
          tags: recorded.tags,
        });
        const format = createAlertFormatter([loaded], { ...STYLE, json: true });
        const timeNs = recorded.output_fields["evt.time"] as bigint;
        // the prefix is local time; the runs were recorded in UTC
        const clock = recorded.time.slice(11, -1);
        const made = format(alert(values, timeNs)).replace(
          /"output":"\d\d:\d\d:\d\d\.\d{9}/,
          `"output":"${clock}`,
        );
        equal(made, line);
        lines++;
      }
    }
    ok(lines > 1000, `only ${lines} recorded lines were found`);
  },
});
