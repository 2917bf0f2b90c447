// Which /proc shows the processes of this host under the numbers that the kernel reports.
// In: HOST_ROOT, this process's number in the initial pid namespace, as the probe has seen it. Out: the root whose /proc
// calls this process by that number; or none, and why: in a pid namespace of its own, or with a HOST_ROOT that is not the
// host's, a /proc tells of other processes under the same numbers, and nothing of it may be believed.

import { PathHandle, readLink } from "../../ffi/mod.ts";

export interface HostView {
  /** what comes before /proc; undefined when none shows the host's processes */
  readonly root: string | undefined;
  /** what is wrong with where falco looks, in one line */
  readonly problem?: string;
}

/** Of statfs. */
const PROC_FILE_SYSTEM = 0x9fa0;
const REMEDY = "Start falco in the host's pid namespace (--pid=host, hostPID: true), " +
  "or mount the host's /proc below the folder that HOST_ROOT names.";

export function viewHost(hostRoot: string, ownTgid: bigint): HostView {
  const given = numberIn(hostRoot);
  if (given === ownTgid) return { root: hostRoot };
  const found = given === undefined
    ? `${hostRoot}/proc is no /proc with this process in it`
    : `for the kernel this process is ${ownTgid}, in ${hostRoot}/proc it is ${given}`;
  if (hostRoot !== "" && numberIn("") === ownTgid) {
    // as in a container that shares the host's processes and mounts no /proc below HOST_ROOT, which the image sets
    if (given === undefined && !isThere(`${hostRoot}/proc`)) return { root: "" };
    return {
      root: "",
      problem: `HOST_ROOT is not this host's root: ${found}. Its /proc is not used, /proc is.`,
    };
  }
  return {
    root: undefined,
    problem:
      `Processes that ran before falco are unknown, since their names would be those of others: ${found}. ` +
      REMEDY,
  };
}

/** An empty folder is a place for a mount. */
function isThere(proc: string): boolean {
  try {
    return Deno.readDirSync(proc)[Symbol.iterator]().next().done !== true;
  } catch {
    return false;
  }
}

/** What a /proc calls this process. */
function numberIn(root: string): bigint | undefined {
  const folder = PathHandle.open(`${root}/proc`);
  if (typeof folder === "number") return undefined;
  const isProc = folder.fileSystem() === PROC_FILE_SYSTEM;
  folder.close();
  const link = isProc ? readLink(`${root}/proc/self`) : undefined;
  const text = link === undefined ? "" : new TextDecoder().decode(link);
  return /^\d+$/.test(text) ? BigInt(text) : undefined;
}
