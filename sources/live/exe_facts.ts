// What a process list says about the file that a process runs: inode, times, whether the process could change it, and
// the layer of an overlay that it comes from.
// In: the process's folder in /proc and its credentials. Elsewhere: the mounts (mount_table.ts).

import { statFile } from "../../ffi/mod.ts";
import type { ProcessEntry } from "../../scap/mod.ts";
import type { MountTable } from "./mount_table.ts";
import type { ThreadStatus } from "./proc_status.ts";

export type ExeFacts = Pick<
  ProcessEntry,
  | "exeWritable"
  | "exeUpperLayer"
  | "exeLowerLayer"
  | "exeFromMemfd"
  | "exeIno"
  | "exeInoCtimeNs"
  | "exeInoMtimeNs"
>;

export const NO_EXE: ExeFacts = {
  exeWritable: false,
  exeUpperLayer: false,
  exeLowerLayer: false,
  exeFromMemfd: false,
  exeIno: 0n,
  exeInoCtimeNs: 0n,
  exeInoMtimeNs: 0n,
};

// bits of the effective capabilities
const CAP_DAC_OVERRIDE = 1n << 1n;
const CAP_FOWNER = 1n << 3n;
const decoder = new TextDecoder();

export function exeFacts(
  procFolder: string,
  exepath: Uint8Array,
  status: ThreadStatus,
  mounts: MountTable,
  mountNamespace: string,
): ExeFacts {
  const path = decoder.decode(exepath);
  const stat = statFile(`${procFolder}/exe`);
  const layer = path.startsWith("/") ? mounts.layerOf(path, procFolder, mountNamespace) : undefined;
  return {
    exeWritable: stat !== undefined && isWritable(stat, status),
    exeUpperLayer: layer === "upper",
    exeLowerLayer: layer === "lower",
    exeFromMemfd: path.startsWith("/memfd:"),
    exeIno: stat?.ino ?? 0n,
    exeInoCtimeNs: stat?.ctimeNs ?? 0n,
    exeInoMtimeNs: stat?.mtimeNs ?? 0n,
  };
}

/** By owner, mode and capabilities: the owner of a file may give himself the right. Mount options are not looked at. */
export function isWritable(
  file: { readonly mode: number; readonly uid: number; readonly gid: number },
  who: Pick<ThreadStatus, "uid" | "gid" | "groups" | "capEffective">,
): boolean {
  if (who.uid === file.uid) return true;
  if ((who.capEffective & (CAP_DAC_OVERRIDE | CAP_FOWNER)) !== 0n) return true;
  if (who.gid === file.gid || who.groups.includes(file.gid)) return (file.mode & 0o020) !== 0;
  return (file.mode & 0o002) !== 0;
}
