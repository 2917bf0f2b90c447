// A command of the shell with a pipe to its input, in a process group of its own.
// In: a command, texts for its input, a signal that ends it. Out: how it ended, and the start of what it printed.
// Elsewhere: which programs, and what their end means (program.ts).

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import process from "node:process";
import type { Readable } from "node:stream";
import { givenEnvironment } from "../../assets/environment.ts";
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
const SHELL = "/bin/sh";

export class ChildProcess {
  readonly ended: Promise<ChildEnd>;
  end: ChildEnd | undefined;
  readonly #child: ChildProcessWithoutNullStreams;
  #said = "";

  constructor(command: string, signal: AbortSignal) {
    const child = this.#child = spawn(SHELL, ["-c", command], {
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
      env: givenEnvironment(),
    });
    this.#drain(child.stdout);
    this.#drain(child.stderr);
    // what happens to its input is told to the writer; nobody else needs to hear it
    child.stdin.on("error", () => {});
    const stop = () => this.kill();
    signal.addEventListener("abort", stop, { once: true });
    this.ended = new Promise((resolve) => {
      const end = (code: number | null, by: string | null, error?: string) => {
        signal.removeEventListener("abort", stop);
        this.end ??= {
          code: code ?? undefined,
          signal: by ?? undefined,
          error,
          said: oneLine(this.#said.trim()),
        };
        resolve(this.end);
      };
      child.on("error", (error: Error) => end(null, null, error.message));
      child.on("exit", (code: number | null, by: string | null) => setTimeout(() => end(code, by)));
    });
  }

  /** Resolves when the pipe has taken it. */
  write(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error("it does not read any more"));
      if (this.end !== undefined) return ended();
      this.#child.once("exit", ended);
      this.#child.stdin.write(text, (error) => {
        this.#child.off("exit", ended);
        if (error) reject(error);
        else resolve();
      });
    });
  }

  closeInput(): void {
    this.#child.stdin.end();
  }

  /** With all that it has started, unless it has ended: what it leaves behind then is meant to stay. */
  kill(): void {
    if (this.end !== undefined) return;
    this.#child.stdin.destroy();
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // all of them have ended
    }
  }

  #drain(stream: Readable): void {
    stream.on("data", (chunk: Uint8Array) => {
      const left = KEPT_OUTPUT_BYTES - this.#said.length;
      if (left > 0) this.#said += new TextDecoder().decode(chunk.subarray(0, left));
    });
    stream.on("error", () => {});
  }
}
