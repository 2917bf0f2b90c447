// What the flags that more than one command has mean together.
// In: what commander parsed. Out: settings and rules paths; a UsageError with all problems at once.
// Elsewhere: the flags (flags.ts), the settings themselves (config/).

import { type LoadedSettings, loadSettings } from "../config/load.ts";
import { rulesFiles } from "../config/rules_files.ts";
import { type EventSources, K8S_AUDIT, planSources, SYSCALL } from "../config/json_sources.ts";
import type { Settings } from "../config/settings.ts";
import { createLog, type Log, logOptions } from "../service/log.ts";
import { unknownCalls } from "../sources/live/base_calls.ts";
import { UsageError } from "./failure.ts";
import { namePipes } from "../rules/pipes.ts";
import { withPrintFlag } from "./print_flag.ts";
import { rulesPaths } from "./rules_paths.ts";

export interface RunOptions {
  /** -r */
  readonly r?: readonly string[];
  /** -c */
  readonly c?: string;
  /** -o */
  readonly option?: readonly string[];
  /** wrong settings are warnings */
  readonly lenient?: true;
  /** -p */
  readonly print?: string;
  readonly enableSource?: readonly string[];
  readonly disableSource?: readonly string[];
}

/** Flags of a run, of this host or of a recording. */
export interface RunFlags {
  /** -M, seconds; 0: no limit */
  readonly M?: number;
  readonly pidfile?: string;
  readonly unbuffered?: true;
  readonly verbose?: true;
}

export function runFlags({ M, pidfile, unbuffered, verbose }: RunFlags) {
  return {
    unbuffered: unbuffered === true,
    verbose: verbose === true,
    ...(M ? { limitMs: M * 1000 } : {}),
    ...(pidfile === undefined ? {} : { pidFile: pidfile }),
  };
}

export interface RunPlan {
  readonly settings: Settings;
  readonly rules: readonly string[];
  /** the files and folders that these rules come from */
  readonly rulesGiven: readonly string[];
  /** about the configuration; printed once the log is there */
  readonly warnings: readonly string[];
  /** what the configuration was read from */
  readonly files?: Pick<LoadedSettings, "files" | "folders">;
  /** sources of events, as settings and flags have it */
  readonly sources: EventSources;
  /** a flag asks for system calls */
  readonly enablesSyscall: boolean;
}

export function planRun(options: RunOptions): RunPlan {
  namePipes([...options.r ?? [], ...options.c === undefined ? [] : [options.c]]);
  const loaded = loadSettings(options.c, options.option ?? [], { lenient: options.lenient === true });
  const { problems, files, folders } = loaded;
  const printed = withPrintFlag(loaded.settings, options.print);
  const { settings } = printed;
  const warnings = [...loaded.warnings, ...printed.warnings];
  const configured = options.r === undefined ? rulesFiles(loaded) : { paths: options.r, warnings: [] };
  const missing = configured.problem === undefined ? [] : [configured.problem];
  const planned = planSources(settings, loaded.written.has("load_plugins"), {
    ...(options.enableSource === undefined ? {} : { enable: options.enableSource }),
    ...(options.disableSource === undefined ? {} : { disable: options.disableSource }),
  });
  const wrong = [...problems, ...missing, ...planned.problems];
  if (wrong.length > 0) throw new UsageError(wrong);
  const rules = rulesPaths(configured.paths, planned.sources.names.includes(K8S_AUDIT));
  if (rules.length === 0) {
    throw new UsageError([`no rules: there is no .yml or .yaml file in ${configured.paths.join(", ")}`]);
  }
  const unknown = unknownCalls(settings["base_syscalls.custom_set"])
    .map((name) => `base_syscalls.custom_set: there is no system call ${name}`);
  return {
    settings,
    rules,
    rulesGiven: configured.paths,
    warnings: [...warnings, ...configured.warnings, ...unknown],
    files: { files, folders },
    sources: planned.sources,
    enablesSyscall: options.enableSource?.includes(SYSCALL) === true,
  };
}

/** The log of this run; what there is to say about the configuration comes first. */
export function createRunLog({ settings, warnings }: Pick<RunPlan, "settings" | "warnings">): Log {
  const log = createLog(logOptions(settings));
  for (const warning of warnings) log("warning", warning);
  return log;
}

/** For --help: they are too many to be listed there. */
export function settingsHelp(): string {
  return "Settings, for -o key=value and for the file of -c: falco list config prints all of them with their meaning.";
}
