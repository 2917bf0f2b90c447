// Watches this host until it is told to stop.
// In: rules and settings, how to read them anew, flags. Out: the exit code.
// Elsewhere: what happens to events and alerts (service/run.ts), the probe (sources/live).

import { ringBytes, type Settings } from "../config/settings.ts";
import { Containers } from "./containers.ts";
import { watchEvents } from "./event_watch.ts";
import type { Log } from "./log.ts";
import { Observation } from "./metrics/observation.ts";
import { writePidFile } from "./pid_file.ts";
import type { LoadedRun } from "./reload.ts";
import type { EngineSettings } from "./reload_engine.ts";
import { runEngine } from "./run.ts";

export interface LiveOptions {
  readonly loaded: LoadedRun;
  /** reads everything anew; throws what the user did wrong */
  readonly load: () => LoadedRun;
  readonly log: Log;
  /** performance.now() when the program began */
  readonly startedMs: number;
  readonly copy: boolean;
  readonly unbuffered: boolean;
  readonly verbose: boolean;
  readonly limitMs?: number;
  readonly pidFile?: string;
}

export async function runLive(options: LiveOptions): Promise<number> {
  const { loaded, load, log } = options;
  const { rules, settings } = loaded;
  const containers = new Containers(settings, log);
  const removePidFile = options.pidFile === undefined ? () => {} : writePidFile(options.pidFile);
  log.monitors?.();
  try {
    containers.start();
    return await runEngine({
      rules,
      settings,
      log,
      unbuffered: options.unbuffered,
      verbose: options.verbose,
      counters: () => containers.counters(),
      ...(options.limitMs === undefined ? {} : { limitMs: options.limitMs }),
      engine: (settings) => liveEngine(settings, options.copy, containers),
      companions: [(run) => containers.accompany(run), watchEvents, (run) => Observation.start(run)],
      reload: { loaded, load },
      onStarted: () => {
        const seconds = ((performance.now() - options.startedMs) / 1000).toFixed(2);
        log("info", `watching system calls with ${rules.rules.length} rules, ready after ${seconds} s`);
      },
    });
  } finally {
    containers.close();
    removePidFile();
  }
}

function liveEngine(settings: Settings, copy: boolean, containers: Containers): EngineSettings {
  const snaplen = settings["falco_libs.snaplen"];
  return {
    source: {
      kind: "live",
      ringBytes: ringBytes(settings["engine.modern_ebpf.buf_size_preset"]),
      cpusPerRing: settings["engine.modern_ebpf.cpus_for_each_buffer"],
      withHighVolumeIo: settings["base_syscalls.all"],
      baseCalls: { custom: settings["base_syscalls.custom_set"], repair: settings["base_syscalls.repair"] },
      dropFailed: settings["engine.modern_ebpf.drop_failed_exit"],
      ...(snaplen === 0 ? {} : { snaplen }),
      copy,
    },
    maxThreads: settings["falco_libs.thread_table_size"],
    containers: containers.engineOption(settings),
  };
}
