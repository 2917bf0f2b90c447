// Faults are told once, in the log and by an alert, and show in health and metrics until they are mended.

import { deepEqual, match, ok } from "node:assert/strict";
import { type Fault, newFaults } from "../../../config/faults.ts";
import { Faults } from "../../../service/health/faults.ts";
import type { InternalAlert } from "../../../service/internal_alerts/internal_alerts.ts";
import { ownMetrics } from "../../../service/metrics/own_metrics.ts";
import { healthBody, healthReport } from "../../../service/web/health.ts";
import { sampleFacts } from "../sample_facts.ts";

const RULE: Fault = { kind: "rule", text: "/r.yaml:3:1: the rule `Bad` is left out: no" };
const OUTPUT: Fault = { kind: "output", text: "output http cannot work: the name x has no address" };

function collected() {
  const lines: string[] = [];
  const alerts: InternalAlert[] = [];
  const faults = new Faults({
    log: (level, message) => lines.push(`${level} ${message}`),
    raise: (alert) => alerts.push(alert),
  });
  return { faults, lines, alerts };
}

Deno.test("faults of the start: a line each, one Critical alert with all reasons", () => {
  const { faults, lines, alerts } = collected();
  faults.loaded([]);
  deepEqual([lines, alerts], [[], []]);
  faults.loaded([RULE, OUTPUT]);
  deepEqual(lines, [`error ${RULE.text}`, `error ${OUTPUT.text}`]);
  deepEqual(alerts.map(({ rule, priority, fields }) => [rule, priority, fields["faults"]]), [
    ["Falco internal: degraded", "Critical", 2],
  ]);
  ok(alerts[0]!.message.includes(RULE.text) && alerts[0]!.message.includes(OUTPUT.text));
});

Deno.test("a reload that mends faults says so, and raises nothing", () => {
  const { faults, lines, alerts } = collected();
  faults.loaded([RULE, OUTPUT]);
  faults.loaded([RULE]);
  faults.loaded([]);
  deepEqual(alerts.length, 1);
  match(lines.at(-2)!, /^info .* 1 are left$/);
  match(lines.at(-1)!, /^info .* all parts of the configuration are in use$/);
  deepEqual(faults.all, []);
});

Deno.test("what shows later is told when it is new, and gone when it is cleared", () => {
  const { faults, alerts } = collected();
  faults.show(new Map([["output http", OUTPUT]]));
  faults.show(new Map([["output http", OUTPUT]]));
  deepEqual([alerts.length, faults.all], [1, [OUTPUT]]);
  faults.clear("output http");
  deepEqual(faults.all, []);
});

Deno.test("/healthz: a kernel that refuses the filter is told, and neither unhealthy nor degraded; a metric says it", () => {
  const problem = "engine.kernel_filter is without effect";
  const facts = sampleFacts({ filterProblem: problem });
  const { isHealthy, isDegraded, problems } = healthReport(facts);
  deepEqual([isHealthy, isDegraded, problems], [true, false, [problem]]);
  const told = (of: typeof facts) =>
    ownMetrics(of).find(({ name }) => name === "kernel_filter_problem")?.value;
  deepEqual([told(facts), told(sampleFacts())], [1, 0]);
});

Deno.test("a thousand faults make one alert of bounded length", () => {
  const { faults, lines, alerts } = collected();
  faults.loaded(Array.from({ length: 1000 }, (_, at): Fault => ({ kind: "rule", text: `fault ${at}` })));
  deepEqual([alerts.length, lines.length], [1, 101]);
  match(alerts[0]!.message, /fault 9 \| and 990 more$/);
});

Deno.test("a fault is the same wherever its line has moved; one of another file or kind is new", () => {
  const moved: Fault = { ...RULE, text: RULE.text.replace(":3:1:", ":30:7:") };
  const other: Fault = { ...RULE, text: RULE.text.replace("/r.yaml", "/s.yaml") };
  deepEqual(newFaults([moved, other, { ...RULE, kind: "setting" }], [RULE]), [other, {
    ...RULE,
    kind: "setting",
  }]);
});

Deno.test("/healthz: degraded with the reasons and still healthy; failing is worse; metrics count by kind", () => {
  const facts = sampleFacts({ faults: [RULE] });
  const { isHealthy, isDegraded, problems } = healthReport(facts);
  deepEqual([isHealthy, isDegraded, problems.includes(RULE.text)], [true, true, true]);
  match(healthBody(facts), /^\{"status": "degraded", /);
  match(healthBody(sampleFacts({ faults: [RULE], standstill: "x" })), /^\{"status": "failing", /);
  match(healthBody(sampleFacts()), /^\{"status": "ok", /);
  const counts = ownMetrics(facts).filter(({ name }) => name === "faults").map(({ value }) => value);
  deepEqual(counts, [0, 0, 1, 0, 0, 0, 0, 0]);
});
