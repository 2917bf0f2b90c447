// What each key of a rules file holds, as JSON schema with a sentence for the editor.
// In: a key. Out: its schema. Elsewhere: which item has which keys (the loader's tables), the whole (rules_schema.ts).

export type Schema = { readonly [key: string]: unknown };

const text = (description: string) => ({ type: "string", description });
const flag = (description: string) => ({ type: "boolean", description });
const ref = (name: string, description: string) => ({
  allOf: [{ $ref: `#/definitions/${name}` }],
  description,
});
const list = (name: string, description: string) => ({
  type: "array",
  items: { $ref: `#/definitions/${name}` },
  description,
});

const CONDITION = "When it holds: checks of fields, joined by and, or, not; macros by their names.";

const SCHEMAS: Readonly<Record<string, Schema>> = {
  rule: text("Name of the rule. A rule of the same name further down replaces or changes it."),
  macro: text("Name of the macro: a letter, then letters, digits and underscores."),
  list: text("Name of the list, by which conditions and other lists call it."),
  condition: text(CONDITION),
  output: text("Line of the alert; %field stands for the value of a field."),
  desc: text("What the rule finds and why that matters."),
  priority: ref("Priority", "How severe a match is."),
  source: ref("Source", "Event source that the rule is for; syscall when not given."),
  enabled: flag("Whether the rule runs; true when not given."),
  tags: list("Item", "Words by which rules can be selected."),
  warn_evttypes: flag("Whether to warn when the condition runs on nearly every event; true when not given."),
  "skip-if-unknown-filter": flag("Leave the rule out instead of failing when it names an unknown field."),
  capture: flag("Record events after a match; false when not given."),
  capture_duration: {
    type: "integer",
    minimum: 0,
    description: "How many milliseconds are recorded; 0 for the configured time.",
  },
  exceptions: list("Exception", "What the rule does not report."),
  items: list("Item", "Values of the list; the name of another list stands for its items."),
  append: { ...flag("Append to the item of the same name. Deprecated: use override."), deprecated: true },
  required_engine_version: {
    type: ["integer", "string"],
    description: "The least version of the rule language that the file needs.",
  },
  required_plugin_versions: list("RequiredPluginVersion", "Plugins that the file needs."),
  alternatives: list("Alternative", "Plugins that would do as well."),
  name: text("Name."),
  version: text("The least version, as three numbers: 0.4.0."),
  fields: { type: ["string", "array"], description: "Field or fields that are compared." },
  comps: {
    anyOf: [
      { $ref: "#/definitions/Comparison" },
      { type: "array", items: { $ref: "#/definitions/Comparison" } },
    ],
    description: "How each field is compared; = when not given, in for a single field.",
  },
  values: { type: "array", description: "Values, or tuples of values with one for each field." },
};

export function keySchema(key: string): Schema {
  const schema = SCHEMAS[key];
  if (schema === undefined) throw new Error(`the rules schema has nothing to say about the key "${key}"`);
  return schema;
}
