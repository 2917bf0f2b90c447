// Where a YAML tree does not fit the schema of rules files: what Falco's validation tells as schema warnings.
// In: a schema, a node. Out: a line for each misfit, in the form that Falco has them in: `failed for <root>[0][priority]: …`.
// Elsewhere: the schema (rules_schema.ts), what the loader says, which knows far more (check_rules.ts).
//
// As in Falco types are weak: a text that reads as a number or a truth value is one, and any scalar is a text. A word of the
// schema that is not known here is an error of ours.

import { booleanOf } from "../yaml/decode.ts";
import { describeNode, type YamlMap, type YamlNode } from "../yaml/nodes.ts";
import type { Schema } from "./key_schemas.ts";

export function schemaMisfits(root: Schema, document: YamlNode): string[] {
  return new Validator(root).misfits(root, document, "<root>");
}

class Validator {
  constructor(readonly root: Schema) {}

  misfits(schema: Schema, node: YamlNode, at: string): string[] {
    return Object.entries(schema).flatMap(([word, wanted]) => this.#word(schema, word, wanted, node, at));
  }

  #word(schema: Schema, word: string, wanted: unknown, node: YamlNode, at: string): string[] {
    const wrong = (what: string) => [`failed for ${at}: ${what}`];
    switch (word) {
      case "$schema":
      case "title":
      case "description":
      case "definitions":
      case "examples":
      case "deprecated":
        return [];
      case "$ref":
        return this.misfits(this.#definition(String(wanted)), node, at);
      case "allOf":
        return (wanted as Schema[]).flatMap((part) => this.misfits(part, node, at));
      case "anyOf":
        return this.#anyOf(wanted as Schema[], node, at);
      case "type": {
        const types = [wanted].flat() as string[];
        if (types.some((type) => isOfType(node, type))) return [];
        return wrong(`${describeNode(node)} where the schema wants ${types.join(" or ")}`);
      }
      case "enum":
        if (node.kind === "scalar" && (wanted as string[]).includes(node.value)) return [];
        return node.kind === "scalar" ? wrong("the value is none of those that the schema has") : [];
      case "minimum":
        return node.kind === "scalar" && Number(node.value) < Number(wanted)
          ? wrong(`the value is less than ${wanted}`)
          : [];
      case "items":
        if (node.kind !== "sequence") return [];
        return node.items.flatMap((item, index) => this.misfits(wanted as Schema, item, `${at}[${index}]`));
      case "properties":
        return node.kind !== "map" ? [] : this.#properties(wanted as Record<string, Schema>, node, at);
      case "required":
        return node.kind !== "map"
          ? []
          : (wanted as string[]).filter((key) => !node.entries.has(key)).flatMap((key) =>
            wrong(`no key '${key}'`)
          );
      case "additionalProperties": {
        const known = Object.keys(schema["properties"] as object);
        if (node.kind !== "map") return [];
        return [...node.entries.keys()].filter((key) => !known.includes(key)).flatMap((key) =>
          wrong(`the schema has no key '${key}'`)
        );
      }
      case "minProperties":
        return node.kind === "map" && node.entries.size < Number(wanted) ? wrong("it is empty") : [];
      default:
        throw new Error(`the schema has a word that nothing validates: ${word}`);
    }
  }

  #properties(schemas: Record<string, Schema>, node: YamlMap, at: string): string[] {
    return [...node.entries].flatMap(([key, { value }]) => {
      const schema = Object.hasOwn(schemas, key) ? schemas[key] : undefined;
      return schema === undefined ? [] : this.misfits(schema, value, `${at}[${key}]`);
    });
  }

  /** Of several kinds of items the one is meant whose first key is there. */
  #anyOf(options: readonly Schema[], node: YamlNode, at: string): string[] {
    const tried = options.map((option) => {
      const { required } = option["$ref"] === undefined ? option : this.#definition(String(option["$ref"]));
      const [first] = (required ?? []) as string[];
      const isMeant = node.kind === "map" && first !== undefined && node.entries.has(first);
      return { isMeant, misfits: this.misfits(option, node, at) };
    });
    if (tried.some(({ misfits }) => misfits.length === 0)) return [];
    const meant = tried.find(({ isMeant }) => isMeant);
    return meant?.misfits ??
      [`failed for ${at}: ${describeNode(node)} that fits none of the kinds that the schema has`];
  }

  #definition(reference: string): Schema {
    const name = reference.replace("#/definitions/", "");
    const found = (this.root["definitions"] as Record<string, Schema>)[name];
    if (found === undefined) throw new Error(`the schema has no definition ${name}`);
    return found;
  }
}

function isOfType(node: YamlNode, type: string): boolean {
  switch (type) {
    case "null":
      return node.kind === "null";
    case "array":
      return node.kind === "sequence";
    case "object":
      return node.kind === "map";
    case "string":
      return node.kind === "scalar";
    case "boolean":
      return node.kind === "scalar" && booleanOf(node.value) !== undefined;
    case "integer":
      return node.kind === "scalar" && /^[+-]?(\d+|0x[0-9a-f]+)$/i.test(node.value);
    case "number":
      return node.kind === "scalar" && node.value.trim() !== "" && Number.isFinite(Number(node.value));
    default:
      throw new Error(`the schema has a type that nothing validates: ${type}`);
  }
}
