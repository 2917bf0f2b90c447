// One source of facts over its whole life: waits for its socket, connects, follows its events, lists what there is, and
// begins again when it has gone.
// In: an engine at a path. Out: facts and removals through callbacks, answers to `ask`, one line of log per change.
// Elsewhere: what becomes of the facts (directory.ts), the engines (engines/).

import { lookSlowly } from "../../files/slow_file.ts";
import type { ContainerFacts } from "./container_facts.ts";
import type { ContainerEngine, EngineEvent } from "./engine.ts";

export interface SessionOptions {
  /** for counters and the log */
  readonly engine: string;
  readonly path: string;
  readonly hooks: { readonly create: boolean; readonly start: boolean };
  /** an answer is all there is to know; otherwise lists and events have told the same part already */
  readonly tellsAll: boolean;
  readonly open: () => Promise<ContainerEngine>;
  /** @param isNews the engine has said by itself that there is such a container */
  readonly onFacts: (facts: ContainerFacts, isWhole: boolean, isNews: boolean) => void;
  readonly onRemoved: (id: string) => void;
  /** the ids of all containers there are, after a list */
  readonly onListed: (ids: readonly string[]) => void;
  readonly log: (level: "info" | "warning", message: string) => void;
}

export type Answer = {
  readonly cause: "found";
  readonly facts: ContainerFacts;
  /** this is all there is to know */
  readonly isWhole: boolean;
} | {
  readonly cause: "unknown" | "timeout" | "error" | "refused";
};

const LOOK_FOR_SOCKET_MS = 3000;
const CONNECT_TIMEOUT_MS = 5000;
const LIST_TIMEOUT_MS = 20_000;
const ASK_TIMEOUT_MS = 3000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 30_000;
/** A connection that has held for so long was a good one: the next pause is a short one. */
const GOOD_AFTER_MS = 10_000;
const RETRY_MS = [5, 10, 20, 40, 80, 160];
const MAX_QUESTIONS = 8;
/** Questions beyond these are refused: whoever asks so much gets no answer in time anyway. */
const MAX_WAITING = 1024;

export class EngineSession {
  readonly engine: string;
  readonly tellsAll: boolean;
  readonly #options: SessionOptions;
  readonly #stop = new AbortController();
  readonly #waiting: (() => void)[] = [];
  #questions = 0;
  #engine: ContainerEngine | undefined;
  #trouble = "";
  /** resolves when the session has listed its containers for the first time, or has failed to */
  readonly settled: Promise<void>;
  #settle: () => void = () => {};

