// Which system calls the probe reports.
// In: the event codes that the loaded rules can match. Out: names of calls, and from them the probe's interest table.
// The calls of the rules, and those without which the tables of processes and files would be wrong. Of the calls that move
// data (read, write and their kin), of which there are many, only those that a rule names: a rule without a type matches all
// of them, and a host should not pay for that unasked.
// Elsewhere: how the table is written, which calls the probe has programs for (schema/probe_programs.ts).

import { CANARY_CALL, interestBytes, isHighVolumeIo, type SyscallDef, SYSCALLS } from "../../schema/mod.ts";
import { type BaseCalls, withBaseCalls } from "../base_calls.ts";

/** Which of the calls that move data are reported: all that rules can match, those that rules name, none (as Falco). */
export type IoCalls = "all" | "named" | "none";

export interface InterestOptions {
  /** event codes with rules */
  readonly eventCodes: Iterable<number>;
  /** Falco's numbers of the generic calls that rules name; without it a rule on generic events wants all of them */
  readonly genericSyscalls?: ReadonlySet<number>;
  /** codes of the events of calls that move data and that rules name; none when it is left out */
  readonly namedIo?: readonly number[];
  /** rules ask for the path of opened files as the kernel resolved it */
  readonly usesRealpath?: boolean;
  /** "named" when it is left out */
  readonly io?: IoCalls;
  /** what is reported besides the calls of the rules; by default all calls that the state needs */
  readonly baseCalls?: BaseCalls;
}

const ALL_OF_THE_STATE: BaseCalls = { custom: [], repair: false };

/** the event of calls that have none of their own */
const GENERIC_EVENT = 1;

export function interestTable(options: InterestOptions): Uint8Array<ArrayBuffer> {
  const calls = wantedSyscalls(options);
  // calls with an event at entry are reported there too: it holds the arguments before anybody could change them
  return interestBytes(
    [...calls.map(({ name }) => name), CANARY_CALL],
    calls.filter(({ enterEvent }) => enterEvent !== undefined).map(({ name }) => name),
    options.usesRealpath ?? false,
  );
}

export function wantedSyscalls(options: InterestOptions): SyscallDef[] {
  const codes = new Set(options.eventCodes);
  const ofRules = SYSCALLS.filter((call) => {
    if (call.enterEvent !== undefined && codes.has(call.enterEvent)) return true;
    if (call.exitEvent === null || !codes.has(call.exitEvent)) return false;
    return call.exitEvent !== GENERIC_EVENT || (options.genericSyscalls?.has(call.sc) ?? true);
  });
  const chosen = withBaseCalls(ofRules, options.baseCalls ?? ALL_OF_THE_STATE);
  const { io = "named", namedIo = [] } = options;
  const isReported = ({ sc, exitEvent }: SyscallDef) =>
    !isHighVolumeIo(sc) || io === "all" ||
    (io === "named" && exitEvent !== null && namedIo.includes(exitEvent));
  return SYSCALLS.filter((call) => call.x86_64 !== null && chosen.has(call) && isReported(call));
}
