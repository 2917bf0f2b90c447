// Whether falco does its work: events come through, and somebody gets its alerts.
// In: facts. Out: a report, and the body of /healthz. Healthy is what a restart, or somebody who looks, could not improve:
// a reload that failed leaves the old rules evaluating, and a foreign /proc stays foreign, so they are told and do not count;
// neither do alerts that come late, or a kernel that refuses the filter.
// Without parts of its configuration it is degraded, which a restart would not improve either: still 200, with the reasons.
// Elsewhere: the call that has to come through (service/health/canary.ts).

import { jsonLine } from "../../base/mod.ts";
import type { ServiceFacts } from "../metrics/facts.ts";

const MAX_FAULTS = 20;

export interface HealthReport {
  readonly isHealthy: boolean;
  /** it works, without parts of its configuration */
  readonly isDegraded: boolean;
  /** why not, or what is not as it should be */
  readonly problems: readonly string[];
  readonly events: boolean;
  readonly outputs: boolean;
  readonly rules: boolean;
}

export function healthReport(facts: ServiceFacts): HealthReport {
  const { canary, reload } = facts;
  const silence = silenceProblem(facts);
  const outputs = outputsProblem(facts);
  const { standstill } = facts;
  const told = [latenessProblem(facts), facts.hostProblem, facts.filterProblem, reload.problem];
  const faults = facts.faults?.map(({ text }) => text) ?? [];
  const problems = [standstill, silence, outputs, ...told, ...faults.slice(0, MAX_FAULTS)]
    .filter((problem) => problem !== undefined);
  return {
    isHealthy: standstill === undefined && silence === undefined && outputs === undefined,
    isDegraded: faults.length > 0,
    problems,
    events: (canary !== undefined || facts.watchesSyscalls === false) && silence === undefined,
    outputs: outputs === undefined,
    rules: reload.problem === undefined,
  };
}

/** `{"status": "ok"}`, as Falco has it, with more besides it. */
export function healthBody(facts: ServiceFacts): string {
  const report = healthReport(facts);
  const { canary, sinks, lateness } = facts;
  const details = jsonLine({
    problems: report.problems,
    events: {
      flowing: report.events,
      silent_ms: canary === undefined ? null : Math.round(canary.silentMs),
      latency_ms: canary?.latencyMs === undefined ? null : Math.round(canary.latencyMs * 1000) / 1000,
    },
    ...lateness === undefined ? {} : {
      alerts: { late_ms: Math.round(lateness.lastMs), worst_late_ms: Math.round(lateness.worstMs) },
    },
    outputs: Object.fromEntries(sinks.map(({ name, isFailing }) => [name, isFailing ? "failing" : "ok"])),
    rules: { current: report.rules, count: facts.rules.length },
    faults: facts.faults?.length ?? 0,
  });
  // with Falco's own spacing: there are checks that compare text
  const status = !report.isHealthy ? "failing" : report.isDegraded ? "degraded" : "ok";
  return `{"status": "${status}", ${details.slice(1)}`;
}

function silenceProblem({ canary, settings, watchesSyscalls }: ServiceFacts): string | undefined {
  if (watchesSyscalls === false) return undefined;
  if (canary === undefined) return "events are not being watched yet";
  if (canary.seen === 0) return "no event has come through yet";
  const { silentMs } = canary;
  if (silentMs <= settings["webserver.healthz_timeout"]) return undefined;
  return `no event has come through for ${Math.round(silentMs / 1000)} s`;
}

function latenessProblem({ lateness, settings }: ServiceFacts): string | undefined {
  const worstMs = lateness?.worstMs ?? 0;
  if (worstMs <= settings["webserver.healthz_timeout"]) return undefined;
  return `within the last minute alerts came up to ${Math.round(worstMs / 1000)} s late`;
}

/** Only when none of the outputs works: while one does, alerts are seen. */
function outputsProblem({ sinks, settings }: ServiceFacts): string | undefined {
  const limitMs = settings["webserver.healthz_outputs_timeout"];
  if (limitMs === 0 || sinks.length === 0) return undefined;
  const silences = sinks.map(({ isFailing, failingForMs = 0 }) => isFailing ? failingForMs : 0);
  const shortest = Math.min(...silences);
  return shortest > limitMs
    ? `every output has been failing for ${Math.round(shortest / 1000)} s`
    : undefined;
}
