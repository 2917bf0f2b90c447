// One run of the engine, from its start to the last counter: what live monitoring and replay share.
// In: rules, settings, a source. Out: alerts on standard output, counters in the log, the exit code.
// Elsewhere: the command line (cli/), the worker (engine/), when to stop (stop_request.ts).

import type { Settings } from "../config/settings.ts";
import { Engine, type EngineOptions } from "../engine/engine.ts";
import type { CompiledRules } from "../rules/compile.ts";
import { AlertOutput } from "./alert_output.ts";
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
  readonly onStarted?: () => void;
}

export async function runEngine(options: RunOptions): Promise<number> {
  const { rules, settings, log } = options;
  const stop = new StopRequest(options.limitMs);
  const output = new AlertOutput({
    rules: rules.rules,
    settings,
    unbuffered: options.unbuffered ?? false,
    onClosed: (error) => stop.request({ why: `standard output: ${error.message}`, exitCode: 1 }),
  });
  try {
    const engine = await Engine.start({
      rules,
      source: options.source,
      maxThreads: settings["falco_libs.thread_table_size"],
      onAlerts: (alerts) => alerts.forEach((alert) => output.take(alert)),
    });
    options.onStarted?.();
    const startedMs = performance.now();

    // a recording ends by itself, and so does a run that fails
    const reason = await Promise.race([stop.reason, engine.ended.then(() => undefined)]);
    if (reason !== undefined) log(reason.exitCode === 0 ? "info" : "error", `stopping: ${reason.why}`);
    const counters = await engine.stop();
    await output.close();

    const seconds = (performance.now() - startedMs) / 1000;
    const summary = { seconds, counters, matches: output.matches(), alertsDropped: output.dropped };
    for (const line of counterLines(summary, options.verbose ?? false)) log("info", line);
    return reason?.exitCode ?? 0;
  } finally {
    stop.dispose();
    await output.close();
  }
}
