// A command of the shell with a pipe to its input, in a process group of its own.
// In: a command, bytes for its input, a signal that ends it. Out: what of its input has been read, how it ended, and the
// start of what it printed.
// Elsewhere: which programs, and what their end means (program.ts), the pipe (ffi/pipe.ts).

import { spawn } from "node:child_process";
import process from "node:process";
import type { Readable } from "node:stream";
import { givenEnvironment } from "../../assets/mod.ts";
import { closePipe, createPipe, unreadBytes, writePipe } from "../../ffi/mod.ts";
import { oneLine } from "../network/network_error.ts";

export interface ChildEnd {
  readonly code: number | undefined;
  readonly signal: string | undefined;
  /** it has never been there */
  readonly error: string | undefined;
  /** the start of what it printed, in one line */
  readonly said: string;
}

/** The rest is read and thrown away: a program that is not read stops. */
const KEPT_OUTPUT_BYTES = 1024;
/** A program that prints without an end is read in chunks of 64 KiB with a pause after each: 13 MB a second at most. */
const OUTPUT_PAUSE_MS = 5;
/** What it said last may arrive after its end; a process that it has left behind may hold its output for ever. */
const LAST_WORDS_MS = 200;
/** How often one looks whether a program has read. */
const FIRST_LOOK_MS = 1;
const LONGEST_LOOK_MS = 50;
export const SHELL = "/bin/sh";

export class ChildProcess {
  readonly ended: Promise<ChildEnd>;
  end: ChildEnd | undefined;
  readonly #pid: number | undefined;
  #inputFd: number | undefined;
  #writtenBytes = 0;
  /** when its input was closed */
  #unreadAtClose = 0;
  #said = "";
  readonly #waiting = new Set<() => void>();

  constructor(command: string, signal: AbortSignal) {
    const { readFd, writeFd } = createPipe();
    this.#inputFd = writeFd;
    let child;
    try {
      child = spawn(SHELL, ["-c", command], {
        detached: true,
        stdio: [readFd, "pipe", "pipe"],
        env: givenEnvironment(),
      });
    } catch (error) {
      this.closeInput();
      throw error;
    } finally {
      closePipe(readFd);
    }
    this.#pid = child.pid;
    const outputs = [child.stdout, child.stderr].filter((stream) => stream !== null);
    const ends = outputs.map((stream) => this.#drain(stream));
    const stop = () => this.kill();
    signal.addEventListener("abort", stop, { once: true });
    this.ended = new Promise((resolve) => {
      const end = (code: number | null, by: string | null, error?: string) => {
        signal.removeEventListener("abort", stop);
        this.closeInput();
        for (const stream of outputs) stream.destroy();
        this.end ??= {
          code: code ?? undefined,
          signal: by ?? undefined,
          error,
          said: oneLine(this.#said.trim()),
        };
        resolve(this.end);
        for (const wake of this.#waiting) wake();
      };
      child.on("error", (error: Error) => end(null, null, error.message));
      child.on("exit", (code: number | null, by: string | null) => {
        const lastWords = setTimeout(() => end(code, by), LAST_WORDS_MS);
        Promise.all(ends).then(() => {
          clearTimeout(lastWords);
          end(code, by);
        });
      });
    });
  }

  /** Of all that was written to it. */
  get readBytes(): number {
    return this.#writtenBytes -
      (this.#inputFd === undefined ? this.#unreadAtClose : unreadBytes(this.#inputFd));
  }

  /** Resolves when the pipe has taken all of it, or the program has read all of it; rejects when it never will. */
  async write(bytes: Uint8Array<ArrayBuffer>, until: "taken" | "read"): Promise<void> {
    let lookMs = FIRST_LOOK_MS;
    for (let at = 0, before = -1;;) {
      if (this.#inputFd === undefined) throw new Error("it does not read any more");
      const written = at < bytes.length ? writePipe(this.#inputFd, bytes.subarray(at)) : 0;
      at += written;
      this.#writtenBytes += written;
      const { readBytes } = this;
      if (at === bytes.length && (until === "taken" || readBytes === this.#writtenBytes)) return;
      lookMs = written > 0 || readBytes > before ? FIRST_LOOK_MS : Math.min(2 * lookMs, LONGEST_LOOK_MS);
      before = readBytes;
      await this.endedWithin(lookMs);
    }
  }

  /** Whether it has ended after so long at most. */
  async endedWithin(ms: number): Promise<boolean> {
    if (this.end === undefined) {
      // a race with `ended` would be kept in memory until the end
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          this.#waiting.delete(done);
          resolve();
        };
        const timer = setTimeout(done, ms);
        this.#waiting.add(done);
      });
    }
    return this.end !== undefined;
  }

  closeInput(): void {
    if (this.#inputFd === undefined) return;
    this.#unreadAtClose = unreadBytes(this.#inputFd);
    closePipe(this.#inputFd);
    this.#inputFd = undefined;
  }

  /** With all that it has started, unless it has ended: what it leaves behind then is meant to stay. */
  kill(by: "SIGTERM" | "SIGKILL" = "SIGKILL"): void {
    if (this.end !== undefined) return;
    if (by === "SIGKILL") this.closeInput();
    if (this.#pid === undefined) return;
    try {
      process.kill(-this.#pid, by);
    } catch {
      // all of them have ended
    }
  }

  /** Keeps the start of a stream; resolves at its end. */
  #drain(stream: Readable): Promise<void> {
    const decoder = new TextDecoder();
    stream.on("data", (chunk: Uint8Array) => {
      const left = KEPT_OUTPUT_BYTES - this.#said.length;
      if (left > 0) this.#said += decoder.decode(chunk.subarray(0, left), { stream: true });
      stream.pause();
      setTimeout(() => stream.resume(), OUTPUT_PAUSE_MS);
    });
    stream.on("error", () => {});
    return new Promise((resolve) => stream.once("close", resolve));
  }
}
