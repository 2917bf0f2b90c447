// The first thing that the one-file executable does: what its launcher had to tell the runtime is nothing for the
// programs that we start, and the process gets its name.
// Elsewhere: who set all this (launcher/launcher.c).

const RUNTIME_VARIABLES = ["DENO_DIR", "DENO_NO_UPDATE_CHECK", "DENO_NO_PACKAGE_JSON"];
const LIBGCC = "/proc/self/fd/102";

export function settleIn(): void {
  for (const name of RUNTIME_VARIABLES) Deno.env.delete(name);
  if (Deno.env.get("LD_PRELOAD") === LIBGCC) Deno.env.delete("LD_PRELOAD");
  try {
    Deno.writeTextFileSync("/proc/self/comm", "falco");
  } catch {
    // only a name
  }
}
