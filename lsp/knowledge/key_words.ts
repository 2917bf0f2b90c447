// The keys of a rules file and what is said about them, out of the schema that `falco --rule-schema` prints.
// In: the kind of item, the keys down to a place. Out: keys with words and whether they are required; the values of a key.

import { rulesSchema } from "../../rules/mod.ts";

type Schema = { readonly [key: string]: unknown };

export interface KeyWords {
  readonly key: string;
  readonly description: string;
  readonly deprecated: boolean;
  readonly schema: Schema;
}

const ITEMS: Readonly<Record<string, string>> = {
  rule: "Rule",
  macro: "Macro",
  list: "List",
  required_engine_version: "EngineVersion",
  required_plugin_versions: "PluginVersions",
};

/** The keys by one of which an item is told. */
export const ITEM_KINDS: readonly string[] = Object.keys(ITEMS);

let root: Schema | undefined;

/** @param kind the key by which the item is told; undefined where there is none yet */
export function keysAt(kind: string | undefined, path: readonly string[]): KeyWords[] {
  root ??= rulesSchema();
  if (kind === undefined) {
    return ITEM_KINDS.flatMap((key) => keysAt(key, []).filter((words) => words.key === key));
  }
  let schema = definition(root, ITEMS[kind]!);
  for (const key of path) {
    const next = (schema["properties"] as Schema | undefined)?.[key];
    if (next === undefined) return [];
    schema = resolved(root, next as Schema);
    if (schema["items"] !== undefined) schema = resolved(root, schema["items"] as Schema);
  }
  return Object.entries((schema["properties"] ?? {}) as Schema).map(([key, value]) => {
    const { description, deprecated } = value as Schema;
    return {
      key,
      description: typeof description === "string" ? description : descriptionOf(root!, value as Schema),
      deprecated: deprecated === true,
      schema: resolved(root!, value as Schema),
    };
  });
}

/** The words that a value can be, where the schema lists them. */
export function wordsOf(schema: Schema): readonly string[] {
  const listed = schema["enum"] ?? schema["examples"];
  if (Array.isArray(listed)) return listed.map(String);
  return schema["type"] === "boolean" ? ["true", "false"] : [];
}

function definition(from: Schema, name: string): Schema {
  return (from["definitions"] as Readonly<Record<string, Schema>>)[name]!;
}

function resolved(from: Schema, schema: Schema): Schema {
  const reference = schema["$ref"] ?? (schema["allOf"] as readonly Schema[] | undefined)?.[0]?.["$ref"];
  return typeof reference === "string" ? definition(from, reference.slice("#/definitions/".length)) : schema;
}

function descriptionOf(from: Schema, schema: Schema): string {
  const text = resolved(from, schema)["description"];
  return typeof text === "string" ? text : "";
}
