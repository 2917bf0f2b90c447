// The JSON schema of a rules file, for editors and for `falco --rule-schema`.
// In: the key tables that the loader itself uses. Out: a schema (draft-06), as a plain object.
// Elsewhere: what the loader says about a file, which is far more than a schema can (check_rules.ts).
//
// The names of the definitions are Falco's. Unlike Falco's schema this one knows which keys belong to a list, a macro
// or a rule, so an editor offers only those.

import { MODIFIERS, OPERATORS } from "../syntax/ast.ts";
import { PRIORITIES } from "../../base/mod.ts";
import { SOURCES } from "../check/field_sources.ts";
import { LIST_KEYS, MACRO_KEYS } from "../items/items.ts";
import { RULE_KEYS } from "../items/rule_item.ts";
import { APPENDABLE, REPLACEABLE } from "../items/rule_keys.ts";
import { keySchema, type Schema } from "./key_schemas.ts";

export function rulesSchema(): Schema {
  return {
    $schema: "http://json-schema.org/draft-06/schema#",
    title: "Falco rules file",
    type: "array",
    items: { $ref: "#/definitions/FalcoRule" },
    definitions: {
      FalcoRule: {
        title: "FalcoRule",
        anyOf: [
          { type: "null" },
          ...["Rule", "Macro", "List", "EngineVersion", "PluginVersions"].map((name) => ({
            $ref: `#/definitions/${name}`,
          })),
        ],
      },
      Rule: object("Rule", RULE_KEYS, ["rule"], { override: { $ref: "#/definitions/Override" } }),
      Macro: object("Macro", MACRO_KEYS, ["macro", "condition"], { override: override(["condition"]) }),
      List: object("List", LIST_KEYS, ["list", "items"], { override: override(["items"]) }),
      EngineVersion: object("EngineVersion", ["required_engine_version"], ["required_engine_version"]),
      PluginVersions: object("PluginVersions", ["required_plugin_versions"], ["required_plugin_versions"]),
      Item: { title: "Item", type: ["string", "number", "boolean"] },
      Exception: object("Exception", ["name", "fields", "comps", "values"], ["name"]),
      Comparison: { title: "Comparison", type: "string", examples: comparisons() },
      Priority: { title: "Priority", type: "string", enum: priorityWords() },
      Source: { title: "Source", type: "string", examples: [...SOURCES] },
      Override: {
        title: "Override",
        type: "object",
        additionalProperties: false,
        minProperties: 1,
        properties: Object.fromEntries(REPLACEABLE.map((key) => [key, { enum: operations(key) }])),
      },
      RequiredPluginVersion: object(
        "RequiredPluginVersion",
        ["name", "version", "alternatives"],
        ["name", "version"],
      ),
      Alternative: object("Alternative", ["name", "version"], ["name", "version"]),
    },
  };
}

function object(
  title: string,
  keys: readonly string[],
  required: readonly string[],
  own: Schema = {},
): Schema {
  const properties = Object.fromEntries(keys.map((key) => [key, own[key] ?? keySchema(key)]));
  return { title, type: "object", additionalProperties: false, properties, required };
}

/** What a list or a macro can have under `override`. */
function override(keys: readonly string[]): Schema {
  return {
    type: "object",
    additionalProperties: false,
    minProperties: 1,
    properties: Object.fromEntries(keys.map((key) => [key, { enum: ["append", "replace"] }])),
  };
}

function operations(key: string): string[] {
  return APPENDABLE.includes(key) ? ["append", "replace"] : ["replace"];
}

/** Case does not matter to the loader; a schema has to spell out the usual ways to write. */
function priorityWords(): string[] {
  return [...PRIORITIES, "Info"].flatMap((word) => [word.toUpperCase(), word, word.toLowerCase()]);
}

function comparisons(): string[] {
  const operators = OPERATORS.filter((operator) => operator !== "exists");
  return [...operators, ...MODIFIERS.map((modifier) => `startswith ${modifier}`)];
}
