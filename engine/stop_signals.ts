// Whether somebody wants the process to end, for a thread that has to know it when the main thread hears nothing.
// In: SIGTERM and SIGINT: those that reach this thread's listener, whose event loop has to turn for it, and those that the
// kernel keeps for a thread that it cannot wake (a call that hangs in a dead file system). Out: yes or no.
// Elsewhere: what the main thread does at a signal (service/run/stop_request.ts).

const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;
const NAMES = Object.keys(SIGNALS) as (keyof typeof SIGNALS)[];

export class StopSignals {
  #hasCome = false;
  readonly #listener = () => void (this.#hasCome = true);

  constructor() {
    for (const name of NAMES) Deno.addSignalListener(name, this.#listener);
  }

  get haveCome(): boolean {
    return this.#hasCome || isPending();
  }

  close(): void {
    for (const name of NAMES) Deno.removeSignalListener(name, this.#listener);
  }
}

/** For the process as a whole, or for its first thread. */
function isPending(): boolean {
  try {
    const status = Deno.readTextFileSync(`/proc/self/task/${Deno.pid}/status`);
    return [...status.matchAll(/^(?:SigPnd|ShdPnd):\s*([0-9a-f]+)$/gm)].some(([, mask]) =>
      NAMES.some((name) => (BigInt(`0x${mask}`) >> BigInt(SIGNALS[name] - 1) & 1n) === 1n)
    );
  } catch {
    // a /proc of another pid namespace
    return false;
  }
}
