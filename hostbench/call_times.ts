// Times system calls in tight loops: in the process that is watched.
// In: nothing. Out: nanoseconds for each kind of call, of the fastest of many short parts.
// Elsewhere: the calls (ffi/measured_calls.ts), what is compared (bench_host.ts).

import { measuredCalls } from "../ffi/mod.ts";
import { OPENED_FILE } from "./flood.ts";

/** Nanoseconds by name; null where it cannot be made here. */
export type CallTimes = Readonly<Record<string, number | null>>;

/** The runtime's own way to a call costs some 10 ns: the same in all turns, and small. */
const PARTS = 800;
/** So many parts that each has a chance to run without an interrupt. */
const SLOW_PARTS = 200;
const QUICK = 200;
const PROGRAMS = ["/bin/true", "/usr/bin/true"];

export function callTimes(): CallTimes {
  const calls = measuredCalls();
  const program = PROGRAMS.find(isThere);
  return {
    "getppid": fastest(calls.askParent, QUICK, PARTS),
    "read": fastest(calls.read(OPENED_FILE), QUICK, PARTS),
    "open, close": fastest(calls.openAndClose(OPENED_FILE), QUICK, PARTS),
    "UDP socket, connect, close": fastest(calls.connectDatagram, QUICK >> 2, PARTS),
    "vfork, exec, exit": program === undefined ? null : fastest(calls.run(program), 1, SLOW_PARTS),
  };
}

function fastest(call: () => void, callsOfPart: number, parts: number): number {
  let best = Infinity;
  for (let part = 0; part < parts; part++) {
    const startMs = performance.now();
    for (let i = 0; i < callsOfPart; i++) call();
    best = Math.min(best, (performance.now() - startMs) / callsOfPart);
  }
  return best * 1e6;
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
