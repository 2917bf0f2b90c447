// The program: hands the command line to cli/ and ends with its exit code.
// Before that it sees to it that SIGUSR1 never reaches the runtime, which would open a debugger at it.

import { isOneFile } from "./assets/assets.ts";
import { runtimeEnvironment, V8_VARIABLES } from "./assets/environment.ts";
import { giveFreedMemoryBack } from "./ffi/allocator.ts";
import { settleHostRoot } from "./assets/host_root.ts";
import { settleIn } from "./assets/started_by_launcher.ts";
import { plainVersion } from "./cli/plain_version.ts";
import { relaunch } from "./ffi/relaunch.ts";
import { areSignalsBlocked } from "./ffi/signal_mask.ts";

async function main(args: readonly string[]): Promise<number> {
  // nothing else is loaded for it; in the one-file executable not even this
  const version = args.length === 1 && args[0] === "--version" ? plainVersion() : undefined;
  if (version !== undefined) {
    console.log(version);
    return 0;
  }
  const { run } = await import("./cli/program.ts");
  return await run(args);
}

if (import.meta.main || isOneFile) {
  // the launcher has seen to it already; no handler is there so far
  if (!areSignalsBlocked()) {
    relaunch(Deno.execPath(), { ...runtimeEnvironment(Deno.env.toObject()), ...V8_VARIABLES });
  }
  if (isOneFile) settleIn();
  settleHostRoot();
  giveFreedMemoryBack();
  // `deno task falco -- -r x` passes the separator on
  const args = Deno.args[0] === "--" ? Deno.args.slice(1) : Deno.args;
  main(args).then((code) => Deno.exit(code));
}
