// Sees to it that falco is either evaluating or starting again, never half alive.
// In: the run, the canary (canary.ts). Out: signs of life for the engine's thread, which ends the process when they cease
// (engine/main_watch.ts), and for systemd, when a canary has come all the way: kernel, matcher, this thread, queues of the
// outputs. When the engine's thread hangs, or no canary comes through any more, the run ends with exit code 1.
// From the moment at which the run shall stop there is a limit too, which the kernel keeps.
// Elsewhere: what others see of it (service/web/health.ts).

import { NO_LIMIT_MS } from "../../engine/mod.ts";
import { endProcess, endProcessIn } from "../../ffi/mod.ts";
import type { CanaryState } from "./canary.ts";
import { INTERNAL_ALERTS } from "../internal_alerts/internal_alert_kinds.ts";
import type { Component, RunState } from "../run/run_state.ts";
import { Systemd } from "../run/systemd.ts";

type Watched =
  & Pick<RunState, "settings" | "raise" | "log">
  & {
    readonly engine: Pick<RunState["engine"], "beats" | "beatOfMain">;
    readonly output: Pick<RunState["output"], "isMoving">;
    readonly sources: Pick<RunState["sources"], "syscall">;
    readonly stop: Pick<RunState["stop"], "request" | "reason">;
  };

export interface WatchdogOptions {
  readonly canary: () => CanaryState | undefined;
  readonly systemd?: Pick<Systemd, "tell">;
  readonly nowMs?: () => number;
  /** default: ends the process */
  readonly onOverdue?: (line: string) => void;
}

const TICK_MS = 500;
/** Time for which the whole process stood still does not count. */
const MOST_PER_TICK_MS = 1000;
/** A worker that sleeps wakes twice a second. */
const STILL_MS = 3000;
const LEAST_LIMIT_MS = 2000;
/** What an orderly end may take besides the outputs' patience: reload, components, the engine. */
const STOP_MS = 20_000;
const MOST_OUTPUT_PATIENCE_MS = 60_000;
/** the kernel's limit comes after our own */
const KERNEL_LATER_S = 5;

export class Watchdog implements Component {
  readonly #run: Watched;
  readonly #options: WatchdogOptions;
  readonly #systemd: Pick<Systemd, "tell">;
  readonly #nowMs: () => number;
  readonly #timer: ReturnType<typeof setInterval>;
  #tickedMs: number;
  #beats = -1;
  #engineStillMs = 0;
  #seen = 0;
  #silentMs = 0;
  #hasEnded = false;

  private constructor(run: Watched, options: WatchdogOptions) {
    this.#run = run;
    this.#options = options;
    this.#systemd = options.systemd ?? new Systemd();
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#tickedMs = this.#nowMs();
    this.#timer = setInterval(() => this.tick(), TICK_MS);
    run.stop.reason.then(() => this.#limitStop());
  }

  static start(run: Watched, options: WatchdogOptions): Watchdog {
    const watchdog = new Watchdog(run, options);
    watchdog.tick();
    return watchdog;
  }

  /** Everything that belongs to the run has been started. */
  tellReady(): void {
    this.#systemd.tell("READY=1");
  }

  /** What is wrong at this moment. */
  get problem(): string | undefined {
    if (this.#engineStillMs > STILL_MS) {
      return `the engine's thread has made no turn for ${Math.round(this.#engineStillMs / 1000)} s`;
    }
    return this.#run.output.isMoving ? undefined : "a queue of the outputs does not move";
  }

  close(): void {
    clearInterval(this.#timer);
    // an orderly end has a limit of its own
    this.#run.engine.beatOfMain(0);
    this.#systemd.tell("STOPPING=1");
  }

  /** A sign of life of this thread, and a look at the others. */
  tick(): void {
    const { engine, settings, output, sources } = this.#run;
    const timeoutMs = settings["watchdog.timeout"];
    const limitMs = timeoutMs === 0 ? 0 : Math.max(timeoutMs, LEAST_LIMIT_MS);
    const nowMs = this.#nowMs();
    const passedMs = Math.min(nowMs - this.#tickedMs, MOST_PER_TICK_MS);
    this.#tickedMs = nowMs;
    engine.beatOfMain(limitMs === 0 ? NO_LIMIT_MS : limitMs);
    if (!sources.syscall) {
      if (output.isMoving) this.#systemd.tell("WATCHDOG=1");
      return;
    }
    this.#engineStillMs = engine.beats === this.#beats ? this.#engineStillMs + passedMs : 0;
    this.#beats = engine.beats;
    const seen = this.#options.canary()?.seen ?? 0;
    this.#silentMs = seen === this.#seen ? this.#silentMs + passedMs : 0;
    if (seen !== this.#seen && output.isMoving) this.#systemd.tell("WATCHDOG=1");
    this.#seen = seen;
    if (limitMs === 0 || this.#hasEnded) return;
    const seconds = Math.round(limitMs / 1000);
    if (this.#engineStillMs >= limitMs) this.#end(`the engine's thread has made no turn for ${seconds} s`);
    // one that never came says more about where falco runs than about whether it works
    else if (seen > 0 && this.#silentMs >= limitMs) {
      this.#end(this.problem ?? `no event has come through for ${seconds} s`);
    }
  }

  #end(reason: string): void {
    this.#hasEnded = true;
    const { raise, stop } = this.#run;
    raise(INTERNAL_ALERTS.watchdog(reason));
    stop.request({ why: `watchdog.timeout: ${reason}`, exitCode: 1 });
  }

  /** Whatever the orderly end waits for: it is not waited for without end. */
  #limitStop(): void {
    const { output_timeout: timeoutMs, output_stop_grace: graceMs } = this.#run.settings;
    const limitMs = STOP_MS + Math.max(graceMs, Math.min(MOST_OUTPUT_PATIENCE_MS, timeoutMs));
    const line = `falco ends itself: it should have stopped and has not within ${limitMs / 1000} s`;
    const { onOverdue = (line: string) => endProcess(line, 1) } = this.#options;
    Deno.unrefTimer(setTimeout(() => onOverdue(line), limitMs));
    if (this.#options.onOverdue === undefined) endProcessIn(limitMs / 1000 + KERNEL_LATER_S);
  }
}
