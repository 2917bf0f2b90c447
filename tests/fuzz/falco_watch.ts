// Whether a falco that strangers write to still works: it answers, its events come through in time, an open of a marked
// file raises an alert, its memory stays, no thread of it waits for a disk or a lock of the kernel for long.
// In: a running falco, the port of its web server. Out: the worst of each figure. What fails is counted: a watch goes on.
// This thread does nothing else, so that what it measures is falco's time.

import type { FalcoProcess } from "../live/falco_process.ts";
import { MARK_RULE } from "./fuzz_settings.ts";

export interface Figures {
  healthAnswers: number;
  healthMedianMs: number;
  healthWorstMs: number;
  /** without the time that falco's main thread waited for a processor meanwhile */
  healthHeldMs: number;
  healthUnanswered: number;
  healthFailing: number;
  canaryWorstMs: number;
  canarySilenceMs: number;
  alerts: number;
  alertMedianMs: number;
  alertWorstMs: number;
  alertsMissing: number;
  threadStuckMs: number;
  peakResidentMiB: number;
  residentMiB: number;
  cpuSeconds: number;
  /** how late a timer of the fuzzer itself came: the machine's share in all other times */
  ownTimerLateMs: number;
}

const LOOK_EVERY_MS = 250;
const MARK_EVERY_MS = 500;
const LIMIT_MS = 30_000;
const MAX_LOG_LINES = 20_000;
const TICKS_A_SECOND = 100;

/** Opens a marked file now and then; every watch waits for its alert. @returns what ends it */
export function openMarks(folder: string, watches: readonly FalcoWatch[]): () => Promise<void> {
  let isStopped = false;
  const done = (async () => {
    for (let number = 0; !isStopped; number++) {
      const path = `${folder}/mark-${number}`;
      const startMs = performance.now();
      try {
        Deno.openSync(path).close();
      } catch {
        // there is no such file
      }
      await Promise.all(watches.map((watch) => watch.await(path, startMs)));
      await pause(MARK_EVERY_MS);
    }
  })();
  return async () => {
    isStopped = true;
    await done;
  };
}

