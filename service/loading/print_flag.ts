// `-p FORMAT`, Falco's old way to say append_output: a text that every output ends with. `-pc` and `-pk` stand for the
// container and the pod.
// In: the flag, settings. Out: settings in which append_output says it, and what to say instead of the flag.

import type { AddedOutput, Settings } from "../../config/mod.ts";

const PRESETS = ["c", "container", "k", "kubernetes"];

export function withPrintFlag(settings: Settings, print: string | undefined): {
  readonly settings: Settings;
  readonly warnings: readonly string[];
} {
  if (print === undefined || print === "") return { settings, warnings: [] };
  const isPreset = PRESETS.includes(print);
  const instead = isPreset ? "suggested_output: true" : `extra_output: ${JSON.stringify(print)}`;
  const warnings = [`-p is deprecated: say append_output: [{${instead}}]`];
  const before = settings.append_output;
  // Falco's falco.yaml has it already
  if (isPreset && before.some((entry) => entry.suggested_output === true)) return { settings, warnings };
  const entry: AddedOutput = isPreset
    ? { from: "-p", match: { source: "syscall", tags: [] }, suggested_output: true, extra_fields: [] }
    : { from: "-p", extra_output: print, extra_fields: [] };
  return { settings: { ...settings, append_output: [...before, entry] }, warnings };
}
