// Flags that more than one subcommand has, and what they mean together.
// In: what commander parsed. Out: settings and rules paths; a UsageError with all problems at once.
// Elsewhere: the settings themselves (config/).

import { type Command, Option } from "commander";
import { loadSettings } from "../config/load.ts";
import { SETTINGS, type Settings } from "../config/settings.ts";
import { createLog, type Log } from "../service/log.ts";
import { UsageError } from "./failure.ts";
import { rulesPaths } from "./rules_paths.ts";

export interface RunOptions {
  /** -r */
  readonly r?: readonly string[];
  /** -c */
  readonly c?: string;
  /** -o */
  readonly option?: readonly string[];
}

export interface RunPlan {
  readonly settings: Settings;
  readonly rules: readonly string[];
  /** about the configuration; printed once the log is there */
  readonly warnings: readonly string[];
}

export function addRunOptions(
  command: Command,
  rulesHelp = "rules to load, instead of the bundled ones (repeatable)",
): Command {
  const collect = (value: string, before: readonly string[] | undefined) => [...(before ?? []), value];
  return command
    .addOption(
      new Option("-r <file|folder>", rulesHelp).argParser(collect),
    )
    .addOption(new Option("-c <file>", "settings in the shape of falco.yaml"))
    .addOption(
      new Option("-o, --option <key=value>", "one setting, see below (repeatable)").argParser(collect),
    );
}

export function planRun(options: RunOptions): RunPlan {
  const { settings, problems, warnings } = loadSettings(options.c, options.option ?? []);
  if (problems.length > 0) throw new UsageError(problems);
  const given = options.r ?? settings.rules_files;
  const rules = rulesPaths(given);
  if (rules.length === 0) {
    throw new UsageError([`no rules: there is no .yml or .yaml file in ${given.join(", ")}`]);
  }
  return { settings, rules, warnings };
}

/** The log of this run; what there is to say about the configuration comes first. */
export function createRunLog({ settings, warnings }: RunPlan): Log {
  const log = createLog({
    level: settings.log_level,
    isoTime: settings.time_format_iso_8601,
    enabled: settings.log_stderr,
  });
  for (const warning of warnings) log("warning", warning);
  return log;
}

/** The table of settings, for --help. */
export function settingsHelp(): string {
  const lines = ["Settings, for -o key=value and for the file of -c:"];
  for (const [key, definition] of Object.entries(SETTINGS)) {
    const byDefault = definition.default === "" || typeof definition.default === "object"
      ? ""
      : ` (default ${definition.default})`;
    lines.push(`  ${key}`, `      ${definition.help}${byDefault}`);
  }
  return lines.join("\n");
}
