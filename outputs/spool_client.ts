// The spool as the main thread reaches it: calls go to its thread and are answered when the disk has answered.
// In: calls. Out: promises, kept in the order of the calls; whether the disk keeps everybody waiting.
// Nobody here waits for a disk: one that hangs is told, and until it answers anyone who has something to deliver
// delivers it from memory.
// Elsewhere: the thread (spool_worker.ts), what the calls mean (spool.ts).

import { join } from "node:path";
import { within } from "../base/mod.ts";
import { workerUrl } from "../assets/mod.ts";
import type { SpoolLimits, SpoolNews, SpoolStats } from "./spool.ts";
import type { SpoolRow } from "./spool_file.ts";
import type { FromSpool, SpoolAnswers, SpoolCall } from "./spool_worker.ts";

/** One sink's part of the spool. */
export interface SpoolClientUser {
  /** the file is another one: what it holds of this sink is unknown */
  opened(): void;
  /** the disk has stopped to answer, or answers again */
  changed(): void;
}

const STALLED_AFTER_MS = 1000;

interface Waiting {
  readonly sinceMs: number;
  readonly answered: (answer: never) => void;
}

export class SpoolClient {
  readonly #onNews: SpoolNews;
  readonly #worker: Worker;
  readonly #users = new Set<SpoolClientUser>();
  #waiting: Waiting[] = [];
  #stats: SpoolStats;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStalled = false;
  #isClosed = false;
  /** the thread has failed: nothing is answered any more */
  #failure: string | undefined;

  constructor(directory: string, limits: SpoolLimits, onNews: SpoolNews) {
    this.#onNews = onNews;
    const path = join(directory, "spool.db");
    this.#stats = { path, isWorking: false, isStalled: false, bytes: 0, damaged: 0n, failures: 0n };
    this.#worker = new Worker(
      workerUrl("spool_worker.js", () => new URL("./spool_worker.ts", import.meta.url)),
      {
        type: "module",
        name: "falco spool",
      },
    );
    this.#worker.onmessage = ({ data }: MessageEvent<FromSpool>) => this.#receive(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message);
    };
    this.#call({ what: "open", directory, limits });
  }

  set limits(limits: SpoolLimits) {
    this.#call({ what: "limits", limits });
  }

  /** As of the latest answer. */
  stats(): SpoolStats {
    const lastError = this.#failure ?? this.#stats.lastError;
    return {
      ...this.#stats,
      isWorking: this.#stats.isWorking && this.#failure === undefined,
      isStalled: this.#isStalled,
      ...(lastError === undefined ? {} : { lastError }),
    };
  }

  /** A call has been waiting for too long. */
  get isStalled(): boolean {
    return this.#isStalled;
  }

  join(user: SpoolClientUser): void {
    this.#users.add(user);
  }

  leave(user: SpoolClientUser): void {
    this.#users.delete(user);
  }

  append(sink: string, messages: readonly Omit<SpoolRow, "id">[]): Promise<SpoolAnswers["append"]> {
    return this.#call({ what: "append", sink, messages });
  }

  load(sink: string, afterId: number, limit: number): Promise<SpoolAnswers["load"]> {
    return this.#call({ what: "load", sink, afterId, limit });
  }

  /** Resolves when it is in the file, or when the disk does not answer. */
  async claim(sink: string, id: number): Promise<void> {
    const claimed = this.#call({ what: "claim", sink, id });
    if (this.#isStalled) return;
    let user: SpoolClientUser | undefined;
    const stalled = new Promise<void>((resolve) => this.join(user = { opened() {}, changed: resolve }));
    await Promise.race([claimed, stalled]);
    this.leave(user!);
  }

  remove(sink: string, ids: readonly number[]): void {
    this.#call({ what: "remove", sink, ids });
  }

  async expire(sink: string): Promise<readonly number[]> {
    return await this.#call({ what: "expire", sink }) ?? [];
  }

  async look(sink: string): Promise<SpoolAnswers["look"]> {
    return await this.#call({ what: "look", sink }) ?? { count: 0, claimedId: 0 };
  }

  /** Everything that was called before is done; a disk that hangs is waited for at most so long. */
  async close(patienceMs: number): Promise<void> {
    if (this.#isClosed) return;
    const closed = this.#call({ what: "close" });
    this.#isClosed = true;
    await within(patienceMs, closed);
    clearTimeout(this.#timer);
  }

  /** Undefined also when the thread has failed. */
  #call<W extends SpoolCall["what"]>(
    call: SpoolCall & { readonly what: W },
  ): Promise<SpoolAnswers[W] | undefined> {
    if (this.#isClosed || this.#failure !== undefined) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#waiting.push({ sinceMs: performance.now(), answered: resolve as Waiting["answered"] });
      this.#worker.postMessage(call);
      this.#timer ??= setTimeout(() => this.#look(), STALLED_AFTER_MS);
    });
  }

  #receive(message: FromSpool): void {
    if (message.type === "news") return this.#onNews(message.level, message.message);
    if (message.type === "opened") { for (const user of [...this.#users]) user.opened(); }
    else {
      this.#stats = message.stats;
      this.#waiting.shift()?.answered(message.answer as never);
      if (this.#isStalled && this.#waiting.length === 0) this.#setStalled(false);
    }
  }

  #look(): void {
    this.#timer = undefined;
    const [oldest] = this.#waiting;
    if (oldest === undefined) return;
    const leftMs = oldest.sinceMs + STALLED_AFTER_MS - performance.now();
    if (leftMs <= 0) this.#setStalled(true);
    else this.#timer = setTimeout(() => this.#look(), leftMs);
  }

  #setStalled(isStalled: boolean): void {
    if (isStalled === this.#isStalled) return;
    this.#isStalled = isStalled;
    const { path } = this.#stats;
    if (isStalled) {
      this.#onNews("error", `spool ${path}: the disk does not answer; alerts wait in memory only`);
    } else this.#onNews("notice", `spool ${path}: the disk answers again`);
    for (const user of [...this.#users]) user.changed();
  }

  #fail(reason: string): void {
    if (this.#failure !== undefined) return;
    this.#failure = reason;
    clearTimeout(this.#timer);
    this.#onNews("error", `spool ${this.#stats.path}: ${reason}; alerts wait in memory only`);
    for (const { answered } of this.#waiting.splice(0)) answered(undefined as never);
    for (const user of [...this.#users]) user.changed();
  }
}
