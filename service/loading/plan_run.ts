// From flags to what a run needs: settings, rules files, event sources, and what is wrong with them, all at once.
// In: what commander parsed. Out: a plan; a UsageError with all problems.
// Elsewhere: the settings themselves (config/), reading the rules (load_rules.ts), the flags (cli/flags.ts).

import {
  type EventSources,
  type Fault,
  faults,
  K8S_AUDIT,
  type LoadedSettings,
  loadSettings,
  planSources,
  type RulesFiles,
  rulesFiles,
  type Settings,
  SYSCALL,
} from "../../config/mod.ts";
import { unknownCalls } from "../../sources/mod.ts";
import { UsageError } from "../../base/mod.ts";
import { namePipes } from "../../rules/mod.ts";
import { createLog, type Log, logOptions } from "../logging/log.ts";
import { withPrintFlag } from "./print_flag.ts";
import { artifactNames, installedFor, withArtifacts } from "./artifact_files.ts";
import { bundledFor, rulesPaths } from "./rules_paths.ts";

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
  /** the same without those of artifacts; undefined: the command line names the rules, and artifacts do not count */
  readonly rulesOfHost: readonly string[] | undefined;
  /** the files and folders that these rules come from, or would if they were there */
  readonly rulesGiven: readonly string[];
  /** about the configuration; printed once the log is there */
  readonly warnings: readonly string[];
  /** parts of the configuration that this run is without */
  readonly faults: readonly Fault[];
  /** what the configuration was read from */
  readonly files?: Pick<LoadedSettings, "files" | "folders">;
  /** sources of events, as settings and flags have it */
  readonly sources: EventSources;
  /** a flag asks for system calls */
  readonly enablesSyscall: boolean;
}

/**
 * @param tolerates a service goes on without what is wrong in settings and rules files. Others end with all problems at
 * once, and so does a command line that is wrong in itself.
 */
export function planRun(options: RunOptions, tolerates = false): RunPlan {
  namePipes([...options.r ?? [], ...options.c === undefined ? [] : [options.c]]);
  const loaded = loadSettings(options.c, options.option ?? [], { lenient: options.lenient === true });
  const { files, folders } = loaded;
  const printed = withPrintFlag(loaded.settings, options.print);
  const { settings } = printed;
  const folder = settings["artifacts.folder"];
  const installed = options.r === undefined ? artifactNames(folder) : [];
  const configured: RulesFiles = options.r === undefined
    ? rulesFiles(loaded, bundledFor, (path) => installedFor(folder, installed, path))
    : { paths: options.r, named: options.r, warnings: [], missing: [] };
  const planned = planSources(settings, loaded.written.has("load_plugins"), {
    ...(options.enableSource === undefined ? {} : { enable: options.enableSource }),
    ...(options.disableSource === undefined ? {} : { disable: options.disableSource }),
  });
  const noRules = configured.problem === undefined ? [] : [configured.problem];
  const wrong = [...loaded.problems, ...noRules, ...planned.problems];
  if (planned.wrongFlags.length > 0 || (wrong.length > 0 && !tolerates)) {
    throw new UsageError([...wrong, ...planned.wrongFlags]);
  }
  const ofHost = configured.problem === undefined
    ? rulesPaths(configured.paths, planned.sources.names.includes(K8S_AUDIT))
    : [];
  const rules = withArtifacts(folder, ofHost, installed);
  if (rules.length === 0 && !tolerates) {
    throw new UsageError([`no rules: there is no .yml or .yaml file in ${configured.paths.join(", ")}`]);
  }
  const unknown = unknownCalls(settings["base_syscalls.custom_set"])
    .map((name) => `base_syscalls.custom_set: there is no system call ${name}`);
  const missing = [...loaded.missing, ...configured.missing];
  return {
    settings,
    rules,
    rulesOfHost: options.r === undefined ? ofHost : undefined,
    rulesGiven: [...new Set([...configured.named, ...configured.paths])],
    warnings: [
      ...loaded.warnings,
      ...printed.warnings,
      ...configured.warnings,
      ...unknown,
      ...tolerates ? noRules : missing,
    ],
    faults: tolerates
      ? [
        ...faults("setting", loaded.problems),
        ...faults("plugin", loaded.missing),
        ...faults("rules_file", configured.missing),
        ...faults("source", planned.problems),
      ]
      : [],
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
