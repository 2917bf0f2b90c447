// A stranger in a thread of its own, so that what it computes delays neither the others nor who measures.
// In: the name of one, the lab. Out: its settings, its counts. A stranger that fails is reported, and the run goes on.
// Elsewhere: the other end (stranger_worker.ts).

import type { Settings } from "./stranger.ts";

export interface LabOfThread {
  readonly folder: string;
  readonly seed: number;
  readonly auditPort: number;
  readonly user: number;
}

export type ToStranger =
  | { readonly kind: "prepare"; readonly name: string; readonly lab: LabOfThread }
  | { readonly kind: "start" | "stop" };
export type FromStranger =
  | { readonly kind: "prepared"; readonly settings: Settings }
  | { readonly kind: "counts"; readonly counts: Readonly<Record<string, number>> }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly reason: string };

const STOP_LIMIT_MS = 15_000;

export class StrangerThread {
  settings: Settings = {};
  counts: Readonly<Record<string, number>> = {};
  readonly #worker: Worker;
  readonly #waiting = new Map<FromStranger["kind"], () => void>();
  #failure: string | undefined;
  #end: Promise<void> | undefined;

  private constructor(readonly name: string) {
    this.#worker = new Worker(new URL("stranger_worker.ts", import.meta.url), { type: "module", name });
    this.#worker.onmessage = ({ data }: MessageEvent<FromStranger>) => this.#take(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#take({ kind: "failed", reason: event.message });
    };
  }

  static async prepare(name: string, lab: LabOfThread): Promise<StrangerThread> {
    const thread = new StrangerThread(name);
    await thread.#ask({ kind: "prepare", name, lab }, "prepared");
    if (thread.#failure !== undefined) throw new Error(`${name}: ${thread.#failure}`);
    return thread;
  }

  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  start(): void {
    this.#worker.postMessage({ kind: "start" } satisfies ToStranger);
  }

  /** May be called again. */
  stop(): Promise<void> {
    return this.#end ??= (async () => {
      const limit = setTimeout(
        () => this.#take({ kind: "failed", reason: "it does not stop" }),
        STOP_LIMIT_MS,
      );
      await this.#ask({ kind: "stop" }, "stopped");
      clearTimeout(limit);
      this.#worker.terminate();
    })();
  }

  #ask(message: ToStranger, answer: FromStranger["kind"]): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.set(answer, resolve);
      this.#worker.postMessage(message);
    });
  }

  #take(message: FromStranger): void {
    if (message.kind === "prepared") this.settings = message.settings;
    if (message.kind === "counts") this.counts = message.counts;
    if (message.kind === "failed") {
      this.#failure = message.reason;
      console.log(`${this.name} failed: ${message.reason}`);
    }
    for (const [kind, resolve] of this.#waiting) {
      if (kind !== message.kind && message.kind !== "failed") continue;
      this.#waiting.delete(kind);
      resolve();
    }
  }
}
