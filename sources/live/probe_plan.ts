// Which programs of the probe are loaded and attached for an interest table, and how calls are seen at entry.
// In: the interest table. Out: a plan; its tracepoints are open and belong to its holder.
// The verifier's work is most of the start, so programs that nothing leads to are not loaded.
// Elsewhere: all programs there are (schema/probe_programs.ts), carrying the plan out (probe.ts).

import {
  CANARY_PROGRAM,
  PROBE_LIMITS,
  PROBE_PROGRAMS,
  type ProbeHook,
  type ProbeProgram,
  programTable,
} from "../../schema/mod.ts";
import { EnvironmentError } from "../../base/mod.ts";
import { closeFd } from "../../ffi/mod.ts";
import type { ProbeHooks } from "./preemption.ts";
import { openTracepoints } from "./tracepoints.ts";

export interface ProbePlan {
  readonly loaded: ReadonlySet<string>;
  readonly attached: readonly string[];
  /** program → descriptor of its tracepoint; the holder of the plan notes here which have been taken over */
  readonly tracepoints: Map<string, number>;
  /** for a plan of the same probe with other calls: what was to be had the first time */
  readonly hooks: ProbeHooks;
  /** programs by number of the call, for each table of the probe that is filled */
  readonly tables: ReadonlyMap<"exit_programs" | "enter_programs", ReadonlyMap<number, string>>;
}

/** @param filters whether the kernel's filter is used */
export function planPrograms(interest: Uint8Array, hooks: ProbeHooks, filters: boolean): ProbePlan {
  const reached = (hook: "exit" | "enter", bit: number) =>
    new Map([...programTable(hook)].filter(([number]) => interest[number]! & bit));
  const exits = reached("exit", PROBE_LIMITS.INTEREST_EXIT);
  exits.set(PROBE_LIMITS.CANARY_SLOT, CANARY_PROGRAM);
  const entries = reached("enter", PROBE_LIMITS.INTEREST_ENTER);
  const callsAtEntry = new Set(
    PROBE_PROGRAMS.filter(({ hook, program }) => hook === "enter" && [...entries.values()].includes(program))
      .flatMap(({ syscalls }) => syscalls),
  );
  const ofCalls = hooks.entriesByCall
    ? openFor(withHook("tracepoint").filter(({ syscalls }) => callsAtEntry.has(syscalls[0]!)))
    : undefined;
  const isDispatched = ofCalls === undefined && entries.size > 0;
  const always = [...withHook("attach"), ...isDispatched ? withHook("dispatcher") : []]
    .filter((program) => (program.filters ?? filters) === filters);
  const ofAlways = hooks.byPerf ? openFor(always) : new Map<string, number>();
  if (ofAlways === undefined) {
    for (const fd of ofCalls?.values() ?? []) closeFd(fd);
    throw withoutPerf();
  }
  const tracepoints = new Map([...ofAlways, ...ofCalls ?? []]);
  const attached = hooks.byPerf ? [] : always.map(({ program }) => program);
  return {
    loaded: new Set([
      ...attached,
      ...tracepoints.keys(),
      ...exits.values(),
      ...isDispatched ? entries.values() : [],
    ]),
    attached,
    tracepoints,
    hooks: { ...hooks, entriesByCall: ofCalls !== undefined },
    tables: new Map([
      ["exit_programs", exits],
      ["enter_programs", isDispatched ? entries : new Map<number, string>()],
    ]),
  };
}

function withHook(wanted: ProbeHook) {
  return PROBE_PROGRAMS.filter(({ hook }) => hook === wanted);
}

/** Program → descriptor of its tracepoint; undefined when one of them cannot be had. */
function openFor(programs: readonly ProbeProgram[]): Map<string, number> | undefined {
  const opened = openTracepoints(programs.map(({ tracepoint }) => tracepoint!));
  return opened && new Map(programs.map(({ program, tracepoint }) => [program, opened.get(tracepoint!)!]));
}

function withoutPerf(): EnvironmentError {
  return new EnvironmentError({
    problem:
      "Cannot load the probe: this kernel preempts programs of raw tracepoints, and those of perf cannot be had",
    tried: [
      "reading the numbers of tracepoints in tracefs (/sys/kernel/tracing)",
      "perf_event_open(2) on them",
    ],
    found: [`kernel ${Deno.osRelease()}`],
    remedy: [
      "Mount tracefs (mount -t tracefs nodev /sys/kernel/tracing) and give falco the right to read it",
      "In a container: --privileged, or --cap-add PERFMON and a seccomp profile that allows perf_event_open",
    ],
  });
}
