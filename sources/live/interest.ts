// Which system calls the probe reports.
// In: the event codes that the loaded rules can match. Out: names of calls, and from them the probe's interest table.
// As in Falco: the calls of the rules, and those without which the tables of processes and files would be wrong, without
// reads and writes of data even where a rule names them, unless all calls are asked for.
// Elsewhere: how the table is written, which calls the probe has programs for (schema/probe_programs.ts).

import { CANARY_CALL, interestBytes } from "../../schema/probe_programs.ts";
import { isHighVolumeIo, SYSCALLS } from "../../schema/syscalls.ts";
import type { SyscallDef } from "../../schema/types.ts";
import { type BaseCalls, withBaseCalls } from "./base_calls.ts";

export interface InterestOptions {
  /** event codes with rules */
  readonly eventCodes: Iterable<number>;
  /** Falco's numbers of the generic calls that rules name; without it a rule on generic events wants all of them */
  readonly genericSyscalls?: ReadonlySet<number>;
  /** rules ask for the path of opened files as the kernel resolved it */
  readonly usesRealpath?: boolean;
  /** reads and writes too, where rules name them (base_syscalls.all) */
  readonly withHighVolumeIo: boolean;
  /** what is reported beside the calls of the rules; by default all calls that the state needs */
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
  return SYSCALLS.filter((call) =>
    call.x86_64 !== null && chosen.has(call) && (options.withHighVolumeIo || !isHighVolumeIo(call.sc))
  );
}
