// What libraries print on the console: to the log, since standard output is for alerts alone, and what a receiver has
// sent may stand in it.
// In: calls of console while a run lasts. Out: lines of the log, for who wants to see them.
// Elsewhere: errors that nobody has caught (service/run/last_resort.ts).

import { type Log, singleLine } from "./log.ts";

const METHODS = ["log", "info", "debug", "warn", "error", "trace", "dir"] as const;

export class LibraryWords {
  readonly #before = METHODS.map((method) => [method, console[method]] as const);

  constructor(log: Log) {
    const line = singleLine(log);
    for (const method of METHODS) {
      console[method] = (...words: unknown[]) =>
        line("debug", `a library says: ${words.map(textOf).join(" ")}`);
    }
  }

  dispose(): void {
    for (const [method, before] of this.#before) console[method] = before;
  }
}

function textOf(word: unknown): string {
  return word instanceof Error ? `${word.name}: ${word.message}` : String(word);
}