  constructor(options: SessionOptions) {
    this.#options = options;
    this.engine = options.engine;
    this.tellsAll = options.tellsAll;
    this.settled = new Promise((resolve) => this.#settle = resolve);
  }

  get isUp(): boolean {
    return this.#engine !== undefined;
  }

  async run(): Promise<void> {
    const { signal } = this.#stop;
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      if (!await exists(this.#options.path)) {
        if (this.#trouble !== "") this.#say("warning", "is gone");
        this.#settle();
        await pause(LOOK_FOR_SOCKET_MS, signal);
        continue;
      }
      const startedMs = performance.now();
      try {
        await this.#follow(signal);
        if (!signal.aborted) this.#say("warning", "has ended the connection");
      } catch (error) {
        if (!signal.aborted) this.#say("warning", `cannot be asked: ${messageOf(error)}`);
      }
      this.#engine?.close();
      this.#engine = undefined;
      this.#settle();
      if (performance.now() - startedMs > GOOD_AFTER_MS) pauseMs = FIRST_PAUSE_MS;
      await pause(pauseMs, signal);
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    }
  }

  /** Everything about one container, in bounded time. */
  async ask(id: string): Promise<Answer> {
    const engine = this.#engine;
    if (engine === undefined) return { cause: "error" };
    if (this.#waiting.length >= MAX_WAITING) return { cause: "refused" };
    await this.#takeTurn();
    const timeout = AbortSignal.timeout(ASK_TIMEOUT_MS);
    try {
      const signal = AbortSignal.any([this.#stop.signal, timeout]);
      const facts = await within(engine.inspect(id, signal), timeout);
      if (facts !== undefined) return { cause: "found", facts, isWhole: this.tellsAll };
      const some = await within(engine.glimpse?.(id, signal) ?? Promise.resolve(undefined), timeout);
      return some === undefined ? { cause: "unknown" } : { cause: "found", facts: some, isWhole: false };
    } catch (error) {
      return { cause: timeout.aborted || /no answer/.test(messageOf(error)) ? "timeout" : "error" };
    } finally {
      this.#questions--;
      this.#waiting.shift()?.();
    }
  }

  close(): void {
    this.#stop.abort();
    this.#engine?.close();
    this.#engine = undefined;
  }

  async #follow(stop: AbortSignal): Promise<void> {
    const engine = await this.#options.open();
    const connection = new AbortController();
    const signal = AbortSignal.any([stop, connection.signal]);
    try {
      const who = await bounded(CONNECT_TIMEOUT_MS, signal, (bound) => engine.connect(bound));
      this.#engine = engine;
      this.#say("info", `is ${who}`);
      // events first, so that nothing is missed between the list and them
      const watching = engine.watch((event) => this.#take(event), signal);
      const listing = this.#list(engine, signal).finally(this.#settle);
      // the end of either ends both
      await Promise.race([watching, listing.then(() => watching)]);
    } finally {
      connection.abort();
      if (this.#engine !== engine) engine.close();
    }
  }

  async #list(engine: ContainerEngine, signal: AbortSignal): Promise<void> {
    const all = await bounded(LIST_TIMEOUT_MS, signal, (bound) => engine.list(bound));
    for (const facts of all) this.#options.onFacts(facts, false, true);
    this.#options.onListed(all.map((facts) => facts.full_id));
    // some of the turns are left to questions that somebody waits for
    const left = this.tellsAll ? all.map((facts) => facts.full_id) : [];
    const work = async () => {
      for (let id = left.pop(); id !== undefined && !signal.aborted; id = left.pop()) {
        await this.#complete(id);
      }
    };
    await Promise.all(Array.from({ length: MAX_QUESTIONS / 2 }, work));
  }

  #take(event: EngineEvent): void {
    if (event.kind === "removed") return this.#options.onRemoved(event.id);
    if (event.facts !== undefined) this.#options.onFacts(event.facts, false, true);
    const { create, start } = this.#options.hooks;
    if (this.tellsAll && (event.kind === "created" ? create : start)) this.#complete(event.id, RETRY_MS);
  }

  /** @param retryMs an engine reports what it has just created before it can be asked about it */
  async #complete(id: string, [retryMs, ...more]: readonly number[] = []): Promise<void> {
    const answer = await this.ask(id);
    const isFound = answer.cause === "found";
    if (isFound) this.#options.onFacts(answer.facts, answer.isWhole, false);
    const comes = isFound ? !answer.isWhole : answer.cause === "unknown";
    if (!comes || retryMs === undefined) return;
    await pause(retryMs, this.#stop.signal);
    await this.#complete(id, more);
  }

  async #takeTurn(): Promise<void> {
    // whoever is let in by another takes its place
    while (this.#questions >= MAX_QUESTIONS) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#questions++;
  }

  #say(level: "info" | "warning", what: string): void {
    const changed = what !== this.#trouble;
    this.#trouble = what;
    if (changed) this.#options.log(level, `containers: ${this.engine} at ${this.#options.path} ${what}`);
  }
}

/** A user's folder may lie on a file system that never answers. */
async function exists(path: string): Promise<boolean> {
  return await lookSlowly(path) !== undefined;
}

/** Runs a job with a signal that ends it after a while. */
async function bounded<T>(
  ms: number,
  signal: AbortSignal,
  job: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeout = AbortSignal.timeout(ms);
  return await within(job(AbortSignal.any([signal, timeout])), timeout);
}

/** Does not rely on the job's obeying the signal. */
function within<T>(job: Promise<T>, timeout: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const expire = () => reject(new Error("no answer in time"));
    timeout.addEventListener("abort", expire, { once: true });
    job.then(resolve, reject).finally(() => timeout.removeEventListener("abort", expire));
  });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
