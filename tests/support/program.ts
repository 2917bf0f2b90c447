// The program that tests start: the executable that scripts/test.ts has made for the whole suite, else the source tree.
// In: FALCO_TEST_PROGRAM, the executable's path, or nothing. Out: how falco is called, with nothing of the caller's.
// Elsewhere: making the executable (scripts/test/tested_program.ts), tests of what is special about it (tests/executable/).

import { fileURLToPath } from "node:url";

export const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

/** How falco is called from the source tree. The runtime asks no registry about packages that are there: it says so. */
export const SOURCE_TREE: readonly [string, ...string[]] = [
  Deno.execPath(),
  ...["run", "-A", "--no-check", "--cached-only", `${PROJECT}main.ts`],
];

/** The suite's executable, if it has made one. */
export const BUILT = Deno.env.get("FALCO_TEST_PROGRAM");

/** How tests call falco; arguments come after it. */
export const FALCO = BUILT === undefined ? SOURCE_TREE : [BUILT] as const;

/** A call of falco with arguments; as in the project's folder, unless `options` say where. */
export function falcoCommand(args: readonly string[], options: Deno.CommandOptions = {}): Deno.Command {
  const [program, ...first] = FALCO;
  return new Deno.Command(program, { cwd: PROJECT, stdin: "null", ...options, args: [...first, ...args] });
}
