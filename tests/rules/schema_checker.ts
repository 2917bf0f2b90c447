// A JSON schema checker for the words that the rules schema uses; an unknown word is an error of the test.

import type { Schema } from "../../rules/schema/key_schemas.ts";

/** Where a value does not fit, as paths; empty when it does. */
export function misfits(schema: Schema, value: unknown, root: Schema, at = "$"): string[] {
  const found: string[] = [];
  for (const [word, wanted] of Object.entries(schema)) {
    switch (word) {
      case "$schema":
      case "title":
      case "description":
      case "definitions":
      case "examples":
      case "deprecated":
        break;
      case "$ref":
        found.push(...misfits(definition(root, String(wanted)), value, root, at));
        break;
      case "type":
        if (
          ![wanted].flat().includes(typeOf(value)) &&
          !([wanted].flat().includes("number") && typeOf(value) === "integer")
        ) {
          found.push(`${at}: ${typeOf(value)} instead of ${wanted}`);
        }
        break;
      case "enum":
        if (!(wanted as unknown[]).includes(value)) found.push(`${at}: ${value} is not one of the values`);
        break;
      case "anyOf":
        if (!(wanted as Schema[]).some((option) => misfits(option, value, root, at).length === 0)) {
          found.push(`${at}: fits none`);
        }
        break;
      case "allOf":
        for (const part of wanted as Schema[]) found.push(...misfits(part, value, root, at));
        break;
      case "items":
        if (Array.isArray(value)) {
          value.forEach((item, index) =>
            found.push(...misfits(wanted as Schema, item, root, `${at}[${index}]`))
          );
        }
        break;
      case "properties":
        if (isMap(value)) {
          for (const [key, part] of Object.entries(wanted as Record<string, Schema>)) {
            if (key in value) found.push(...misfits(part, value[key], root, `${at}.${key}`));
          }
        }
        break;
      case "required":
        if (isMap(value)) {
          for (const key of wanted as string[]) if (!(key in value)) found.push(`${at}: no ${key}`);
        }
        break;
      case "additionalProperties":
        if (isMap(value)) {
          for (const key of Object.keys(value)) {
            if (!(key in (schema["properties"] as object))) found.push(`${at}: unknown key ${key}`);
          }
        }
        break;
      case "minProperties":
        if (isMap(value) && Object.keys(value).length < Number(wanted)) found.push(`${at}: is empty`);
        break;
      case "minimum":
        if (typeof value === "number" && value < Number(wanted)) found.push(`${at}: below ${wanted}`);
        break;
      default:
        throw new Error(`the checker does not know the word ${word}`);
    }
  }
  return found;
}

function definition(root: Schema, reference: string): Schema {
  const name = reference.replace("#/definitions/", "");
  const found = (root["definitions"] as Record<string, Schema>)[name];
  if (found === undefined) throw new Error(`the schema has no definition ${name}`);
  return found;
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeOf(value) === "object";
}
