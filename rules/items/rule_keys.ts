// The keys of a rule that can be defined, appended to and replaced.
// In: the item's mapping, which keys are wanted. Out: their values; findings about those that are no values.
// Elsewhere: which keys are wanted (rule_item.ts), what an exception is (exception_item.ts).

import type { Priority } from "../../base/mod.ts";
import type { MappedText } from "../text/mapped_text.ts";
import type { MapReader } from "../yaml/decode.ts";
import { type RawException, readExceptions } from "./exception_item.ts";
import { readPriority } from "./priority.ts";

/** The keys of a rule that can be changed; absent ones stay as they were. */
export interface RuleKeys {
  readonly condition?: MappedText;
  readonly output?: MappedText;
  readonly desc?: string;
  readonly priority?: Priority;
  readonly enabled?: boolean;
  readonly capture?: boolean;
  readonly captureDurationMs?: number;
  readonly warnEventTypes?: boolean;
  readonly skipIfUnknown?: boolean;
  readonly tags?: readonly string[];
  readonly exceptions?: readonly RawException[];
}

export type RuleDefinition = Required<RuleKeys>;

export const APPENDABLE = ["condition", "output", "desc", "tags", "exceptions"];
export const REPLACEABLE = [
  ...APPENDABLE,
  "priority",
  "capture",
  "capture_duration",
  "enabled",
  "warn_evttypes",
  "skip-if-unknown-filter",
];
export function presentKeys(reader: MapReader): string[] {
  return REPLACEABLE.filter((key) => reader.has(key));
}

/** Reads the keys that are asked for; each has to be there. */
export function readKeys(reader: MapReader, keys: readonly string[], appending: boolean): RuleKeys {
  const found: { -readonly [K in keyof RuleKeys]: RuleKeys[K] } = {};
  for (const key of keys) {
    switch (key) {
      case "condition":
      case "output": {
        const scalar = reader.scalar(key);
        if (scalar !== undefined) found[key] = scalar.text;
        break;
      }
      case "desc": {
        const scalar = reader.scalar("desc");
        if (scalar !== undefined) found.desc = scalar.value;
        break;
      }
      case "priority": {
        const priority = readPriority(reader);
        if (priority !== undefined) found.priority = priority;
        break;
      }
      case "enabled":
      case "capture": {
        const value = reader.boolean(key);
        if (value !== undefined) found[key] = value;
        break;
      }
      case "warn_evttypes": {
        const value = reader.boolean(key);
        if (value !== undefined) found.warnEventTypes = value;
        break;
      }
      case "skip-if-unknown-filter": {
        const value = reader.boolean(key);
        if (value !== undefined) found.skipIfUnknown = value;
        break;
      }
      case "capture_duration": {
        const value = reader.unsigned(key);
        if (value !== undefined) found.captureDurationMs = value;
        break;
      }
      case "tags": {
        const tags = reader.scalars("tags", true);
        if (tags !== undefined) found.tags = sortedTags(tags.map((tag) => tag.value));
        break;
      }
      case "exceptions": {
        const exceptions = readExceptions(reader, appending);
        if (exceptions !== undefined) found.exceptions = exceptions;
        break;
      }
    }
  }
  return found;
}

/** Tags are a set, kept in the order of their bytes. */
export function sortedTags(tags: readonly string[]): string[] {
  return [...new Set(tags)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
