// The program: hands the command line to cli/ and ends with its exit code.

import { isOneFile } from "./assets/assets.ts";
import { settleIn } from "./assets/started_by_launcher.ts";
import { versionText } from "./cli/version.ts";

async function main(args: readonly string[]): Promise<number> {
  // scripts ask often: nothing else is loaded for it
  if (args.length === 1 && args[0] === "--version") {
    console.log(versionText());
    return 0;
  }
  const { run } = await import("./cli/program.ts");
  return await run(args);
}

if (import.meta.main || isOneFile) {
  if (isOneFile) settleIn();
  // `deno task falco -- -r x` passes the separator on
  const args = Deno.args[0] === "--" ? Deno.args.slice(1) : Deno.args;
  main(args).then((code) => Deno.exit(code));
}
