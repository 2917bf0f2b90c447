// Runs a command of the user's while events are watched.
// In: the words of the command, variables besides those that falco was given. Out: its exit code; its input, outputs and
// environment are those that falco was given.

import { givenEnvironment } from "../../assets/mod.ts";
import { messageOf, UsageError } from "../../base/mod.ts";

export async function runCommand(
  [name, ...args]: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<number> {
  try {
    const child = new Deno.Command(name!, {
      args,
      clearEnv: true,
      env: { ...givenEnvironment(), ...variables },
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
    });
    return (await child.spawn().status).code;
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound
      ? "there is no such command"
      : error instanceof Deno.errors.PermissionDenied
      ? "permission denied"
      : messageOf(error);
    throw new UsageError([`cannot run ${name}: ${reason}`]);
  }
}
