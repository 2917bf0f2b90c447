// A bounded memory that parties share: anyone who fills it pushes out its own, not what others have put there.
// In: keys and values, each of a party. Out: the same, as long as there is room.

interface Held<V> {
  readonly share: string;
  readonly value: V;
}

export class FairMap<V> {
  readonly #most: number;
  readonly #held = new Map<string, Held<V>>();
  /** keys of each party, the oldest first */
  readonly #shares = new Map<string, Set<string>>();

  readonly #onEvicted: (key: string, value: V) => void;

  constructor(most: number, onEvicted: (key: string, value: V) => void = () => {}) {
    this.#most = most;
    this.#onEvicted = onEvicted;
  }

  get size(): number {
    return this.#held.size;
  }

  get(key: string): V | undefined {
    return this.#held.get(key)?.value;
  }

  [Symbol.iterator](): IterableIterator<[string, V]> {
    return this.#held.entries().map(([key, { value }]) => [key, value] as [string, V]);
  }

  set(key: string, value: V, share: string): void {
    this.delete(key);
    this.#held.set(key, { share, value });
    let keys = this.#shares.get(share);
    if (keys === undefined) this.#shares.set(share, keys = new Set());
    keys.add(key);
    if (this.#held.size > this.#most) this.#evict();
  }

  delete(key: string): void {
    const held = this.#held.get(key);
    if (held === undefined) return;
    this.#held.delete(key);
    const keys = this.#shares.get(held.share)!;
    keys.delete(key);
    if (keys.size === 0) this.#shares.delete(held.share);
  }

  /** The oldest one of the party that has most. */
  #evict(): void {
    let largest: Set<string> | undefined;
    for (const keys of this.#shares.values()) if (keys.size > (largest?.size ?? 0)) largest = keys;
    for (const key of largest ?? []) {
      const { value } = this.#held.get(key)!;
      this.delete(key);
      return this.#onEvicted(key, value);
    }
  }
}
