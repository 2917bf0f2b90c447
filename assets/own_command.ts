// How to start this program once more, as another process: as the one-file executable, or from the source tree.
// In: arguments. Out: what Deno.Command takes; the environment is to be inherited.

import { isOneFile } from "./assets.ts";

export interface OwnCommand {
  readonly path: string;
  readonly args: readonly string[];
}

export function ownCommand(args: readonly string[]): OwnCommand {
  if (isOneFile) return { path: Deno.execPath(), args };
  const own = ["run", "-A", "--no-check", "--quiet", `${import.meta.dirname}/../main.ts`];
  return { path: Deno.execPath(), args: [...own, ...args] };
}
