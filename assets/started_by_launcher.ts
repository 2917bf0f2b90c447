// The first thing that the one-file executable does: what its launcher had to tell the runtime is nothing for the
// programs that we start, and the process gets its name.
// Elsewhere: who set all this (launcher/launcher.c).

/** What the launcher sets for the runtime. */
export const RUNTIME_VARIABLES: Readonly<Record<string, string>> = {
  DENO_DIR: "/proc/none",
  DENO_NO_UPDATE_CHECK: "1",
  DENO_NO_PACKAGE_JSON: "1",
  DENO_LOG: "error,deno::cache=off",
};
const LIBGCC = "/proc/self/fd/102";

export function settleIn(): void {
  for (const name of Object.keys(RUNTIME_VARIABLES)) Deno.env.delete(name);
  if (Deno.env.get("LD_PRELOAD") === LIBGCC) Deno.env.delete("LD_PRELOAD");
  try {
    Deno.writeTextFileSync("/proc/self/comm", "falco");
  } catch {
    // only a name
  }
}
