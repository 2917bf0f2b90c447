// The settings that change rules when they are loaded: `rules`, `append_output` and `static_fields`.
// In: what a file or -o says. Out: values in the shape of falco.yaml, and what rules/load.ts takes.
// Elsewhere: what becomes of them (rules/items/selection.ts, rules/output/append_output.ts, rules/check/static_fields.ts).

import type { AppendOutput } from "../rules/output/append_output.ts";
import type { RuleSelection } from "../rules/items/selection.ts";
import { mapping, Misshapen, scalar, sequence } from "./shape.ts";

/** One entry of `rules`. */
export type RuleSwitch = Readonly<
  Partial<Record<"enable" | "disable", { readonly rule?: string; readonly tag?: string }>>
>;

/** One entry of `append_output`. */
export interface AppendSetting {
  readonly match?: { readonly source?: string; readonly tags?: readonly string[]; readonly rule?: string };
  readonly extra_output?: string;
  readonly extra_fields?: readonly (string | Readonly<Record<string, string>>)[];
  readonly suggested_output?: boolean;
}

export type StaticFields = Readonly<Record<string, string>>;

export function readRuleSwitches(written: unknown): readonly RuleSwitch[] {
  return sequence(written, "").map((entry) => {
    const item = mapping(entry, "each entry", ["enable", "disable"]);
    const action = item["disable"] !== undefined ? "disable" : "enable";
    if (item[action] === undefined || Object.keys(item).length > 1) {
      throw new Misshapen("each entry must have either enable or disable");
    }
    const { rule, tag } = mapping(item[action], action, ["rule", "tag"]);
    if (rule === undefined && tag === undefined) throw new Misshapen(`${action} must have rule or tag`);
    return {
      [action]: {
        ...rule === undefined ? {} : { rule: scalar(rule, "rule") },
        ...tag === undefined ? {} : { tag: scalar(tag, "tag") },
      },
    };
  });
}

export function readAppendOutput(written: unknown): readonly AppendSetting[] {
  return sequence(written, "").map((entry) => {
    const item = mapping(entry, "each entry", ["match", "extra_output", "extra_fields", "suggested_output"]);
    const { extra_output, extra_fields, suggested_output } = item;
    return {
      ...item["match"] === undefined ? {} : { match: readMatch(item["match"]) },
      ...extra_output === undefined ? {} : { extra_output: scalar(extra_output, "extra_output") },
      ...extra_fields === undefined ? {} : { extra_fields: readExtraFields(extra_fields) },
      ...suggested_output === undefined ? {} : { suggested_output: scalar(suggested_output, "") === "true" },
    };
  });
}

function readMatch(written: unknown): NonNullable<AppendSetting["match"]> {
  const { source, tags, rule } = mapping(written, "match", ["source", "tags", "rule"]);
  return {
    ...source === undefined ? {} : { source: scalar(source, "source") },
    ...tags === undefined ? {} : { tags: sequence(tags, "tags").map((tag) => scalar(tag, "a tag")) },
    ...rule === undefined ? {} : { rule: scalar(rule, "rule") },
  };
}

function readExtraFields(written: unknown): NonNullable<AppendSetting["extra_fields"]> {
  const keys = new Set<string>();
  return sequence(written, "extra_fields").map((entry) => {
    const isText = typeof entry !== "object" || entry === null;
    const [[key, format] = ["", ""], ...more] = isText
      ? [[scalar(entry, "a field"), ""]]
      : Object.entries(entry);
    if (more.length > 0 || key === "") {
      throw new Misshapen("each of extra_fields must be a field, or one key with a format");
    }
    if (keys.has(key)) throw new Misshapen(`extra_fields names ${key} twice`);
    keys.add(key);
    return isText ? key : { [key]: scalar(format, key) };
  });
}

export function readStaticFields(written: unknown): StaticFields {
  if (written === null || written === "") return {};
  if (typeof written !== "object" || Array.isArray(written)) throw new Misshapen("must be a mapping");
  return Object.fromEntries(
    Object.entries(written).map(([name, value]) => {
      if (!/^[a-zA-Z0-9_]+(\.[a-zA-Z0-9_]+)*$/.test(name)) {
        throw new Misshapen(`${name} must be a name of letters, digits and underscores`);
      }
      return [name, scalar(value, name)];
    }),
  );
}

/** What rules/load.ts takes of the settings. */
export function ruleSettings(settings: {
  readonly rules: readonly RuleSwitch[];
  readonly append_output: readonly AppendSetting[];
  readonly static_fields: StaticFields;
}) {
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
      const [[key, format] = ["", ""]] = Object.entries(field);
      return { key, format };
    }),
  }));
  return { ruleSelection, appendOutput, staticFields: settings.static_fields };
}
