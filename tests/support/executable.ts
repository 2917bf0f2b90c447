// The executable at a place of a test's own: a copy of the one that the suite has made, or one that is made now.
// Elsewhere: starting falco, whichever it is (program.ts).

import { buildExecutable } from "../../scripts/compile/executable.ts";
import { BUILT, PROJECT } from "./program.ts";

export async function placeExecutable(path: string): Promise<void> {
  if (BUILT === undefined) await buildExecutable(PROJECT, { output: path, kind: "launcher" });
  else await Deno.copyFile(BUILT, path);
}
