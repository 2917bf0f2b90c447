// Closes the debugger that Deno opens when the program gets SIGUSR1, whoever else listens to that signal: on a port of
// loopback any user of this host could run code in it as root.
// In: the signal has come. Out: the debugger is closed as soon as it is there, unless someone asked for it (--inspect).

import inspector from "node:inspector";

const wasAskedFor = inspector.url() !== undefined;
const LIMIT_MS = 2000;

export async function closeDebugger(): Promise<void> {
  if (wasAskedFor) return;
  for (const endMs = performance.now() + LIMIT_MS; performance.now() < endMs;) {
    if (inspector.url() !== undefined) return inspector.close();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
