// When a run has to end: a signal, a time limit, or a part of the program that asks for it.
// In: SIGINT, SIGTERM, a limit, `request()`. Out: a promise with the reason. A second signal does not wait for the
// orderly end.

const SIGNALS: readonly Deno.Signal[] = ["SIGINT", "SIGTERM"];
/** What a shell reports for a program that was interrupted. */
const INTERRUPTED_EXIT_CODE = 130;

export interface StopReason {
  readonly why: string;
  readonly exitCode: number;
}

export class StopRequest {
  readonly reason: Promise<StopReason>;
  #resolve: (reason: StopReason) => void = () => {};
  #requested = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners: [Deno.Signal, () => void][] = [];

  constructor(limitMs?: number) {
    this.reason = new Promise((resolve) => this.#resolve = resolve);
    for (const signal of SIGNALS) {
      const listener = () => this.#signalled(signal);
      Deno.addSignalListener(signal, listener);
      this.#listeners.push([signal, listener]);
    }
    if (limitMs !== undefined) {
      this.#timer = setTimeout(
        () => this.request({ why: `the time limit of ${limitMs / 1000} s`, exitCode: 0 }),
        limitMs,
      );
    }
  }

  get requested(): boolean {
    return this.#requested;
  }

  /** The first request counts. */
  request(reason: StopReason): void {
    this.#requested = true;
    this.#resolve(reason);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const [signal, listener] of this.#listeners.splice(0)) Deno.removeSignalListener(signal, listener);
  }

  #signalled(signal: Deno.Signal): void {
    if (this.#requested) Deno.exit(INTERRUPTED_EXIT_CODE);
    this.request({ why: signal, exitCode: 0 });
  }
}
