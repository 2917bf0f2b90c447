// Rules of registries that Rulesfiles name: fetched in the background, each once, several side by side.
// In: what a Rulesfile says. Out: its rules, or why there are none yet; a call when that is another.
// Elsewhere: one artifact (oci_rules.ts), what becomes of the rules (node_agent.ts).
//
// A registry that is slow or silent takes places of its own only. What it does not give is asked for again, less and less often.

import { backOffMs, type JsonObject, messageOf, objectAt, pause, textOf } from "../../base/mod.ts";

export interface RegistryRulesOptions {
  readonly fetch: (spec: JsonObject, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;
  readonly onNews: () => void;
  readonly signal: AbortSignal;
}

export type Fetched = "coming" | { readonly bytes: Uint8Array<ArrayBuffer> } | { readonly problem: string };

interface Wish {
  readonly spec: JsonObject;
  readonly registry: string;
  readonly stop: AbortController;
  fetched: Fetched;
}

const MAX_AT_ONCE = 8;
/** Of one registry. */
const MAX_OF_ONE = 2;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;

export class RegistryRules {
  readonly #options: RegistryRulesOptions;
  readonly #wishes = new Map<string, Wish>();
  #waiting: { readonly wish: Wish; readonly go: () => void }[] = [];
  /** registries of the requests that are under way */
  readonly #asked: string[] = [];

  constructor(options: RegistryRulesOptions) {
    this.#options = options;
    options.signal.addEventListener("abort", () => this.forget(), { once: true });
  }

  /** At once, whatever registries do. */
  look(spec: JsonObject): Fetched {
    const key = JSON.stringify(spec);
    const known = this.#wishes.get(key);
    if (known !== undefined) return known.fetched;
    if (this.#options.signal.aborted) return "coming";
    const registry = textOf(objectAt(spec, "registry")["name"]);
    const wish: Wish = { spec, registry, stop: new AbortController(), fetched: "coming" };
    this.#wishes.set(key, wish);
    void this.#fulfil(wish);
    return wish.fetched;
  }

  /** What nobody wants any more is forgotten, and not asked for again. */
  keep(specs: readonly JsonObject[]): void {
    const wanted = new Set(specs.map((spec) => JSON.stringify(spec)));
    for (const [key, { stop }] of this.#wishes) {
      if (wanted.has(key)) continue;
      this.#wishes.delete(key);
      stop.abort();
    }
  }

  /** Everything is asked for again: others are trusted now. */
  forget(): void {
    this.keep([]);
  }

  async #fulfil(wish: Wish): Promise<void> {
    const { fetch, onNews } = this.#options;
    const { spec, stop: { signal } } = wish;
    for (let failures = 1; !signal.aborted; failures++) {
      await this.#turn(wish);
      try {
        if (signal.aborted) return;
        wish.fetched = { bytes: await fetch(spec, signal) };
      } catch (error) {
        wish.fetched = { problem: messageOf(error) };
      } finally {
        this.#asked.splice(this.#asked.indexOf(wish.registry), 1);
        this.#next();
      }
      if (signal.aborted) return;
      onNews();
      if (typeof wish.fetched === "object" && "bytes" in wish.fetched) return;
      await pause(backOffMs(failures, FIRST_PAUSE_MS, LONGEST_PAUSE_MS), signal);
    }
  }

  #turn(wish: Wish): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ wish, go: resolve });
    this.#next();
    return promise;
  }

  #next(): void {
    this.#waiting = this.#waiting.filter(({ wish: { registry }, go }) => {
      const ofOne = this.#asked.filter((one) => one === registry).length;
      if (this.#asked.length >= MAX_AT_ONCE || ofOne >= MAX_OF_ONE) return true;
      this.#asked.push(registry);
      go();
      return false;
    });
  }
}
