// Work by key: one at a time for each key, once more when it was asked for meanwhile, again later when it fails.
// In: keys. Out: calls. Elsewhere: the work.

import { backOffMs, messageOf, pause } from "../../base/mod.ts";
import type { Log } from "./log.ts";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;

export class WorkQueue {
  readonly #work: (key: string) => Promise<void>;
  readonly #log: Log;
  readonly #signal: AbortSignal;
  readonly #wanted = new Set<string>();
  readonly #pauses = new Map<string, AbortController>();
  readonly #running = new Map<string, Promise<void>>();

  constructor(work: (key: string) => Promise<void>, log: Log, signal: AbortSignal) {
    this.#work = work;
    this.#log = log;
    this.#signal = signal;
  }

  /** @param isNews something has changed: a failure before does not make it wait */
  ask(key: string, isNews = false): void {
    this.#wanted.add(key);
    if (isNews) this.#pauses.get(key)?.abort();
    if (this.#running.has(key) || this.#signal.aborted) return;
    this.#running.set(key, this.#run(key).finally(() => this.#running.delete(key)));
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  async #run(key: string): Promise<void> {
    let failures = 0;
    while (this.#wanted.delete(key) && !this.#signal.aborted) {
      try {
        await this.#work(key);
        failures = 0;
      } catch (error) {
        if (this.#signal.aborted) return;
        this.#log(`${key}: ${messageOf(error)}; it is tried again`, "warning");
        const woken = new AbortController();
        this.#pauses.set(key, woken);
        const signal = AbortSignal.any([this.#signal, woken.signal]);
        await pause(backOffMs(++failures, FIRST_PAUSE_MS, LONGEST_PAUSE_MS), signal);
        this.#pauses.delete(key);
        this.#wanted.add(key);
      }
    }
  }
}
