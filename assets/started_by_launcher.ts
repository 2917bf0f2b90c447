// The first thing that the one-file executable does: the process gets its name.
// Elsewhere: who starts it, and under which name otherwise (launcher/launcher.c).

export function settleIn(): void {
  try {
    Deno.writeTextFileSync("/proc/self/comm", "falco");
  } catch {
    // only a name
  }
}
