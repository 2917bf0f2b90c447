// What a new thread has from the one that made it. Elsewhere: when that happens (clone.ts, own_records.ts).

import { retain } from "../../strings/intern";
import { isLive } from "../machine";
import { swapped } from "../replace";
import { Thread } from "../thread";
import { cwdStringOf } from "../thread_table";

/** What belongs to the process, but for its files: working directory, environment. */
export function inheritWorkplace(child: Thread, from: Thread): void {
  child.cwd = swapped(child.cwd, cwdStringOf(from));
  child.env = swapped(child.env, retain(from.main == 0 ? from.env : changetype<Thread>(<usize>from.main).env));
}

export function inherit(child: Thread, from: Thread): void {
  if (isLive && child.cgroups == 0) child.cgroups = retain(from.cgroups);
  child.exepath = swapped(child.exepath, retain(from.exepath));
  child.exeFlags = from.exeFlags;
  child.root = swapped(child.root, retain(from.root));
  child.sid = from.sid;
  child.vpgid = from.vpgid;
  child.pgid = from.pgid;
  child.tty = from.tty;
  child.loginuid = from.loginuid;
  child.capPermitted = from.capPermitted;
  child.capInheritable = from.capInheritable;
  child.capEffective = from.capEffective;
  child.exeIno = from.exeIno;
  child.exeInoCtimeNs = from.exeInoCtimeNs;
  child.exeInoMtimeNs = from.exeInoMtimeNs;
  child.exeCtimeToCloneNs = from.exeCtimeToCloneNs;
}

export function copyNames(to: Thread, from: Thread): void {
  to.exe = swapped(to.exe, retain(from.exe));
  to.comm = swapped(to.comm, retain(from.comm));
  to.args = swapped(to.args, retain(from.args));
}
