// Watches this host until it is told to stop.
// In: compiled rules, settings, flags. Out: the exit code.
// Elsewhere: what happens to events and alerts (service/run.ts), the probe (sources/live).

import { ringBytes, type Settings } from "../config/settings.ts";
import type { CompiledRules } from "../rules/compile.ts";
import type { Log } from "./log.ts";
import { writePidFile } from "./pid_file.ts";
import { runEngine } from "./run.ts";

export interface LiveOptions {
  readonly rules: CompiledRules;
  readonly settings: Settings;
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
  const { rules, settings, log } = options;
  const removePidFile = options.pidFile === undefined ? () => {} : writePidFile(options.pidFile);
  try {
    return await runEngine({
      rules,
      settings,
      log,
      unbuffered: options.unbuffered,
      verbose: options.verbose,
      ...(options.limitMs === undefined ? {} : { limitMs: options.limitMs }),
      source: {
        kind: "live",
        ringBytes: ringBytes(settings["engine.modern_ebpf.buf_size_preset"]),
        cpusPerRing: settings["engine.modern_ebpf.cpus_for_each_buffer"],
        copy: options.copy,
      },
      onStarted: () => {
        const seconds = ((performance.now() - options.startedMs) / 1000).toFixed(2);
        log("info", `watching system calls with ${rules.rules.length} rules, ready after ${seconds} s`);
      },
    });
  } finally {
    removePidFile();
  }
}
