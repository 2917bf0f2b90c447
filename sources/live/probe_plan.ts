// Which programs of the probe are loaded and attached for an interest table, and how calls are seen at entry.
// In: the interest table. Out: a plan; its tracepoints are open and belong to whoever holds it.
// The verifier's work is most of the start, so programs that nothing leads to are not loaded.
// Elsewhere: all programs there are (schema/probe_programs.ts), carrying the plan out (probe.ts).

import { PROBE_LIMITS } from "../../schema/layout.ts";
import { CANARY_PROGRAM, PROBE_PROGRAMS, type ProbeHook, programTable } from "../../schema/probe_programs.ts";
import { openEntryTracepoints } from "./syscall_tracepoints.ts";

export interface ProbePlan {
  readonly loaded: ReadonlySet<string>;
  readonly attached: readonly string[];
  /** program → descriptor of its tracepoint; whoever holds the plan notes here which have been taken over */
  readonly tracepoints: Map<string, number>;
  /** calls at entry are seen by the dispatcher */
  readonly isDispatched: boolean;
  /** programs by number of the call, for each table of the probe that is filled */
  readonly tables: ReadonlyMap<"exit_programs" | "enter_programs", ReadonlyMap<number, string>>;
}

/** @param dispatchEntries sees calls at entry by the dispatcher, even where their tracepoints can be had */
export function planPrograms(interest: Uint8Array, dispatchEntries: boolean): ProbePlan {
  const reached = (hook: "exit" | "enter", bit: number) =>
    new Map([...programTable(hook)].filter(([number]) => interest[number]! & bit));
  const exits = reached("exit", PROBE_LIMITS.INTEREST_EXIT);
  exits.set(PROBE_LIMITS.CANARY_SLOT, CANARY_PROGRAM);
  const entries = reached("enter", PROBE_LIMITS.INTEREST_ENTER);
  const callsAtEntry = PROBE_PROGRAMS.filter(({ hook, program }) =>
    hook === "enter" && [...entries.values()].includes(program)
  ).flatMap(({ syscalls }) => syscalls);

  const opened = dispatchEntries ? undefined : openEntryTracepoints(callsAtEntry);
  const tracepoints = new Map<string, number>();
  for (const { program, syscalls } of withHook("tracepoint")) {
    const fd = opened?.get(syscalls[0]!);
    if (fd !== undefined) tracepoints.set(program, fd);
  }
  const isDispatched = opened === undefined && entries.size > 0;
  const attached = [...withHook("attach"), ...isDispatched ? withHook("dispatcher") : []]
    .map(({ program }) => program);
  return {
    loaded: new Set([
      ...attached,
      ...tracepoints.keys(),
      ...exits.values(),
      ...isDispatched ? entries.values() : [],
    ]),
    attached,
    tracepoints,
    isDispatched,
    tables: new Map([
      ["exit_programs", exits],
      ["enter_programs", isDispatched ? entries : new Map<number, string>()],
    ]),
  };
}

function withHook(wanted: ProbeHook) {
  return PROBE_PROGRAMS.filter(({ hook }) => hook === wanted);
}
