// Keys about rules: which are loaded, which are enabled, what is added to them.

import {
  bool,
  choice,
  type Json,
  list,
  map,
  priority,
  record,
  type RecordCheck,
  text,
  texts,
} from "../definition.ts";

/** Where Falco looks. */
export const DEFAULT_RULES_FILES = [
  "/etc/falco/falco_rules.yaml",
  "/etc/falco/falco_rules.local.yaml",
  "/etc/falco/rules.d",
];

const RULE_OR_TAG = record(
  { "rule": text(undefined, "name; * stands for anything"), "tag": text(undefined, "tag") },
  "which rules",
  ({ rule, tag }) => rule === undefined && tag === undefined ? "must have rule or tag" : undefined,
);

const eitherSwitch: RecordCheck = ({ enable, disable }) =>
  (enable === undefined) === (disable === undefined) ? "must have either enable or disable" : undefined;

const EXTRA_FIELD = {
  type: "any",
  help: 'a field, or a name of your own with a format: `{name: "%proc.name"}`',
  check: (value: Json) =>
    extraFieldName(value) === undefined ? "must be a field, or one key with a format" : undefined,
} as const;

function extraFieldName(value: Json): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const [[name, format] = [], ...more] = Object.entries(value);
  return more.length === 0 && typeof format !== "object" ? name : undefined;
}

function twice(fields: readonly Json[]): string | undefined {
  const names = fields.map(extraFieldName);
  const again = names.find((name, at) => names.indexOf(name) !== at);
  return again === undefined ? undefined : `must not name ${again} twice`;
}

function fieldNameReason(name: string): string | undefined {
  return /^[a-zA-Z0-9_]+(\.[a-zA-Z0-9_]+)*$/.test(name)
    ? undefined
    : "must be letters, digits and underscores";
}

export const RULES = {
  "rules_files": {
    ...texts(
      "rules files and folders, in this order; what does not exist is skipped. Without this key those of these that " +
        "exist, or else the bundled rules",
    ),
    absent: DEFAULT_RULES_FILES,
  },
  "rules": list(
    record({ "enable": RULE_OR_TAG, "disable": RULE_OR_TAG }, "a switch", eitherSwitch),
    "rules to enable or disable by name (* stands for anything) or by tag, in this order: " +
      "`- disable: {tag: network}`, `- enable: {rule: Shell*}`",
  ),
  "priority": priority("rules less severe than this are not loaded"),
  "rule_matching": choice(
    "first",
    ["first", "all"],
    "report the first rule that matches an event, or all of them",
  ),
  "append_output": list(
    record({
      "match": record({
        "source": text(undefined, "source of the rule"),
        "tags": texts("tags that the rule must have, all of them"),
        "rule": text(undefined, "name of the rule"),
      }, "which rules; without it, all"),
      "extra_output": text(undefined, "text that is added to the output"),
      "extra_fields": { ...list(EXTRA_FIELD, "fields that are added to output_fields"), check: twice },
      "suggested_output": bool(undefined, "add the container, the pod and the static fields to the output"),
    }, "an addition"),
    "what is added to the outputs of rules that `match` (source, tags, rule): `extra_output` to the text, " +
      "`extra_fields` to output_fields, and with `suggested_output` the container, the pod and the static fields",
  ),
  "static_fields": map("texts of your own as fields for rules: NAME is `static.NAME`", fieldNameReason),
};
