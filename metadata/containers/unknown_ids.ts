// Containers that nobody knew when they were asked for: not asked for again until a while has passed, each time longer.

const FIRST_MS = 1000;
const LONGEST_MS = 60_000;
const MAX_IDS = 4096;

export class UnknownIds {
  readonly #ids = new Map<string, { readonly untilMs: number; readonly forMs: number }>();

  /** Whether asking would be in vain. */
  has(id: string): boolean {
    return (this.#ids.get(id)?.untilMs ?? 0) > performance.now();
  }

  add(id: string): void {
    const forMs = Math.min(LONGEST_MS, (this.#ids.get(id)?.forMs ?? FIRST_MS / 2) * 2);
    this.#ids.delete(id);
    this.#ids.set(id, { untilMs: performance.now() + forMs, forMs });
    if (this.#ids.size <= MAX_IDS) return;
    // the one that was added first
    for (const oldest of this.#ids.keys()) return void this.#ids.delete(oldest);
  }

  delete(id: string): void {
    this.#ids.delete(id);
  }
}
