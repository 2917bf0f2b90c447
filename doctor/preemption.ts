// Whether this kernel preempts the programs of the probe, and which hooks it takes for that reason.
// In: what was measured. Out: a finding, and the hooks, unless no hook will do.
// Elsewhere: measuring and choosing (sources/live/preemption.ts).

import { EnvironmentError, messageOf } from "../base/mod.ts";
import { chooseHooks, type PreemptionDepths, type ProbeHooks } from "../sources/live/mod.ts";
import { fail, type Finding, ok } from "./finding.ts";

const SUBJECT = "preemption";
const HOOK_NAMES = {
  raw: "raw tracepoint",
  perf: "perf tracepoint",
  call: "perf tracepoint of one call",
} as const;

export function checkPreemption(
  depths: PreemptionDepths,
  release: string,
): { readonly finding: Finding; readonly hooks?: ProbeHooks } {
  try {
    const hooks = chooseHooks(depths, release);
    return { hooks, finding: ok(SUBJECT, `${words(hooks)} (${measured(depths)})`) };
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    const { report } = error;
    return {
      finding: fail(SUBJECT, `${messageOf(error).split("\n")[0]} (${measured(depths)})`, ...report.remedy),
    };
  }
}

function words({ byPerf, entriesByCall }: ProbeHooks): string {
  if (!byPerf) return "programs of raw tracepoints are not preempted: the probe uses these";
  return "programs of raw tracepoints are preempted: the probe uses those of perf, " +
    `and for calls at entry ${entriesByCall ? "those of each call" : "one for all calls"}`;
}

function measured(depths: PreemptionDepths): string {
  const told = Object.entries(HOOK_NAMES).map(([hook, name]) => {
    const depth = depths[hook as keyof typeof HOOK_NAMES];
    return `${name}: ${
      depth === undefined ? "not measured" : depth === 0 ? "preemptible" : "preemption off"
    }`;
  });
  return Object.keys(depths).length === 0 ? "by the kernel's version: it does not tell" : told.join(", ");
}
