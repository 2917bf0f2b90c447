// The program: hands the command line to cli/ and ends with its exit code.

import { run } from "./cli/program.ts";

if (import.meta.main) {
  // `deno task falco -- -r x` passes the separator on
  const args = Deno.args[0] === "--" ? Deno.args.slice(1) : Deno.args;
  Deno.exit(await run(args));
}
