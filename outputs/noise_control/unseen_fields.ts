// Fields by which repeats are to be told apart, and which no rule's output has: they tell nothing apart, so that more is
// held back than was meant. A slip of the pen is enough.
// In: settings, the rules. Out: names of fields. Those of the default are meant to be in some outputs only.

import { defaultSettings, type Settings } from "../../config/mod.ts";
import type { FormattedRule } from "../../alerts/mod.ts";

const KEY = "noise_control.grouping.fields";

export function unseenFields(
  settings: Settings,
  rules: readonly Pick<FormattedRule, "output">[],
): string[] {
  const exceptions = settings["noise_control.rules"];
  const groups = settings["noise_control.grouping.enabled"];
  if (!groups && !exceptions.some(({ group }) => group)) return [];
  const wanted = new Set([...settings[KEY], ...exceptions.flatMap(({ fields = [] }) => fields)]);
  for (const field of defaultSettings()[KEY]) wanted.delete(field);
  for (const { output } of rules) for (const { key } of output.fields) wanted.delete(key);
  return [...wanted];
}
