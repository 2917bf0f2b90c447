// A stranger: one of those who can write something that falco reads.
// Elsewhere: the strangers (strangers/, one file each), the thread of each (stranger_thread.ts), who starts and watches
// falco (main.ts).

import type { Random } from "./random.ts";

export interface Lab {
  /** of the run; removed at its end */
  readonly folder: string;
  readonly random: Random;
  /** of falco's receiver of audit events */
  readonly auditPort: number;
  /** a user of the host: home in `folder`, and a folder in /run/user */
  readonly user: number;
}

/** Settings as in fuzz_settings.ts. */
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

/** Runs a command to its end, whatever it says. */
export async function run(
  command: string,
  args: readonly string[],
  options: Partial<Deno.CommandOptions> = {},
): Promise<void> {
  await new Deno.Command(command, {
    stdin: "null",
    stdout: "null",
    stderr: "null",
    ...options,
    args: [...args],
  }).output();
}

export function sum(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const counts of all) {
    for (const [name, count] of Object.entries(counts)) total[name] = (total[name] ?? 0) + count;
  }
  return total;
}
