// What calls change about the process that makes them: who it is, which the next program that it starts is, too.
// In: an event that has been written. Out: the actor's process with its new ids and capabilities.
// Elsewhere: where it is and what it has open, which the matcher knows by itself (assembly/state).

import type { EventDef } from "../../schema/mod.ts";
import { ALL_CAPABILITIES, type Process } from "./world.ts";

/** The parameter that says the id which counts. */
const USER_CALLS: Readonly<Record<string, string>> = { setuid: "uid", setresuid: "euid", setreuid: "euid" };
const GROUP_CALLS: Readonly<Record<string, string>> = { setgid: "gid", setresgid: "egid", setregid: "egid" };
/** Given for an id that stays. */
const UNCHANGED = 0xffff_ffff;

/** @param values the bytes of all its parameters */
export function afterCall(process: Process, event: EventDef, values: readonly Uint8Array[]): Process {
  const [result] = event.params;
  if ((result?.type === "errno" || result?.type === "pid") && viewOf(values[0]!).getBigInt64(0, true) < 0n) {
    return process;
  }
  const valueOf = (name: string) => viewOf(values[event.params.findIndex((param) => param.name === name)]!);
  const user = USER_CALLS[event.name], group = GROUP_CALLS[event.name];
  if (user !== undefined) return withUser(process, valueOf(user).getUint32(0, true));
  if (group !== undefined) {
    const gid = valueOf(group).getUint32(0, true);
    return gid === UNCHANGED ? process : { ...process, gid };
  }
  switch (event.name) {
    case "capset":
      return { ...process, capabilities: valueOf("cap_effective").getBigUint64(0, true) };
    case "setsid":
      return { ...process, sid: process.pid, pgid: process.pid };
    default:
      return process;
  }
}

/** Root that becomes somebody else loses its capabilities, and gets them back with the next program that root starts. */
function withUser(process: Process, uid: number): Process {
  if (uid === UNCHANGED || uid === process.uid) return process;
  return { ...process, uid, capabilities: uid === 0 ? ALL_CAPABILITIES : 0n };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
