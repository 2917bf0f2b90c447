// Prints events, one line each, until the source ends, enough have been printed, or it is told to stop.
// In: the filter as a compiled rule, whose output is the line. Out: lines on standard output, the exit code.
// Elsewhere: the texts of values (outputs/), the events themselves (engine/).

import type { Settings } from "../../config/mod.ts";
import { type Alert, compileTemplate } from "../../alerts/mod.ts";
import { Engine } from "../../engine/mod.ts";
import { escapeText, LineWriter } from "../../base/mod.ts";
import type { CompiledRules } from "../../rules/mod.ts";
import { lossLines } from "../health/counters_report.ts";
import { Containers } from "../containers/containers.ts";
import { eventSource } from "./event_source.ts";
import type { Log } from "../logging/log.ts";
import { StopRequest } from "./stop_request.ts";

export interface RunEventsOptions {
  readonly rule: CompiledRules;
  readonly settings: Settings;
  readonly log: Log;
  /** a recording instead of this host */
  readonly trace?: string;
  readonly max?: number;
  readonly limitMs?: number;
  readonly snaplen?: number;
}

const CLOSE_PATIENCE_MS = 2000;

export async function runEvents(options: RunEventsOptions): Promise<number> {
  const { rule, settings, log, trace, max = Infinity } = options;
  const render = compileTemplate(rule.rules[0]!.output, { base64: settings.buffer_format_base64 });
  const stop = new StopRequest(options.limitMs);
  // a reader that has seen enough is no failure, as with `| head`
  let isRead = true;
  const onClosed = () => {
    isRead = false;
    stop.request({ why: "standard output is closed", exitCode: 0 });
  };
  // of a recording nothing needs to be lost, however slow the reader is
  const limit = trace === undefined ? {} : { maxQueuedBytes: Infinity };
  const sink = new LineWriter(Deno.stdout, { ...limit, onClosed });
  let printed = 0;
  const print = (alerts: readonly Alert[]) => {
    for (const { values } of alerts) {
      if (printed >= max) break;
      sink.write(escapeText(render(values)));
      printed++;
    }
    if (printed >= max) stop.request({ why: `${max} events have been printed`, exitCode: 0 });
    return trace === undefined ? undefined : sink.flush();
  };
  let engine: Engine | undefined;
  const containers = options.trace === undefined ? new Containers(settings, log) : undefined;
  try {
    containers?.start();
    engine = await Engine.start({
      rules: rule,
      source: eventSource(settings, options),
      ...(containers === undefined ? {} : { containers: containers.engineOption(settings) }),
      maxThreads: settings["falco_libs.thread_table_size"],
      onAlerts: print,
    });
    containers?.startComponent({ engine, settings });
    const reason = await Promise.race([stop.reason, engine.ended.then(() => undefined)]);
    // of a host where much happens thousands more wait to be printed
    await (printed >= max || !isRead ? engine.abandon() : engine.stop());
    return reason?.exitCode ?? 0;
  } finally {
    stop.dispose();
    containers?.close();
    await sink.close(CLOSE_PATIENCE_MS);
    const losses = lossLines(engine?.finalCounters ?? {});
    const unprinted = isRead ? sink.dropped : 0n;
    if (unprinted > 0n) losses.push(`events that could not be printed: ${unprinted}`);
    for (const line of losses) log("warning", line);
  }
}
