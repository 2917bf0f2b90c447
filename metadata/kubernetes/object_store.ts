// What is known of the objects of one kind: bounded in number and in characters, whatever an API server sends.
// In: facts by uid. Out: the same. What is too much is refused; what is there is replaced.

import type { KubeFacts } from "./kube_facts.ts";

/** Of a large cluster: ten thousand services with a page of labels each. */
const MAX_CHARACTERS = 6 << 20;
/** What an object costs besides its texts. */
const OBJECT_CHARACTERS = 200;

export class ObjectStore {
  readonly #most: number;
  readonly #objects = new Map<string, readonly [facts: KubeFacts, characters: number]>();
  #characters = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#objects.size;
  }

  /** @returns false when there is no room; an older state of the same object is forgotten then */
  set(key: string, facts: KubeFacts): boolean {
    this.delete(key);
    const characters = charactersOf(facts);
    if (this.#objects.size >= this.#most || this.#characters + characters > MAX_CHARACTERS) return false;
    this.#objects.set(key, [facts, characters]);
    this.#characters += characters;
    return true;
  }

  delete(key: string): boolean {
    const known = this.#objects.get(key);
    if (known === undefined) return false;
    this.#characters -= known[1];
    return this.#objects.delete(key);
  }

  keys(): Iterable<string> {
    return [...this.#objects.keys()];
  }

  *values(): Generator<KubeFacts> {
    for (const [facts] of this.#objects.values()) yield facts;
  }
}

function charactersOf({ name, namespace, labels, selector }: KubeFacts): number {
  let sum = OBJECT_CHARACTERS + name.length + namespace.length;
  for (const [key, value] of [...Object.entries(labels), ...Object.entries(selector ?? {})]) {
    sum += key.length + value.length;
  }
  return sum;
}
