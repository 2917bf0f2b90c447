// The settings that change rules when they are loaded: `rules`, `append_output` and `static_fields`.
// In: settings in the shape of falco.yaml. Out: what rules/load.ts takes.
// Elsewhere: what becomes of them (rules/items/selection.ts, rules/output/append_output.ts, rules/check/static_fields.ts).

import type { AppendOutput } from "../rules/output/append_output.ts";
import type { RuleSelection } from "../rules/items/selection.ts";
import type { Settings } from "./settings.ts";

/** What rules/load.ts takes of the settings. */
export function ruleSettings(settings: Pick<Settings, "rules" | "append_output" | "static_fields">) {
  const ruleSelection = settings.rules.map((item): RuleSelection => {
    const action = item.disable === undefined ? "enable" : "disable";
    return { action, ...item[action] };
  });
  const appendOutput = settings.append_output.map((item): AppendOutput => ({
    ...item.match === undefined ? {} : { match: item.match },
    ...item.extra_output === undefined ? {} : { extraOutput: item.extra_output },
    ...item.suggested_output === undefined ? {} : { suggestedOutput: item.suggested_output },
    extraFields: (item.extra_fields ?? []).map((field) => {
      if (typeof field === "string") return field;
      const [[key, format] = ["", ""]] = Object.entries(field as Readonly<Record<string, unknown>>);
      return { key, format: String(format) };
    }),
  }));
  return { ruleSelection, appendOutput, staticFields: settings.static_fields };
}
