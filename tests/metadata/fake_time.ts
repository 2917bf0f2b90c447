// Timers that run when a test lets time pass, in order; promises settle between them.

interface Timer {
  atMs: number;
  readonly everyMs: number | undefined;
  readonly run: () => void;
}

const real = { setTimeout, setInterval, clearTimeout, clearInterval };

export class FakeTime {
  #nowMs = 0;
  #lastId = 1_000_000;
  readonly #timers = new Map<number, Timer>();

  constructor() {
    const add = (everyMs: number | undefined) => (run: () => void, ms = 0) => {
      this.#timers.set(++this.#lastId, {
        atMs: this.#nowMs + ms,
        everyMs: everyMs === undefined ? undefined : ms,
        run,
      });
      return this.#lastId;
    };
    const remove = (id?: number) => void this.#timers.delete(id ?? 0);
    Object.assign(globalThis, {
      setTimeout: add(undefined),
      setInterval: add(0),
      clearTimeout: remove,
      clearInterval: remove,
    });
  }

  async pass(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settled();
    for (let next = this.#next(endMs); next !== undefined; next = this.#next(endMs)) {
      const [id, timer] = next;
      this.#nowMs = timer.atMs;
      if (timer.everyMs === undefined) this.#timers.delete(id);
      else timer.atMs += timer.everyMs;
      timer.run();
      await settled();
    }
    this.#nowMs = endMs;
  }

  restore(): void {
    Object.assign(globalThis, real);
  }

  #next(endMs: number): [number, Timer] | undefined {
    return [...this.#timers].filter(([, { atMs }]) => atMs <= endMs).sort(([, a], [, b]) =>
      a.atMs - b.atMs
    )[0];
  }
}

/** What follows from a timer without another one has happened. */
async function settled(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}
