// Turns at something that does few things at once, shared among parties: each has its turn before another has its next.
// In: requests for a turn. Out: the turn, or nothing where too many of the same party wait already.

const MAX_WAITING = 4096;
const MAX_WAITING_OF_ONE = 1024;

export class TurnQueue {
  readonly #atOnce: number;
  #running = 0;
  #waiting = 0;
  /** by party, in the order in which they have their turns */
  readonly #parties = new Map<string, (() => void)[]>();

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /** Anyone who got true calls `done` afterwards. */
  async take(party: string): Promise<boolean> {
    if (this.#running < this.#atOnce) {
      this.#running++;
      return true;
    }
    const queue = this.#parties.get(party) ?? [];
    if (this.#waiting >= MAX_WAITING || queue.length >= MAX_WAITING_OF_ONE) return false;
    this.#waiting++;
    this.#parties.set(party, queue);
    await new Promise<void>((resolve) => queue.push(resolve));
    return true;
  }

  /** The turn goes on to the party that has waited longest for one. */
  done(): void {
    for (const [party, queue] of this.#parties) {
      this.#parties.delete(party);
      const next = queue.shift()!;
      if (queue.length > 0) this.#parties.set(party, queue);
      this.#waiting--;
      return next();
    }
    this.#running--;
  }
}
