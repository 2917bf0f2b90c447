// Stands in the place of the engine of system calls in a run that does not watch them.
// In: nothing. Out: what an engine answers that has nothing to do. Rules are swapped by being counted.

import type { Engine } from "./engine.ts";

/** What the rest of the program sees of an engine. */
export type EngineFace = Pick<Engine, keyof Engine>;

export class NoEngine implements EngineFace {
  readonly started: Promise<void> = Promise.resolve();
  readonly ended: EngineFace["ended"];
  onCanary: EngineFace["onCanary"];
  readonly ruleCosts: EngineFace["ruleCosts"] = [];
  readonly leafWords: EngineFace["leafWords"] = new BigUint64Array(0);
  readonly liveCounters: EngineFace["liveCounters"] = { matcher: {}, events: new Map(), rings: [] };
  readonly beats = 0;
  readonly hostProblem = undefined;
  readonly filterProblem = undefined;
  readonly takenUntilNs = undefined;
  generation: number;
  #isOver = false;
  readonly #end = Promise.withResolvers<Awaited<EngineFace["ended"]>>();

  constructor(generation: number) {
    this.generation = generation;
    this.ended = this.#end.promise;
  }

  counters(): ReturnType<EngineFace["counters"]> {
    return Promise.resolve({});
  }

  get finalCounters(): EngineFace["finalCounters"] {
    return this.#isOver ? {} : undefined;
  }

  swapRules(_rules: unknown, generation?: number): Promise<void> {
    this.generation = generation ?? this.generation + 1;
    return Promise.resolve();
  }

  beatOfMain(): void {}
  inject(): void {}
  containerUnknown(): void {}
  containerUsersRead(): void {}
  beginSection(): void {}
  release(): void {}

  stop(): ReturnType<EngineFace["stop"]> {
    this.#isOver = true;
    this.#end.resolve({});
    return this.ended;
  }

  abandon(): ReturnType<EngineFace["abandon"]> {
    return this.stop();
  }

  handOver(): ReturnType<EngineFace["handOver"]> {
    return this.stop();
  }
}
