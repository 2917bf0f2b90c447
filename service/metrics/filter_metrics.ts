// What the kernel's filter does: of each type of event how many calls it saw, passed on and left out; whether it works.
// In: facts. Out: metrics. Elsewhere: what is left out with which rules (falco list filters, which asks for these, too).

import { EVENTS } from "../../schema/mod.ts";
import type { ServiceFacts } from "./facts.ts";
import { type Metric, ownCounter, ownGauge } from "./metric.ts";

const LEFT_OUT = "left_out_";

export function filterMetrics(facts: ServiceFacts): Metric[] {
  const { matcher } = facts.live;
  return [
    ownGauge(
      "kernel_filter_problem",
      "1 when the kernel refuses the filter that engine.kernel_filter asks for: everything is reported",
      facts.filterProblem === undefined ? 0 : 1,
    ),
    ownCounter(
      "kernel_filter_marked",
      "events that would have been left out (shadow mode)",
      matcher["MARKED"],
    ),
    ownCounter(
      "kernel_filter_missed",
      "of these, matches of rules: there must be none",
      matcher["MARKED_MATCHED"],
    ),
    ...countsOf(facts),
  ];
}

/** Of the types of which anything has been left out; of others `events` says all there is. */
function countsOf({ source, live, settings }: ServiceFacts): Metric[] {
  const passed = new Map<string, bigint>();
  for (const [code, count] of live.events) {
    const event = EVENTS[code];
    if (event?.direction === "exit") passed.set(event.name, (passed.get(event.name) ?? 0n) + count);
  }
  const isShadow = settings["engine.kernel_filter"] === "shadow";
  return Object.entries(source).flatMap(([name, leftOut]) => {
    if (!name.startsWith(LEFT_OUT)) return [];
    const type = name.slice(LEFT_OUT.length);
    const come = passed.get(type) ?? 0n;
    const labels = { type };
    return [
      ownCounter(
        "kernel_filter_seen",
        "calls that the kernel's filter has decided on",
        isShadow ? come : come + leftOut,
        labels,
      ),
      ownCounter("kernel_filter_passed", "of these, reported", come, labels),
      ownCounter(
        "kernel_filter_dropped",
        "of these, left out since no rule needs them (in shadow mode: they would have been)",
        leftOut,
        labels,
      ),
    ];
  });
}
