// The keys of falco.yaml below a path, out of the schema that `falco --config-schema` prints.
// In: keys from the top down to a place. Out: keys with their words; the values that a key can have.

import { configSchema } from "../../config/mod.ts";

export type Schema = { readonly [key: string]: unknown };

let root: Schema | undefined;

/** All that a value at this path can be: entries of lists count as their list, alternatives are all there. */
export function schemasAt(path: readonly string[]): Schema[] {
  root ??= (configSchema()["definitions"] as Readonly<Record<string, Schema>>)["FalcoConfig"]!;
  let schemas = alternatives(root);
  for (const key of path) {
    schemas = schemas.flatMap((schema) => {
      const next = (schema["properties"] as Readonly<Record<string, Schema>> | undefined)?.[key];
      return next === undefined ? [] : alternatives(next);
    });
  }
  return schemas;
}

export function keysBelow(path: readonly string[]): Map<string, Schema> {
  const keys = new Map<string, Schema>();
  for (const schema of schemasAt(path)) {
    const properties = (schema["properties"] ?? {}) as Readonly<Record<string, Schema>>;
    for (const [key, value] of Object.entries(properties)) if (!keys.has(key)) keys.set(key, value);
  }
  return keys;
}

export function valuesAt(path: readonly string[]): string[] {
  return [
    ...new Set(
      schemasAt(path).flatMap((schema) => {
        if (Array.isArray(schema["enum"])) return schema["enum"].map(String);
        if (schema["const"] !== undefined) return [String(schema["const"])];
        return schema["type"] === "boolean" ? ["true", "false"] : [];
      }),
    ),
  ];
}

/** Markdown about the key at the end of a path. */
export function keyText(path: readonly string[]): string | undefined {
  const [first] = schemasAt(path);
  const key = path.at(-1);
  const own = key === undefined ? undefined : keysBelow(path.slice(0, -1)).get(key);
  const schema = own ?? first;
  if (schema === undefined) return undefined;
  const lines = [`**${path.join(".")}**`, ""];
  const description = schema["description"] ?? first?.["description"];
  if (typeof description === "string") lines.push(description, "");
  if (schema["default"] !== undefined) lines.push(`- default: \`${JSON.stringify(schema["default"])}\``);
  const values = valuesAt(path);
  if (values.length > 0) lines.push(`- values: ${values.map((value) => `\`${value}\``).join(" ")}`);
  if (schema["minimum"] !== undefined) lines.push(`- from ${schema["minimum"]} to ${schema["maximum"]}`);
  return lines.join("\n");
}

function alternatives(schema: Schema): Schema[] {
  const anyOf = schema["anyOf"];
  const own = Array.isArray(anyOf) ? (anyOf as Schema[]).flatMap(alternatives) : [schema];
  // the words are next to the alternatives, not in them
  const said = typeof schema["description"] === "string" ? { description: schema["description"] } : {};
  return own.flatMap((each) =>
    each["items"] === undefined ? [each] : [each, ...alternatives(each["items"] as Schema)]
  )
    .map((each) => ({ ...said, ...each }));
}