export class FalcoWatch {
  /** what /healthz said when it failed, each once */
  readonly problems = new Set<string>();
  readonly lines: string[] = [];
  readonly #healthMs: number[] = [];
  readonly #alertMs: number[] = [];
  readonly #stuckSinceMs = new Map<string, number>();
  readonly #counts = {
    healthHeldMs: 0,
    healthUnanswered: 0,
    healthFailing: 0,
    canaryWorstMs: 0,
    canarySilenceMs: 0,
    alertsMissing: 0,
    threadStuckMs: 0,
    peakResidentMiB: 0,
    residentMiB: 0,
    cpuSeconds: 0,
    ownTimerLateMs: 0,
  };
  #isStopped = false;
  #end: Promise<{ code: number; tookMs: number }> | undefined;

  constructor(readonly name: string, readonly falco: FalcoProcess, readonly port: number) {
    this.#repeat(() => this.#askHealth());
    this.#repeat(() => this.#lookAtProcess());
  }

  figures(): Figures {
    return {
      healthAnswers: this.#healthMs.length,
      healthMedianMs: median(this.#healthMs),
      healthWorstMs: Math.max(0, ...this.#healthMs),
      alerts: this.#alertMs.length,
      alertMedianMs: median(this.#alertMs),
      alertWorstMs: Math.max(0, ...this.#alertMs),
      ...this.#counts,
    };
  }

  get brief(): string {
    const figures = this.figures();
    const { healthWorstMs, healthHeldMs, canaryWorstMs, alertWorstMs, residentMiB, peakResidentMiB } =
      figures;
    const times = `health ${Math.round(healthWorstMs)} ms (held ${Math.round(healthHeldMs)}), canary ${
      Math.round(canaryWorstMs)
    } ms, alert ${Math.round(alertWorstMs)} ms`;
    return `${this.name}: ${times}, ${Math.round(residentMiB)} MiB (peak ${Math.round(peakResidentMiB)})`;
  }

  async await(markPath: string, startMs: number): Promise<void> {
    try {
      const accept = ({ output }: { readonly output: string }) => output.includes(`${markPath} `);
      const alert = await this.falco.alert(MARK_RULE, accept, LIMIT_MS);
      this.#alertMs.push(alert.arrivedMs - startMs);
    } catch {
      this.#counts.alertsMissing++;
      await pause(MARK_EVERY_MS);
    }
    // a long run must not hold all alerts and lines
    this.falco.alerts.splice(0, this.falco.alerts.length - 100);
    this.lines.push(...this.falco.log.splice(0));
    this.lines.splice(0, this.lines.length - MAX_LOG_LINES);
  }

  /** By SIGTERM, and after a while by SIGKILL. May be called again. */
  end(limitMs: number): Promise<{ code: number; tookMs: number }> {
    this.#isStopped = true;
    return this.#end ??= (async () => {
      const startMs = performance.now();
      const killer = setTimeout(() => Deno.kill(this.falco.pid, "SIGKILL"), limitMs);
      const code = await this.falco.stop("SIGTERM").catch(() => -1);
      clearTimeout(killer);
      this.lines.push(...this.falco.log.splice(0));
      return { code, tookMs: performance.now() - startMs };
    })();
  }

  async #repeat(act: () => Promise<void> | void): Promise<void> {
    while (!this.#isStopped) {
      await act();
      const dueMs = performance.now() + LOOK_EVERY_MS;
      await pause(LOOK_EVERY_MS);
      this.#worst("ownTimerLateMs", performance.now() - dueMs);
    }
  }

  async #askHealth(): Promise<void> {
    const startMs = performance.now();
    const { pid } = this.falco;
    try {
      const waitedMs = waitedForProcessorMs(pid);
      const response = await fetch(`http://127.0.0.1:${this.port}/healthz`, {
        signal: AbortSignal.timeout(LIMIT_MS),
      });
      const health = await response.json();
      const tookMs = performance.now() - startMs;
      this.#healthMs.push(tookMs);
      this.#worst("healthHeldMs", tookMs - (waitedForProcessorMs(pid) - waitedMs));
      this.#worst("canaryWorstMs", health.events.latency_ms ?? 0);
      this.#worst("canarySilenceMs", health.events.silent_ms ?? 0);
      if (response.status !== 200) this.#counts.healthFailing++;
      for (const problem of health.problems) this.problems.add(String(problem).replaceAll(/\d+/g, "N"));
    } catch {
      // before the first answer the web server has not started yet
      const isAnswering = this.#healthMs.length > 0 && !this.#isStopped && isRunning(this.falco.pid);
      if (isAnswering) this.#counts.healthUnanswered++;
    }
  }

  /** A thread that waits and cannot be interrupted, at one look after the other, is stuck. */
  #lookAtProcess(): void {
    const { pid } = this.falco;
    try {
      const status = Deno.readTextFileSync(`/proc/${pid}/status`);
      // a process that has ended has none
      if (!status.includes("VmRSS:")) return;
      this.#counts.residentMiB = mebibytes(status, "VmRSS");
      this.#counts.peakResidentMiB = mebibytes(status, "VmHWM");
      const [user, system] = fieldsOf(`/proc/${pid}/stat`).slice(11, 13).map(Number);
      this.#counts.cpuSeconds = (user! + system!) / TICKS_A_SECOND;
      const nowMs = performance.now();
      for (const { name: tid } of Deno.readDirSync(`/proc/${pid}/task`)) {
        const [state, ...rest] = fieldsOf(`/proc/${pid}/task/${tid}/stat`);
        // while it waits its time does not pass
        const key = `${tid} ${rest.slice(10, 12).join(" ")}`;
        if (state !== "D") continue;
        const sinceMs = this.#stuckSinceMs.get(key) ?? nowMs;
        this.#stuckSinceMs.clear();
        this.#stuckSinceMs.set(key, sinceMs);
        this.#worst("threadStuckMs", nowMs - sinceMs);
      }
    } catch {
      // it ends, or a thread has ended
    }
  }

  #worst(
    key: "healthHeldMs" | "canaryWorstMs" | "canarySilenceMs" | "ownTimerLateMs" | "threadStuckMs",
    value: number,
  ): void {
    this.#counts[key] = Math.max(this.#counts[key], value);
  }
}

export function isRunning(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch {
    return false;
  }
}

/** Of a stat file: what comes after the name, which may hold anything. */
function fieldsOf(path: string): string[] {
  const text = Deno.readTextFileSync(path);
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

/** Of the main thread, since it began. */
function waitedForProcessorMs(pid: number): number {
  return Number(Deno.readTextFileSync(`/proc/${pid}/task/${pid}/schedstat`).split(" ")[1]) / 1e6;
}

function mebibytes(status: string, key: string): number {
  return Number(new RegExp(`^${key}:\\s*(\\d+)`, "m").exec(status)?.[1] ?? 0) / 1024;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
