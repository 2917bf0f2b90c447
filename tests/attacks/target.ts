// What is attacked: falco from the source tree, or as the one executable that ships.
// Elsewhere: the attacks (tests/attacks/cases/), one running falco (tests/live/falco_process.ts).

import { placeExecutable } from "../support/executable.ts";
import { FalcoProcess } from "../live/falco_process.ts";
import { BUILT, FALCO, SOURCE_TREE } from "../support/program.ts";

export type TargetName = "source" | "executable";

const START_LIMIT_MS = 60_000;

export class Target {
  /** @param command how falco is called; arguments come after it */
  constructor(readonly name: TargetName, readonly command: readonly string[]) {}

  static source(): Target {
    return new Target("source", SOURCE_TREE);
  }

  /** As all tests call it. */
  static tested(): Target {
    return new Target(BUILT === undefined ? "source" : "executable", FALCO);
  }

  /** Places the executable in a folder of the caller's. */
  static async executable(folder: string): Promise<Target> {
    await placeExecutable(`${folder}/falco`);
    return new Target("executable", [`${folder}/falco`]);
  }

  /**
   * Starts falco and waits until it watches.
   * @param wrapper a command that becomes the command after it: `unshare`, `prlimit` …
   */
  start(args: readonly string[], wrapper: readonly string[] = []): Promise<FalcoProcess> {
    return FalcoProcess.start(args, START_LIMIT_MS, wrapper, this.command);
  }
}
