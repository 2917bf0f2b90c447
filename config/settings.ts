// Every setting of falco: its key (as in falco.yaml and in -o key=value), type, default and meaning, in one table.
// In: nothing. Out: the table, the type of a full set of settings, and the defaults.
// Elsewhere: reading values from text (config/value.ts), from a file (config/file.ts), from -o (config/override.ts).

import type { AppendSetting, RuleSwitch, StaticFields } from "./rule_settings.ts";

export type Definition =
  | { readonly type: "bool"; readonly default: boolean; readonly help: string }
  | {
    readonly type: "int";
    readonly default: number;
    readonly min: number;
    readonly max: number;
    readonly help: string;
  }
  | {
    readonly type: "choice";
    readonly default: string;
    readonly choices: readonly string[];
    readonly help: string;
  }
  | { readonly type: "text"; readonly default: string; readonly help: string }
  | { readonly type: "paths"; readonly default: readonly string[]; readonly help: string }
  | { readonly type: "rules"; readonly default: readonly RuleSwitch[]; readonly help: string }
  | { readonly type: "append_output"; readonly default: readonly AppendSetting[]; readonly help: string }
  | { readonly type: "static_fields"; readonly default: StaticFields; readonly help: string };

const bool = (byDefault: boolean, help: string) => ({ type: "bool", default: byDefault, help }) as const;
const int = (byDefault: number, min: number, max: number, help: string) =>
  ({ type: "int", default: byDefault, min, max, help }) as const;
const paths = (help: string) => ({ type: "paths", default: [] as readonly string[], help }) as const;
const text = (byDefault: string, help: string) => ({ type: "text", default: byDefault, help }) as const;
function choice<const C extends readonly string[]>(byDefault: C[number], choices: C, help: string) {
  return { type: "choice", default: byDefault, choices, help } as const;
}

const PRIORITY_WORDS = [
  "emergency",
  "alert",
  "critical",
  "error",
  "warning",
  "notice",
  "informational",
  "debug",
] as const;

export const SETTINGS = {
  "rules_files": paths("rules files and folders, in this order; without any, the bundled rules"),
  "rules": {
    type: "rules",
    default: [] as readonly RuleSwitch[],
    help: "rules to enable or disable by name (* stands for anything) or by tag, in this order: " +
      "`- disable: {tag: network}`, `- enable: {rule: Shell*}`",
  },
  "append_output": {
    type: "append_output",
    default: [] as readonly AppendSetting[],
    help:
      "what is added to the outputs of rules that `match` (source, tags, rule): `extra_output` to the text, " +
      "`extra_fields` to output_fields, and with `suggested_output` the container, the pod and the static fields",
  },
  "static_fields": {
    type: "static_fields",
    default: {} as StaticFields,
    help: "texts of your own as fields for rules: NAME is `static.NAME`",
  },
  "priority": choice("debug", PRIORITY_WORDS, "rules less severe than this are not loaded"),
  "rule_matching": choice(
    "first",
    ["first", "all"],
    "report only the first rule that matches an event, or all",
  ),
  "json_output": bool(false, "alerts as JSON, one object per line"),
  "json_include_output_property": bool(true, "JSON: the whole line of text"),
  "json_include_message_property": bool(false, "JSON: the text without time and priority"),
  "json_include_output_fields_property": bool(true, "JSON: the values of the fields that the output uses"),
  "json_include_tags_property": bool(true, "JSON: the tags of the rule"),
  "time_format_iso_8601": bool(
    false,
    "times of alerts and log as UTC date and time instead of local time of day",
  ),
  "buffer_format_base64": bool(false, "byte buffers in alerts as base64 instead of printable characters"),
  "stdout_output.enabled": bool(true, "alerts to standard output"),
  "log_stderr": bool(true, "falco's own log to standard error"),
  "log_level": choice(
    "info",
    ["emergency", "alert", "critical", "error", "warning", "notice", "info", "debug"],
    "least severe message of falco's own log that is shown",
  ),
  "engine.kind": choice(
    "modern_ebpf",
    ["modern_ebpf", "replay"],
    "where events come from: this host, or a recording",
  ),
  "engine.replay.capture_file": text("", "the recording for engine.kind=replay"),
  "capture.enabled": bool(false, "record what happens around a match into a .scap file"),
  "capture.path_prefix": text("/tmp/falco", "captures are PREFIX_TIME_EVENT.scap"),
  "capture.mode": choice(
    "rules",
    ["rules", "all_rules"],
    "which rules begin a capture: those with `capture: true`, or all",
  ),
  "capture.default_duration": int(
    5000,
    1,
    86_400_000,
    "milliseconds from a match, where its rule says no other",
  ),
  "capture.before_duration": int(
    2000,
    0,
    60_000,
    "milliseconds before a match that its capture begins with, as far as 32 MiB reach",
  ),
  "capture.max_file_size_mb": int(0, 0, 1_048_576, "a capture ends at this size; 0: at any"),
  "engine.modern_ebpf.cpus_for_each_buffer": int(1, 0, 512, "CPUs that share a ring buffer; 0: one for all"),
  "engine.modern_ebpf.buf_size_preset": int(
    4,
    1,
    10,
    "size of a ring buffer: 1, 2, 4, 8, 16, 32, 64, 128, 256 or 512 MiB",
  ),
  "falco_libs.thread_table_size": int(262_144, 1024, 4_194_304, "threads that are kept track of"),
} as const satisfies Record<string, Definition>;

export type SettingKey = keyof typeof SETTINGS;

type ValueOf<D> = D extends { type: "bool" } ? boolean
  : D extends { type: "text" } ? string
  : D extends { type: "int" } ? number
  : D extends { type: "choice"; choices: readonly (infer C)[] } ? C
  : D extends { type: "rules" } ? readonly RuleSwitch[]
  : D extends { type: "append_output" } ? readonly AppendSetting[]
  : D extends { type: "static_fields" } ? StaticFields
  : readonly string[];

/** A value for every key. */
export type Settings = { readonly [K in SettingKey]: ValueOf<typeof SETTINGS[K]> };

export function defaultSettings(): Settings {
  return Object.fromEntries(
    Object.entries(SETTINGS).map(([key, { default: value }]) => [key, value]),
  ) as Settings;
}

export function definitionOf(key: string): Definition | undefined {
  return Object.hasOwn(SETTINGS, key) ? SETTINGS[key as SettingKey] : undefined;
}

/** Bytes of one ring buffer for a `buf_size_preset`. */
export function ringBytes(preset: number): number {
  return 2 ** (preset - 1) << 20;
}
