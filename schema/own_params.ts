// Parameters that our probe appends to events after those of Falco's table, where the loaded rules need them.
// In: nothing. Out: OWN_PARAMS, events by the names of their constants with what may follow their parameters.
// Readers find them by position: the first after those of the table (assembly/fields/fd_name.ts). Rules cannot name
// them as evt.arg, and recordings do not hold them. Elsewhere: Falco's own parameters (schema/event_table.ts).

import { EVENT_CODE } from "./events.ts";
import type { ParamDef } from "./types.ts";

/** The path that the kernel resolved, symbolic links followed; only of calls that succeed. */
const REALPATH: ParamDef = { name: "realpath", type: "fspath", format: "na" };

export const OWN_PARAMS: Readonly<Record<string, ParamDef>> = {
  OPEN_X: REALPATH,
  OPENAT_X: REALPATH,
  OPENAT2_X: REALPATH,
  CREAT_X: REALPATH,
};

const byCode = new Map(Object.entries(OWN_PARAMS).map(([name, param]) => [EVENT_CODE[name]!, param]));

/** What may follow the parameters of an event, by its code. */
export function ownParam(code: number): ParamDef | undefined {
  return byCode.get(code);
}

/** What an fd refers to after a call that has copied it: probe/syscalls/fd_facts.bpf.h. */
const FD_FACTS = 7;

/** How many parameters follow for the state alone, whatever rules ask for. */
const STATE_PARAMS = new Map([
  [EVENT_CODE["CLOSE_X"]!, 1],
  [EVENT_CODE["CLOSE_RANGE_X"]!, 1],
  [EVENT_CODE["DUP_X"]!, FD_FACTS],
  [EVENT_CODE["DUP2_X"]!, FD_FACTS],
  [EVENT_CODE["DUP3_X"]!, FD_FACTS],
  [EVENT_CODE["FCNTL_X"]!, FD_FACTS],
  [EVENT_CODE["PIDFD_GETFD_X"]!, FD_FACTS],
  [EVENT_CODE["CONNECT_X"]!, FD_FACTS],
]);

/** Of copies they follow only where the new number is 0, 1 or 2; of connects where the filter leaves out the socket's beginning. */
export function stateParamCount(code: number): number {
  return STATE_PARAMS.get(code) ?? 0;
}
