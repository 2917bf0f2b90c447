// The program: hands the command line to cli/ and ends with its exit code.

import { isOneFile } from "./assets/assets.ts";
import { settleIn } from "./assets/started_by_launcher.ts";
import { run } from "./cli/program.ts";

if (import.meta.main || isOneFile) {
  if (isOneFile) settleIn();
  // `deno task falco -- -r x` passes the separator on
  const args = Deno.args[0] === "--" ? Deno.args.slice(1) : Deno.args;
  run(args).then((code) => Deno.exit(code));
}
