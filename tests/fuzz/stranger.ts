// A stranger: one of those who can write something that falco reads.
// Elsewhere: the strangers (tests/fuzz/strangers/, one file each), who starts and watches falco (tests/fuzz/main.ts).

import type { Random } from "./random.ts";

export interface Lab {
  /** of the run; removed at its end */
  readonly folder: string;
  readonly random: Random;
  /** of falco's receiver of audit events */
  readonly auditPort: number;
}

/** Settings as in falco.yaml: joined by their first keys, lists one after the other. */
export type Settings = Readonly<Record<string, unknown>>;

export interface Stranger {
  readonly name: string;
  /** Makes what has to be there before falco starts. */
  prepare(lab: Lab): Prepared | Promise<Prepared>;
}

export interface Prepared {
  readonly settings?: Settings;
  /** Begins once falco watches; what was done is counted until `stop`. */
  start(): void;
  counts(): Readonly<Record<string, number>>;
  stop(): void | Promise<void>;
}

/** Does something again and again, with a pause, until it is stopped. Its failures are counted, not thrown. */
export class Repeat {
  readonly #counts: Record<string, number> = {};
  #isStopped = false;
  #done: Promise<void> = Promise.resolve();

  constructor(readonly pauseMs: () => number, readonly act: () => string | Promise<string>) {}

  start(): void {
    this.#done = this.#run();
  }

  counts(): Readonly<Record<string, number>> {
    return this.#counts;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      let what: string;
      try {
        what = await this.act();
      } catch (error) {
        what = `not done (${error instanceof Error ? error.name : "?"})`;
      }
      this.#counts[what] = (this.#counts[what] ?? 0) + 1;
      await new Promise((resolve) => setTimeout(resolve, this.pauseMs()));
    }
  }
}
