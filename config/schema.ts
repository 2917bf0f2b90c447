// The JSON schema of the configuration, for editors and for `falco --config-schema`.
// In: the table of keys. Out: a schema (draft-06, as Falco's), as a plain object.
// Elsewhere: what is said about a wrong value, which is more than a schema can (config/read.ts, config/checks.ts).

import type { Definition, Definitions } from "./definition.ts";
import { durationText } from "../base/mod.ts";
import { PLUGIN_CONFIGS } from "./plugins/plugins.ts";
import { SETTINGS } from "./settings.ts";

export type Schema = { readonly [key: string]: unknown };

const DURATION = "^\\s*(0|" + [..."ywdhms", "ms"].map((unit) => `(\\d+\\s*${unit}\\s*)?`).join("") + ")$";

const DRAFT = "http://json-schema.org/draft-06/schema#";

export function configSchema(): Schema {
  return {
    $schema: DRAFT,
    $ref: "#/definitions/FalcoConfig",
    definitions: {
      FalcoConfig: { title: "FalcoConfig", ...sectionSchema(Object.entries(SETTINGS)) },
    },
  };
}

/** Of `init_config` of a plugin that is built in. */
export function pluginSchema(name: string): Schema {
  return { $schema: DRAFT, ...schemaOf(PLUGIN_CONFIGS[name]!) };
}

/** Keys with dots become objects within objects. */
function sectionSchema(settings: readonly (readonly [key: string, Definition])[]): Schema {
  const groups = Map.groupBy(settings, ([key]) => key.split(".")[0]!);
  const properties = [...groups].map(([name, group]) => {
    const inner = group.map(([key, definition]) => [key.slice(name.length + 1), definition] as const);
    const [[rest, definition]] = inner as [readonly [string, Definition]];
    return [name, rest === "" ? schemaOf(definition) : sectionSchema(inner)];
  });
  return { type: "object", additionalProperties: false, properties: Object.fromEntries(properties) };
}

function schemaOf(definition: Definition): Schema {
  const { help: description, default: value } = definition;
  const said = { description, ...value === undefined ? {} : { default: writtenDefault(definition) } };
  switch (definition.type) {
    case "bool":
      return { type: "boolean", ...said };
    case "int":
    case "number": {
      const { min: minimum, max: maximum } = definition;
      return { type: definition.type === "int" ? "integer" : "number", minimum, maximum, ...said };
    }
    case "duration":
      return { type: "string", pattern: DURATION, ...said };
    case "choice":
      return {
        type: "string",
        enum: [...definition.choices, ...definition.also ?? [], ...Object.keys(definition.instead ?? {})],
        ...said,
      };
    case "text":
      return { type: "string", ...said };
    case "texts": {
      const item = {
        type: "string",
        ...definition.choices === undefined ? {} : { enum: definition.choices },
      };
      return { anyOf: [{ type: "array", items: item }, item], ...said };
    }
    case "map":
      return { type: "object", additionalProperties: { type: ["string", "number", "boolean"] }, ...said };
    case "any":
      return said;
    case "list":
      return { type: "array", items: schemaOf(definition.of), ...said };
    case "record": {
      const object = recordSchema(definition.keys);
      const short = definition.short === undefined ? undefined : definition.keys[definition.short];
      return short === undefined ? { ...object, ...said } : { anyOf: [schemaOf(short), object], ...said };
    }
    case "tagged": {
      const { tag, common, variants } = definition;
      const anyOf = Object.entries(variants).map(([name, { keys, help }]) => {
        const { properties, required, ...rest } = recordSchema({ ...common, ...keys });
        return {
          title: name,
          description: help,
          ...rest,
          required: [tag, ...(required as readonly string[] | undefined) ?? []],
          properties: { [tag]: { const: name }, ...(properties as Schema) },
        };
      });
      return { anyOf, ...said };
    }
  }
}

function recordSchema(keys: Definitions): Schema {
  const required = Object.entries(keys).filter(([, definition]) => definition.required).map(([key]) => key);
  return {
    type: "object",
    additionalProperties: false,
    ...required.length === 0 ? {} : { required },
    properties: Object.fromEntries(
      Object.entries(keys).map(([key, definition]) => [key, schemaOf(definition)]),
    ),
  };
}

/** The default as a file would say it. */
export function writtenDefault(definition: Definition): unknown {
  return definition.type === "duration" && definition.default !== undefined
    ? durationText(definition.default)
    : definition.default;
}
