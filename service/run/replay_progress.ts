// How far a replay has come, as a bar on the terminal; nothing where standard error is none.
// In: bytes read of the file. Out: one line that is drawn over and over, and taken away at the end.
// Elsewhere: the counters that say how far (sources/replay).

import type { EngineCounters } from "../../engine/mod.ts";

/** A replay that is over sooner needs no bar. */
const PATIENCE_MS = 700;
const INTERVAL_MS = 200;
const WIDTH = 30;
const ERASE = "\r\x1b[K";

export interface ProgressTerminal {
  isTerminal(): boolean;
  writeSync(bytes: Uint8Array): number;
}

export class ReplayProgress {
  readonly #terminal: ProgressTerminal;
  #timer: ReturnType<typeof setInterval> | undefined;
  #isDrawn = false;
  #isAsking = false;

  constructor(terminal: ProgressTerminal = Deno.stderr) {
    this.#terminal = terminal;
  }

  start(counters: () => Promise<EngineCounters>): void {
    if (!this.#terminal.isTerminal()) return;
    const startedMs = performance.now();
    const tick = async () => {
      const elapsedMs = performance.now() - startedMs;
      if (this.#isAsking || elapsedMs < PATIENCE_MS) return;
      this.#isAsking = true;
      const text = progressText(await counters(), elapsedMs / 1000);
      this.#isAsking = false;
      if (this.#timer !== undefined) this.#draw(text);
    };
    this.#timer = setInterval(() => void tick(), INTERVAL_MS);
  }

  /** Takes the bar away; it comes back with the next tick. */
  erase(): void {
    if (this.#isDrawn) this.#write(ERASE);
    this.#isDrawn = false;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.erase();
  }

  #draw(text: string): void {
    this.#write(ERASE + text);
    this.#isDrawn = true;
  }

  #write(text: string): void {
    try {
      this.#terminal.writeSync(new TextEncoder().encode(text));
    } catch {
      // a bar that nobody sees is none
    }
  }
}

/** `[=======>      ]  42 %  1.2 M events  3.0 M/s  about 4 s left` */
export function progressText(counters: EngineCounters, seconds: number): string {
  const events = Number(counters["EVENTS"] ?? 0n);
  const read = Number(counters["trace_file_bytes_read"] ?? 0n);
  const whole = Number(counters["trace_file_bytes"] ?? 0n);
  const flow = `${short(events)} events  ${short(events / seconds)}/s`;
  // the length of a pipe is not known
  if (whole <= 0) return flow;
  const share = Math.min(read / whole, 1);
  const filled = Math.floor(share * WIDTH);
  const bar = "=".repeat(filled) + (filled < WIDTH ? ">" : "") + " ".repeat(Math.max(WIDTH - filled - 1, 0));
  const left = share > 0 ? Math.ceil(seconds / share - seconds) : 0;
  return `[${bar}] ${String(Math.floor(share * 100)).padStart(3)} %  ${flow}  about ${left} s left`;
}

function short(n: number): string {
  if (n >= 1e6) return `${(n / 1e6).toFixed(1)} M`;
  return n >= 1e4 ? `${(n / 1e3).toFixed(0)} k` : n.toFixed(0);
}
