// Whether only root and the user that falco runs as can put something at a path, or into a folder above it.
// In: a path. Out: undefined, or what makes it another's: for code that is loaded, and for folders with files of ours.
// Elsewhere: opening files to write (own_file.ts).

import { dirname } from "node:path";

const STICKY = 0o1000;
const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;

/** @returns why the path cannot be trusted; undefined when it can */
export function distrust(path: string): string | undefined {
  const real = Deno.realPathSync(path);
  const reason = writers(real, false);
  if (reason !== undefined) return reason;
  for (let folder = dirname(real);; folder = dirname(folder)) {
    const reason = writers(folder, true);
    if (reason !== undefined || folder === "/") return reason;
  }
}

function writers(path: string, isFolder: boolean): string | undefined {
  const { uid, gid, mode } = Deno.lstatSync(path);
  if (uid !== 0 && uid !== Deno.uid()) return `${path} belongs to user ${uid}`;
  // in a sticky folder nobody can take away what another has put there
  if (mode === null || (isFolder && (mode & STICKY) !== 0)) return undefined;
  if ((mode & OTHERS_WRITE) !== 0) return `${path} can be written by everybody`;
  if ((mode & GROUP_WRITES) !== 0 && gid !== 0) return `${path} can be written by group ${gid}`;
  return undefined;
}
