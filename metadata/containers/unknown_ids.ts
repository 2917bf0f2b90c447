// Containers that nobody knew when they were asked for: not asked for again until a while has passed, each time longer.
// In: ids, each of a party. Out: whether asking would be in vain. Anyone who invents ids pushes out only its own.

import { FairMap } from "./fair_map.ts";

const FIRST_MS = 1000;
const LONGEST_MS = 60_000;
const MAX_IDS = 4096;

export class UnknownIds {
  readonly #ids = new FairMap<{ readonly untilMs: number; readonly forMs: number }>(MAX_IDS);

  /** Whether asking would be in vain. */
  has(id: string): boolean {
    return (this.#ids.get(id)?.untilMs ?? 0) > performance.now();
  }

  add(id: string, share: string): void {
    const forMs = Math.min(LONGEST_MS, (this.#ids.get(id)?.forMs ?? FIRST_MS / 2) * 2);
    this.#ids.set(id, { untilMs: performance.now() + forMs, forMs }, share);
  }

  delete(id: string): void {
    this.#ids.delete(id);
  }
}
