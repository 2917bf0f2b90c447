// Every setting of falco, with a value for each: what all other packages see of the configuration.
// In: the table of keys (config/keys/). Out: the type of a full set of settings, the defaults, definitions by key.
// Elsewhere: reading values (config/value.ts), a file and -o (config/load.ts).

import type { Definition, ValueOf } from "./definition.ts";
import { KEYS } from "./keys/sections.ts";

export type { Definition } from "./definition.ts";

export const SETTINGS = KEYS;

export type SettingKey = keyof typeof SETTINGS;

/** A value for every key. */
export type Settings = { readonly [K in SettingKey]: ValueOf<typeof SETTINGS[K]> };

export type SinkSetting = Settings["sinks"][number];
export type PluginSetting = Settings["plugins"][number];

export function defaultSettings(): Settings {
  const values: Record<string, unknown> = {};
  for (const [key, definition] of Object.entries<Definition>(SETTINGS)) values[key] = definition.default;
  return values as Settings;
}

export function definitionOf(key: string): Definition | undefined {
  return Object.hasOwn(SETTINGS, key) ? SETTINGS[key as SettingKey] : undefined;
}

/** Bytes of one ring buffer for a `buf_size_preset`. */
export function ringBytes(preset: number): number {
  return 2 ** (preset - 1) << 20;
}
