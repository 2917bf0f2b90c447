// How to start this program once more, as another process: as the one-file executable, or from the source tree.
// In: arguments. Out: what Deno.Command takes; the environment is to be inherited.
// Elsewhere: how the launcher starts the runtime (launcher/launcher.c).

import { isOneFile } from "./assets.ts";

/** The launcher's last word to the runtime: the program, which lies open there. */
const LAUNCHED_PROGRAM = "/proc/self/fd/100";

export interface OwnCommand {
  readonly path: string;
  readonly args: readonly string[];
}

export function ownCommand(args: readonly string[]): OwnCommand {
  if (!isOneFile) {
    const own = ["run", "-A", "--no-check", "--quiet", `${import.meta.dirname}/../main.ts`];
    return { path: Deno.execPath(), args: [...own, ...args] };
  }
  const words = Deno.readTextFileSync("/proc/self/cmdline").split("\0");
  const end = words.indexOf(LAUNCHED_PROGRAM) + 1;
  if (end === 0) return { path: Deno.execPath(), args };
  // the runtime has no path: it is this process's own file, and the child inherits what the launcher left open
  return { path: "/proc/self/exe", args: [...words.slice(1, end), ...args] };
}
