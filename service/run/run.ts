// One run, from its start to the last counter: what live monitoring and replay share.
// In: rules, settings, what of them the engine needs. Out: alerts in the outputs, counters in the log, the exit code.
// Elsewhere: the command line (cli/), the worker (engine/), when to stop (stop_request.ts), when to reload (service/reload/reload.ts).

import { messageOf, within } from "../../base/mod.ts";
import { type EventSources, type Settings, SYSCALLS_ALONE } from "../../config/mod.ts";
import type { EngineFace } from "../../engine/mod.ts";
import { realtimeNs } from "../../ffi/mod.ts";
import type { CompiledRules } from "../../rules/mod.ts";
import { AlertOutput } from "./alert_output.ts";
import { CaptureFiles } from "../capture/capture_files.ts";
import { counterLines } from "../health/counters_report.ts";
import { Faults } from "../health/faults.ts";
import { INTERNAL_ALERTS } from "../internal_alerts/internal_alert_kinds.ts";
import { internalAlertsTo, type RaiseInternalAlert } from "../internal_alerts/internal_alerts.ts";
import { LastResort } from "./last_resort.ts";
import { LibraryWords } from "../logging/library_words.ts";
import { Lateness } from "../health/lateness.ts";
import { type Log, logOptions } from "../logging/log.ts";
import { onSignal } from "./on_signal.ts";
import { type LoadedRun, Reloader, type ReloadOptions } from "../reload/reload.ts";
import { ReloadState } from "../reload/reload_state.ts";
import { type EngineSettings, RunEngine } from "../reload/reload_engine.ts";
import type { Component, LoadedPaths, RunState, StartComponent } from "./run_state.ts";
import { StopRequest } from "./stop_request.ts";
import { giveStartPagesBack } from "./unused_memory.ts";

export interface RunOptions {
  readonly rules: CompiledRules;
  readonly settings: Settings;
  /** undefined: system calls are not watched */
  readonly engine: (settings: Settings) => EngineSettings | undefined;
  /** default: system calls alone */
  readonly sources?: EventSources;
  /** it ends by itself and nothing is lost, as with a recording: who gives alerts waits until they are written */
  readonly waits?: boolean;
  readonly log: Log;
  readonly unbuffered?: boolean;
  /** print all counters at the end */
  readonly verbose?: boolean;
  /** those of parts besides the engine */
  readonly counters?: () => Readonly<Record<string, bigint>>;
  readonly limitMs?: number;
  /** reads rules and settings again when it is asked to */
  readonly reload?: Pick<ReloadOptions, "loaded" | "load">;
  readonly components?: readonly StartComponent[];
  /** events are being evaluated */
  readonly onStarted?: (run: RunState) => void;
  /** alerts are about to be written */
  readonly onAlerts?: () => void;
  /** the run is over; lines of the log follow */
  readonly onEnded?: () => void;
}

/** A reload that does not end is not waited for any longer when the run has to. */
const RELOAD_PATIENCE_MS = 5000;

export async function runEngine(options: RunOptions): Promise<number> {
  const run = new Run(options);
  try {
    await run.start();
    // a recording ends by itself, and so does a run that fails
    const reason = await Promise.race([run.stop.reason, run.over.then(() => undefined)]);
    options.onEnded?.();
    if (reason !== undefined) {
      options.log(reason.exitCode === 0 ? "info" : "error", `stopping: ${reason.why}`);
    }
    await run.end();
    return reason?.exitCode ?? 0;
  } catch (error) {
    options.onEnded?.();
    await run.fail();
    throw error;
  } finally {
    await run.dispose();
  }
}

class Run implements RunState {
  settings: Settings;
  rules: CompiledRules;
  sources: EventSources;
  files: LoadedPaths | undefined;
  reloadedAtMs = Date.now();
  readonly startedAtMs = this.reloadedAtMs;
  readonly output: AlertOutput;
  readonly raise: RaiseInternalAlert;
  readonly faults: Faults;
  readonly log: Log;
  readonly stop: StopRequest;
  readonly lateness = new Lateness();
  readonly lastResort: LastResort;
  readonly reloads = new ReloadState();
  readonly #libraryWords: LibraryWords;
  readonly #options: RunOptions;
  readonly #engine: RunEngine;
  readonly #captures: CaptureFiles;
  readonly #components: Component[] = [];
  readonly #endSignals: (() => void | Promise<void>)[] = [];
  #reloader: Reloader | undefined;
  /** why a reload was asked for before there could be one */
  #earlyReload: string | undefined;
  #isEnding = false;
  #startMs = performance.now();

