// The executable that the whole suite starts in place of the source tree: it is what ships, and it starts in half the time.
// In: the source tree, with everything built. Out: build/tested/falco; nothing where it cannot be made, with the reason.
// Elsewhere: how it is made (scripts/compile/executable.ts), who starts it (tests/support/program.ts).

import { join } from "node:path";
import { buildExecutable } from "../compile/executable.ts";
import { DIST_NEEDS, ensureTools } from "../compile/toolchain.ts";

export interface TestedProgram {
  /** none: tests start the source tree */
  readonly path?: string;
  readonly lines: readonly string[];
}

export async function buildTestedProgram(root: string): Promise<TestedProgram> {
  const path = join(root, "build", "tested", "falco");
  try {
    const lines = await ensureTools(DIST_NEEDS);
    return { path, lines: [...lines, ...await buildExecutable(root, { output: path, kind: "launcher" })] };
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    return {
      lines: [`tests start falco from the source tree, since the executable cannot be made: ${reason}`],
    };
  }
}
