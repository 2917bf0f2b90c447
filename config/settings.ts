// Every setting of falco: its key (as in falco.yaml and in -o key=value), type, default and meaning, in one table.
// In: nothing. Out: the table, the type of a full set of settings, and the defaults.
// Elsewhere: reading values from text (config/value.ts), from a file (config/file.ts), from -o (config/override.ts).

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
  | { readonly type: "paths"; readonly default: readonly string[]; readonly help: string };

const bool = (byDefault: boolean, help: string) => ({ type: "bool", default: byDefault, help }) as const;
const int = (byDefault: number, min: number, max: number, help: string) =>
  ({ type: "int", default: byDefault, min, max, help }) as const;
const paths = (help: string) => ({ type: "paths", default: [] as readonly string[], help }) as const;
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
  "engine.kind": choice("modern_ebpf", ["modern_ebpf"], "where events come from"),
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
  : D extends { type: "int" } ? number
  : D extends { type: "choice"; choices: readonly (infer C)[] } ? C
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
