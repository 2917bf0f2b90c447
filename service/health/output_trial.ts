// Looks at the start whether alerts could get through: an output that cannot work is told then, not at the first alert.
// In: the run. Out: faults for outputs that cannot work (faults.ts), cleared when they can.
// Elsewhere: what is looked at (Sink.tryOut, outputs/network/try_receiver.ts); failures of deliveries (outputs/sink_news.ts).

import type { Fault } from "../../config/mod.ts";
import type { Component, RunState } from "../run/run_state.ts";

type Tried = Pick<RunState, "faults" | "log"> & { readonly output: Pick<RunState["output"], "tryOut"> };

/** While something is wrong. */
const AGAIN_MS = 10_000;

export class OutputTrial implements Component {
  readonly #run: Tried;
  #told = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** the latest one counts: a reload may come while names are looked up */
  #looks = 0;

  private constructor(run: Tried) {
    this.#run = run;
  }

  /** Names are looked up, which may take long: nothing waits for it. */
  static start(run: Tried): OutputTrial {
    const trial = new OutputTrial(run);
    trial.#look();
    return trial;
  }

  reloaded(): void {
    this.#look();
  }

  close(): void {
    this.#looks++;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    const look = ++this.#looks;
    const problems = await this.#run.output.tryOut();
    if (look !== this.#looks) return;
    const failing = [...problems].filter(([, problem]) => problem !== undefined);
    const faults = failing.map(([name, problem]): [string, Fault] => [
      aboutOf(name),
      { kind: "output", text: `output ${name} cannot work: ${problem}` },
    ]);
    this.#run.faults.show(new Map(faults));
    const told = new Set(failing.map(([name]) => name));
    for (const name of this.#told) {
      if (told.has(name)) continue;
      this.#run.faults.clear(aboutOf(name));
      // an output that a reload has taken away is no news
      if (problems.has(name)) this.#run.log("info", `output ${name}: what was missing is there now`);
    }
    this.#told = told;
    if (this.#told.size === 0) return;
    this.#timer = setTimeout(() => this.#look(), AGAIN_MS);
    Deno.unrefTimer(this.#timer);
  }
}

function aboutOf(name: string): string {
  return `output ${name}`;
}
