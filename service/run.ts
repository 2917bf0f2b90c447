// One run of the engine, from its start to the last counter: what live monitoring and replay share.
// In: rules, settings, a source. Out: alerts on standard output, counters in the log, the exit code.
// Elsewhere: the command line (cli/), the worker (engine/), when to stop (stop_request.ts).

import type { Settings } from "../config/settings.ts";
import type { EngineCounters } from "../engine/counters.ts";
import { Engine, type EngineOptions } from "../engine/engine.ts";
import type { CompiledRules } from "../rules/compile.ts";
import { AlertOutput } from "./alert_output.ts";
import { CaptureFiles, captureOptions } from "./capture_files.ts";
import { counterLines } from "./counters_report.ts";
import type { Log } from "./log.ts";
import { StopRequest } from "./stop_request.ts";

export interface RunOptions {
  readonly rules: CompiledRules;
  readonly source: EngineOptions["source"];
  readonly settings: Settings;
  readonly log: Log;
  readonly unbuffered?: boolean;
  /** print all counters at the end */
  readonly verbose?: boolean;
  readonly limitMs?: number;
  /** events are being judged */
  readonly onStarted?: (engine: Engine) => void;
  /** alerts are about to be written */
  readonly onAlerts?: () => void;
  /** the run is over; lines of the log follow */
  readonly onEnded?: () => void;
}

export async function runEngine(options: RunOptions): Promise<number> {
  const { rules, settings, log } = options;
  const stop = new StopRequest(options.limitMs);
  const isReplay = options.source.kind === "replay";
  const output = new AlertOutput({
    rules: rules.rules,
    settings,
    unbuffered: options.unbuffered ?? false,
    waits: isReplay,
    onClosed: (error) => stop.request({ why: `standard output: ${error.message}`, exitCode: 1 }),
  });
  // a recording is recorded already
  const capture = isReplay ? undefined : captureOptions(rules.rules, settings);
  const captures = new CaptureFiles(settings, log);
  let engine: Engine | undefined;
  let startedMs = performance.now();
  const summarise = (counters: EngineCounters) => {
    const seconds = (performance.now() - startedMs) / 1000;
    const summary = { seconds, counters, matches: output.matches(), alertsDropped: output.dropped };
    for (const line of counterLines(summary, options.verbose ?? false)) log("info", line);
  };
  try {
    engine = await Engine.start({
      rules,
      source: options.source,
      maxThreads: settings["falco_libs.thread_table_size"],
      onAlerts: (alerts) => {
        options.onAlerts?.();
        alerts.forEach((alert) => output.take(alert));
        return isReplay ? output.settled() : undefined;
      },
      ...(capture === undefined
        ? {}
        : { record: { all: true, capture, onPiece: (piece) => captures.take(piece) } }),
    });
    options.onStarted?.(engine);
    startedMs = performance.now();

    // a recording ends by itself, and so does a run that fails
    const reason = await Promise.race([stop.reason, engine.ended.then(() => undefined)]);
    options.onEnded?.();
    if (reason !== undefined) log(reason.exitCode === 0 ? "info" : "error", `stopping: ${reason.why}`);
    const counters = await engine.stop();
    await captures.close();
    await output.close();
    summarise(counters);
    return reason?.exitCode ?? 0;
  } catch (error) {
    options.onEnded?.();
    // what came before the failure has been judged
    await output.close();
    if (engine?.finalCounters !== undefined) summarise(engine.finalCounters);
    throw error;
  } finally {
    stop.dispose();
    await output.close();
  }
}
