// Lets rules see the events of a recording, or of this host while something goes on, and hands over what they report and count:
// for what is measured and explained rather than alerted.
// In: compiled rules, settings, where events come from. Out: reports while they come, counters at the end.
// Elsewhere: what is made of it (ruletest/), runs that alert (run_live.ts, run_replay.ts).

import type { Settings } from "../../config/mod.ts";
import type { Alert } from "../../alerts/mod.ts";
import { Engine, type EngineCounters, type EngineOptions, type RuleCost } from "../../engine/mod.ts";
import { Containers } from "../containers/containers.ts";
import { lossLines } from "../health/counters_report.ts";
import type { Log } from "../logging/log.ts";
import { TraceError } from "../../scap/mod.ts";
import { eventSource, monitoredSource } from "./event_source.ts";
import { StopRequest } from "./stop_request.ts";

export interface ObserveOptions {
  readonly rules: EngineOptions["rules"];
  readonly settings: Settings;
  readonly log: Log;
  /** a recording instead of this host */
  readonly trace?: string;
  /** of this host what falco sees as it is set, instead of all that rules ask for */
  readonly isMonitored?: boolean;
  /** and what the kernel leaves out of that; by default nothing, whatever the settings say */
  readonly filterMode?: Settings["engine.kernel_filter"];
  readonly onAlerts?: (alerts: readonly Alert[]) => void;
  /** on this host: what goes on meanwhile; the run ends with it */
  readonly during?: () => Promise<unknown>;
}

export interface Observed {
  readonly counters: EngineCounters;
  /** events decoded, by code */
  readonly events: ReadonlyMap<number, bigint>;
  readonly ruleCosts: readonly RuleCost[];
  readonly leafWords: BigUint64Array;
  /** what could not be seen, in words */
  readonly losses: readonly string[];
  /** it was told to stop before it was over */
  readonly isCut: boolean;
}

export async function observe(options: ObserveOptions): Promise<Observed> {
  const { rules, settings, log, trace, onAlerts, during } = options;
  const stop = new StopRequest();
  const containers = trace === undefined ? new Containers(settings, log) : undefined;
  try {
    await containers?.start();
    const engine = await Engine.start({
      rules,
      source: trace === undefined && options.isMonitored === true
        ? monitoredSource(settings, false, options.filterMode)
        : eventSource(settings, trace === undefined ? {} : { trace }),
      ...(containers === undefined ? {} : { containers: containers.engineOption(settings) }),
      maxThreads: settings["falco_libs.thread_table_size"],
      onAlerts: (alerts) => onAlerts?.(alerts),
    });
    containers?.startComponent({ engine, settings });
    let cutOff: string | undefined;
    const ended = engine.ended.then(() => {}, (error) => {
      // what comes before the end is as good as ever
      if (!(error instanceof Error) || error.name !== TraceError.name || seenEvents(engine) === 0n) {
        throw error;
      }
      cutOff = error.message;
    });
    const over = during === undefined ? ended : during();
    const reason = await Promise.race([
      stop.reason,
      Promise.all([over]).then(() => undefined),
      ended.then(() => undefined),
    ]);
    const counters = cutOff === undefined ? await engine.stop() : engine.finalCounters!;
    return {
      counters,
      events: engine.liveCounters.events,
      ruleCosts: engine.ruleCosts,
      leafWords: engine.leafWords,
      losses: [...cutOff === undefined ? [] : [cutOffLine(cutOff)], ...lossLines(counters)],
      isCut: reason !== undefined,
    };
  } finally {
    stop.dispose();
    containers?.close();
  }
}

function seenEvents({ finalCounters }: Engine): bigint {
  return finalCounters?.["EVENTS"] ?? 0n;
}

function cutOffLine(message: string): string {
  return `${message}. The answer is about the events before that.`;
}
