// Alerts to the standard input of a program, which the shell starts: one process for each alert, or one for all.
// In: batches. Out: lines on its input. What it prints does not mix with alerts: the start of it is kept for the log.
// A process that takes too long is ended with everything that it has started.
// Elsewhere: when to try again (sink_queue.ts), the process itself (child_process.ts).

import { type Sink, SinkError, type SinkMessage } from "../sink.ts";
import { type ChildEnd, ChildProcess } from "./child_process.ts";

export interface ProgramSinkOptions {
  readonly name: string;
  readonly command: string;
  readonly keepAlive: boolean;
  readonly timeoutMs: number;
  /** an exit code other than 0 means that the alert is not delivered; Falco does not look at it */
  readonly judgesExitCode: boolean;
  /** with keepAlive, alerts are gathered for so long */
  readonly lingerMs?: number;
  readonly onNews?: (level: "error" | "debug", message: string) => void;
}

const BATCH = 64;
/** A program that cannot be started says so before this; then nothing has been written to it. */
const START_MS = 50;
const CLOSE_PATIENCE_MS = 1000;
/** of the shell: not executable, not found */
const NOT_STARTED = [126, 127];

export class ProgramSink implements Sink {
  readonly name: string;
  readonly maxBatch: number;
  readonly lingerMs: number;
  readonly attemptTimeoutMs: number;
  readonly #options: ProgramSinkOptions;
  #kept: ChildProcess | undefined;

  constructor(options: ProgramSinkOptions) {
    this.#options = options;
    this.name = options.name;
    this.maxBatch = options.keepAlive ? BATCH : 1;
    this.lingerMs = options.keepAlive ? options.lingerMs ?? 0 : 0;
    this.attemptTimeoutMs = options.timeoutMs;
  }

  async deliver(batch: readonly SinkMessage[], signal: AbortSignal): Promise<void> {
    if (this.#options.keepAlive) return await this.#writeToKept(batch, signal);
    for (const { body } of batch) await this.#runOnce(body, signal);
  }

  async reopen(): Promise<void> {
    const kept = this.#kept;
    this.#kept = undefined;
    await this.#end(kept);
  }

  close(): Promise<void> {
    return this.reopen();
  }

  async #runOnce(body: string, signal: AbortSignal): Promise<void> {
    const child = this.#start(signal);
    try {
      // a program need not read what it is given
      await child.write(body + "\n").catch(() => {});
      child.closeInput();
      const end = await child.ended;
      signal.throwIfAborted();
      this.#judge(end);
    } finally {
      child.kill();
    }
  }

  async #writeToKept(batch: readonly SinkMessage[], signal: AbortSignal): Promise<void> {
    if (this.#kept?.end !== undefined) this.#kept = undefined;
    const child = this.#kept ??= await this.#startKept(signal);
    const stop = () => child.kill();
    signal.addEventListener("abort", stop, { once: true });
    try {
      await child.write(batch.map(({ body }) => body + "\n").join(""));
      signal.throwIfAborted();
    } catch (error) {
      this.#kept = undefined;
      child.kill();
      if (signal.aborted) throw signal.reason;
      const end = await child.ended;
      throw new SinkError(`the program has ended (${endText(end)}): ${reasonOf(error)}`, {
        retryable: true,
        cause: "ended",
      });
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async #startKept(signal: AbortSignal): Promise<ChildProcess> {
    const child = this.#start(signal);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const alive = new Promise<undefined>((resolve) => timer = setTimeout(() => resolve(undefined), START_MS));
    const end = await Promise.race([child.ended, alive]);
    clearTimeout(timer);
    if (end === undefined) return child;
    throw new SinkError(`the program ends at once (${endText(end)})`, {
      retryable: true,
      cause: "not_started",
      untaken: true,
    });
  }

  #start(signal: AbortSignal): ChildProcess {
    try {
      return new ChildProcess(this.#options.command, signal);
    } catch (error) {
      throw new SinkError(`the program cannot be started: ${reasonOf(error)}`, {
        retryable: true,
        cause: "not_started",
        untaken: true,
      });
    }
  }

  #judge(end: ChildEnd): void {
    if (end.error !== undefined || NOT_STARTED.includes(end.code ?? 0)) {
      throw new SinkError(`the program cannot be started (${endText(end)})`, {
        retryable: true,
        cause: "not_started",
        untaken: true,
      });
    }
    if (end.code === 0) {
      if (end.said !== "") this.#options.onNews?.("debug", `output ${this.name} says: ${end.said}`);
      return;
    }
    if (this.#options.judgesExitCode) {
      throw new SinkError(`the program failed (${endText(end)})`, { retryable: true, cause: "exit_code" });
    }
    this.#options.onNews?.("error", `output ${this.name}: the program failed (${endText(end)})`);
  }

  /** The end of its input tells a program to finish. */
  async #end(child: ChildProcess | undefined): Promise<void> {
    if (child === undefined) return;
    child.closeInput();
    let timer: ReturnType<typeof setTimeout> | undefined;
    await Promise.race([
      child.ended,
      new Promise((resolve) => timer = setTimeout(resolve, CLOSE_PATIENCE_MS)),
    ]);
    clearTimeout(timer);
    child.kill();
  }
}

function endText({ code, signal, error, said }: ChildEnd): string {
  const how = error ?? (signal === undefined ? `exit code ${code}` : signal);
  return said === "" ? how : `${how}: ${said}`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