  constructor(options: RunOptions) {
    const { rules, settings, log } = this.#options = options;
    this.settings = settings;
    this.rules = rules;
    this.sources = options.sources ?? SYSCALLS_ALONE;
    this.files = options.reload?.loaded.files;
    this.log = log;
    this.stop = new StopRequest(options.limitMs);
    const isReplay = options.waits ?? options.engine(settings)?.source.kind === "replay";
    this.output = new AlertOutput({
      rules: rules.rules,
      settings,
      log,
      unbuffered: options.unbuffered ?? false,
      waits: isReplay,
      onClosed: (error) => this.#stdoutClosed(error),
    });
    this.raise = internalAlertsTo(this.output, () => this.settings.time_format_iso_8601);
    this.faults = new Faults({ log, raise: this.raise });
    this.faults.loaded(options.reload?.loaded.faults ?? []);
    this.lastResort = new LastResort(log, this.raise);
    this.#libraryWords = new LibraryWords(log);
    this.#captures = new CaptureFiles(settings, log, this.raise);
    this.#engine = new RunEngine({
      engine: options.engine,
      log,
      onAlerts: (alerts, generation) => {
        options.onAlerts?.();
        const nowNs = realtimeNs();
        for (const alert of alerts) {
          this.lateness.take(alert.timeNs, nowNs);
          this.output.take(alert, generation);
        }
        return isReplay ? this.output.settled() : undefined;
      },
      onChunk: (chunk) => this.#captures.take(chunk),
    });
    // first of all: these signals end a process that does not handle them
    this.#endSignals.push(onSignal("SIGUSR1", () => void this.#reopen()));
    if (options.reload !== undefined) {
      this.#endSignals.push(onSignal("SIGHUP", () => void this.requestReload("SIGHUP")));
    }
  }

  get engine(): EngineFace {
    return this.#engine.current;
  }

  /** The engine has ended by itself; rejects when it failed. */
  get over(): Promise<void> {
    return this.#engine.over;
  }

  async start(): Promise<void> {
    const { onStarted, components = [], reload } = this.#options;
    const generation = this.reloads.begin();
    // what was read to get here, before the worker reads its share, and then that
    giveStartPagesBack(this.log);
    await this.#engine.start(this);
    giveStartPagesBack(this.log);
    this.#startMs = performance.now();
    onStarted?.(this);
    for (const start of components) this.#components.push(await start(this));
    this.reloads.applied(generation);
    if (reload === undefined) return;
    this.#reloader = new Reloader({
      ...reload,
      state: this.reloads,
      log: this.log,
      apply: (next) => this.#apply(next),
      onRefused: (reason) => {
        this.raise(INTERNAL_ALERTS.reloadFailure(reason));
        for (const component of this.#components) component.reloadRefused?.(reason);
      },
    });
    if (this.#earlyReload !== undefined) this.#reloader.request(this.#earlyReload);
  }

  /** Without standard output there is no point in going on only when nothing else takes alerts. */
  #stdoutClosed(error: Error): void {
    const others = this.output.sinkStats().filter(({ type }) => type !== "stdout").map(({ name }) => name);
    if (others.length === 0) {
      return this.stop.request({ why: `standard output: ${error.message}`, exitCode: 1 });
    }
    this.log("error", `standard output: ${error.message}; alerts go on to ${others.join(", ")}`);
  }

  requestReload(why: string): boolean {
    if (this.#isEnding || this.#options.reload === undefined) return false;
    if (this.#reloader === undefined) this.#earlyReload = why;
    else this.#reloader.request(why);
    return true;
  }

  /** Everything that happened before is evaluated, written and counted. */
  async end(): Promise<void> {
    this.#isEnding = true;
    this.reloads.stopped();
    await this.#endReloads();
    await this.#tellComponents("close");
    await this.engine.stop();
    await this.#captures.close();
    await this.output.close();
    this.#summarise();
  }

  /** What came before the failure has been evaluated. */
  async fail(): Promise<void> {
    await this.output.close();
    this.#summarise();
  }

  async dispose(): Promise<void> {
    this.stop.dispose();
    for (const end of this.#endSignals.splice(0)) await end();
    await this.#endReloads();
    await this.#tellComponents("close");
    // after a start that failed half-way
    await this.#engine.stop();
    await this.output.close();
    this.lastResort.dispose();
    this.#libraryWords.dispose();
  }

  /** Throws when everything stays as it was. */
  async #apply(next: LoadedRun): Promise<void> {
    const { settings, rules } = this;
    const generation = this.engine.generation + 1;
    if (next.settings["engine.kind"] !== settings["engine.kind"]) {
      throw new Error("engine.kind cannot be changed by a reload: restart falco");
    }
    const sources = next.sources ?? SYSCALLS_ALONE;
    if (sources.syscall !== this.sources.syscall) {
      const what = sources.syscall
        ? "system calls are to be watched now"
        : "system calls are no longer watched";
      throw new Error(`${what}, which cannot be changed by a reload: restart falco`);
    }
    await this.output.configure(next.settings, next.rules.rules, generation);
    try {
      await this.#engine.change(settings, next, generation);
    } catch (error) {
      await this.output.configure(settings, rules.rules, this.engine.generation);
      throw error;
    }
    this.settings = next.settings;
    this.rules = next.rules;
    this.sources = sources;
    this.files = next.files;
    this.reloadedAtMs = Date.now();
    this.#captures.configure(next.settings);
    this.log.configure?.(logOptions(next.settings));
    this.faults.loaded(next.faults ?? []);
    await this.#tellComponents("reloaded");
  }

  async #reopen(): Promise<void> {
    this.log("info", "SIGUSR1: reopening outputs");
    await this.output.reopen();
  }

  async #endReloads(): Promise<void> {
    await within(RELOAD_PATIENCE_MS, this.#reloader?.close());
  }

  async #tellComponents(what: "reloaded" | "close"): Promise<void> {
    const components = what === "close" ? this.#components.splice(0) : this.#components;
    for (const component of components) {
      try {
        await component[what]?.();
      } catch (error) {
        this.log("error", messageOf(error));
      }
    }
  }

  #summarise(): void {
    const counters = this.#engine.finalCounters;
    if (counters === undefined) return;
    const summary = {
      seconds: (performance.now() - this.#startMs) / 1000,
      counters: { ...counters, ...this.#options.counters?.() },
      matches: this.output.matches(),
      alertsDropped: this.output.dropped,
      noise: this.output.noise(),
      sinks: this.output.sinkStats(),
    };
    for (const line of counterLines(summary, this.#options.verbose ?? false)) this.log("info", line);
  }
}
