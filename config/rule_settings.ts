// The settings that change rules when they are loaded: `rules`, `append_output` and `static_fields`.
// With them the names of `sources`, which rules may be about.
// In: settings in the shape of falco.yaml. Out: what rules/check/environment.ts and rules/check_rules.ts take.
// Elsewhere: what becomes of them (rules/items/selection.ts, rules/output/append_output.ts, rules/check/static_fields.ts).

import { type AppendOutput, type RuleSelection, SOURCES } from "../rules/mod.ts";
import type { Settings } from "./settings.ts";

const isKnown = (source: string) => (SOURCES as readonly string[]).includes(source);

/** An entry of `append_output`, or what a flag says instead of one. */
export type AddedOutput = Settings["append_output"][number] & Pick<AppendOutput, "from">;

/** What rules are loaded with. */
export function ruleSettings(
  settings:
    & Pick<Settings, "rules" | "static_fields">
    & Partial<Pick<Settings, "sources">>
    & { readonly append_output: readonly AddedOutput[] },
) {
  const ruleSelection = settings.rules.map((item): RuleSelection => {
    const action = item.disable === undefined ? "enable" : "disable";
    return { action, ...item[action] };
  });
  const appendOutput = settings.append_output.map((item): AppendOutput => ({
    ...item.from === undefined ? {} : { from: item.from },
    ...item.match === undefined ? {} : { match: item.match },
    ...item.extra_output === undefined ? {} : { extraOutput: item.extra_output },
    ...item.suggested_output === undefined ? {} : { suggestedOutput: item.suggested_output },
    extraFields: (item.extra_fields ?? []).map((field) => {
      if (typeof field === "string") return field;
      const [[key, format] = ["", ""]] = Object.entries(field as Readonly<Record<string, unknown>>);
      return { key, format: String(format) };
    }),
  }));
  const sources = [...new Set((settings.sources ?? []).map(({ name }) => name))].filter((name) =>
    !isKnown(name)
  );
  return {
    ruleSelection,
    appendOutput,
    staticFields: settings.static_fields,
    ...(sources.length === 0 ? {} : { sources }),
  };
}
