// The warning that a rule runs on nearly every event, and what Falco 0.45 no longer warns of: a condition that never holds.

import { deepEqual } from "node:assert/strict";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";

function isWarned(condition: string): boolean {
  const text = `- rule: R\n  desc: d\n  condition: ${condition}\n  output: o\n  priority: INFO\n`;
  return loadRules([makeSource("r.yaml", text)]).diagnostics.some(({ code }) => code === "no-event-type");
}

Deno.test("a condition without an event type is warned of, one that never holds is not: events count from 1", () => {
  const cases: [condition: string, warned: boolean][] = [
    ["proc.name = x", true],
    ["evt.type = open and proc.name = x", false],
    ["evt.num = 0", false],
    ["(evt.num=0) and proc.name = x", false],
    ["evt.num = 0 or proc.name = x", true],
    ["not evt.num = 0", true],
    ["not evt.num != 0", false],
    ["evt.num < 1", false],
    ["evt.num <= 0", false],
    ["not evt.num > 0", false],
    ["not evt.num >= 1", false],
    ["evt.num in (0)", false],
    ["evt.num in (0, 7)", true],
    ["evt.num = 7", true],
    ["evt.num < 2", true],
    ["evt.num > 0", true],
  ];
  deepEqual(cases.filter(([condition, warned]) => isWarned(condition) !== warned), []);
});
