// Alerts to the standard input of a program, which the shell starts: one process for each alert, or one for all.
// In: batches. Out: lines on its input. A kept program has taken what it has read; one for each alert when it ends. What
// a program prints does not mix with alerts: the start of it is kept for the log. A process that takes too long is ended
// with everything that it has started.
// Elsewhere: when to try again (sink_queue.ts), the process itself (child_process.ts).

import { concatenate, messageOf } from "../../base/mod.ts";
import { type Sink, SinkError, type SinkMessage } from "../sink.ts";
import { type ChildEnd, ChildProcess } from "./child_process.ts";
import { missingProgram } from "./missing_program.ts";

export interface ProgramSinkOptions {
  readonly name: string;
  readonly command: string;
  readonly keepAlive: boolean;
  readonly timeoutMs: number;
  /** an exit code other than 0 means that the alert is not delivered; Falco does not look at it */
  readonly checksExitCode: boolean;
  /** with keepAlive, alerts are gathered for so long */
  readonly lingerMs?: number;
  readonly onNews?: (level: "error" | "debug", message: string) => void;
}

const BATCH = 64;
/** How long a program may take to finish after the end of its input, and again after SIGTERM. */
const FINISH_MS = 5000;
const TERM_MS = 1000;
/** of the shell: not executable, not found */
const NOT_STARTED = [126, 127];

export class ProgramSink implements Sink {
  readonly name: string;
  readonly maxBatch: number;
  readonly lingerMs: number;
  readonly attemptTimeoutMs: number;
  readonly #options: ProgramSinkOptions;
  readonly #encoder = new TextEncoder();
  #kept: ChildProcess | undefined;
  #isDelivering = false;
  /** the kept program goes when it has read its batch */
  #isReplaced = false;
  /** of programs that are to go: the next one is started afterwards */
  #ending: Promise<void> = Promise.resolve();

  constructor(options: ProgramSinkOptions) {
    this.#options = options;
    this.name = options.name;
    this.maxBatch = options.keepAlive ? BATCH : 1;
    this.lingerMs = options.keepAlive ? options.lingerMs ?? 0 : 0;
    this.attemptTimeoutMs = options.timeoutMs;
  }

  /** What the kept program has read. */
  get progress(): number {
    return this.#kept?.readBytes ?? 0;
  }

  async deliver(batch: readonly SinkMessage[], signal: AbortSignal): Promise<void> {
    await this.#ending;
    if (!this.#options.keepAlive) {
      for (const { body } of batch) await this.#runOnce(body, signal);
      return;
    }
    this.#isDelivering = true;
    try {
      await this.#writeToKept(batch, signal);
    } finally {
      this.#isDelivering = false;
      if (this.#isReplaced) this.#replace();
    }
  }

  async tryOut(): Promise<void> {
    const missing = await missingProgram(this.#options.command);
    if (missing !== undefined) throw notStarted(missing);
  }

  async reopen(): Promise<void> {
    if (this.#isDelivering) this.#isReplaced = true;
    else {
      this.#replace();
      await this.#ending;
    }
  }

  async close(): Promise<void> {
    this.#replace();
    await this.#ending;
  }

  #replace(): void {
    this.#isReplaced = false;
    const kept = this.#kept;
    this.#kept = undefined;
    this.#ending = Promise.all([this.#ending, this.#end(kept)]).then(() => {});
  }

  async #runOnce(body: string, signal: AbortSignal): Promise<void> {
    const child = this.#start(signal);
    try {
      // a program need not read what it is given
      await child.write(this.#encoder.encode(body + "\n"), "taken").catch(() => {});
      child.closeInput();
      const end = await child.ended;
      signal.throwIfAborted();
      this.#check(end);
    } finally {
      child.kill();
    }
  }

  async #writeToKept(batch: readonly SinkMessage[], signal: AbortSignal): Promise<void> {
    if (this.#kept?.end !== undefined) this.#kept = undefined;
    const child = this.#kept ??= this.#start(NEVER);
    const lines = batch.map(({ body }) => this.#encoder.encode(body + "\n"));
    const before = child.readBytes;
    const stop = () => child.kill();
    signal.addEventListener("abort", stop, { once: true });
    try {
      await child.write(concatenate(lines), "read");
    } catch (error) {
      this.#kept = undefined;
      child.kill();
      throw await this.#failure(
        child,
        error,
        batch.slice(0, linesWithin(lines, child.readBytes - before)),
        signal,
      );
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Says what has been read all the same. */
  async #failure(
    child: ChildProcess,
    error: unknown,
    delivered: readonly SinkMessage[],
    signal: AbortSignal,
  ): Promise<SinkError> {
    const details = { retryable: true, delivered };
    if (signal.aborted) {
      const { reason } = signal;
      const cause = reason instanceof SinkError ? reason.details.cause : "stopped";
      return new SinkError(messageOf(reason), { ...details, cause });
    }
    await child.endedWithin(TERM_MS);
    const { end } = child;
    if (end !== undefined && delivered.length === 0 && isNotStarted(end)) return notStarted(endText(end));
    const how = end === undefined || end.signal === "SIGKILL" ? messageOf(error) : endText(end);
    return new SinkError(`the program has ended with alerts unread (${how})`, { ...details, cause: "ended" });
  }

  #start(signal: AbortSignal): ChildProcess {
    try {
      return new ChildProcess(this.#options.command, signal);
    } catch (error) {
      throw notStarted(messageOf(error));
    }
  }

  #check(end: ChildEnd): void {
    if (isNotStarted(end)) throw notStarted(endText(end));
    if (end.code === 0) {
      if (end.said !== "") this.#options.onNews?.("debug", `output ${this.name} says: ${end.said}`);
      return;
    }
    if (this.#options.checksExitCode) {
      throw new SinkError(`the program failed (${endText(end)})`, { retryable: true, cause: "exit_code" });
    }
    this.#options.onNews?.("error", `output ${this.name}: the program failed (${endText(end)})`);
  }

  /** The end of its input tells a program to finish. */
  async #end(child: ChildProcess | undefined): Promise<void> {
    if (child === undefined) return;
    child.closeInput();
    if (await child.endedWithin(FINISH_MS)) return;
    child.kill("SIGTERM");
    if (await child.endedWithin(TERM_MS)) return;
    this.#options.onNews?.(
      "error",
      `output ${this.name}: the program does not end after its input: it is killed`,
    );
    child.kill();
  }
}

const NEVER = new AbortController().signal;

function isNotStarted({ error, code }: ChildEnd): boolean {
  return error !== undefined || NOT_STARTED.includes(code ?? 0);
}

function notStarted(how: string): SinkError {
  const message = `the program cannot be started (${how})`;
  return new SinkError(message, { retryable: true, cause: "not_started", untaken: true });
}

/** How many of them so many bytes are. */
function linesWithin(lines: readonly Uint8Array[], bytes: number): number {
  let left = bytes;
  const end = lines.findIndex((line) => (left -= line.length) < 0);
  return end < 0 ? lines.length : end;
}

function endText({ code, signal, error, said }: ChildEnd): string {
  const how = error ?? (signal === undefined ? `exit code ${code}` : signal);
  return said === "" ? how : `${how}: ${said}`;
}
