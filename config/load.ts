// Puts the settings of one run together: defaults, then the file of -c, then each -o.
// In: what the command line says. Out: the settings, or all problems at once; warnings beside them.
// Elsewhere: what a setting means to whom (cli/, service/).

import { parseSettingsFile } from "./file.ts";
import { parseOverride } from "./override.ts";
import { withValueAt } from "./path.ts";
import { defaultSettings, definitionOf, type Settings } from "./settings.ts";
import { parseValue } from "./value.ts";

export interface LoadedSettings {
  readonly settings: Settings;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

export function loadSettings(file: string | undefined, overrides: readonly string[]): LoadedSettings {
  const settings: Record<string, unknown> = { ...defaultSettings() };
  const problems: string[] = [];
  const warnings: string[] = [];

  if (file !== undefined) {
    const text = readText(file);
    if ("problem" in text) problems.push(text.problem);
    else {
      const parsed = parseSettingsFile(file, text.text);
      problems.push(...parsed.problems);
      warnings.push(...parsed.warnings);
      for (const [key, value] of parsed.values) settings[key] = value;
    }
  }
  for (const text of overrides) {
    const override = parseOverride(text);
    if ("problem" in override) problems.push(override.problem);
    else if ("steps" in override) {
      const { key, steps, part } = override;
      const parsed = parseValue(definitionOf(key)!, withValueAt(settings[key], steps, part));
      if ("reason" in parsed) problems.push(`option "${text}": ${key} ${parsed.reason}`);
      else settings[key] = parsed.value;
    } else settings[override.key] = override.value;
  }
  return { settings: settings as Settings, problems, warnings };
}

function readText(path: string): { text: string } | { problem: string } {
  try {
    return { text: Deno.readTextFileSync(path) };
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : error instanceof Error
      ? error.message
      : String(error);
    return { problem: `cannot read the configuration ${path}: ${reason}` };
  }
}
