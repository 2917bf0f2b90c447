// The JSON schema of the Helm chart's values, which helm checks before it renders anything, and the list of settings that
// change nothing, which NOTES name.
// In: the table of values, the chart's own values, the schema of falco.yaml. Out: texts of files.
// Elsewhere: what would lose alerts, in sentences (deploy/helm/falco/templates/_table.tpl).

import { stringify } from "yaml";
import type { Definition } from "../../config/definition.ts";
import { DROPPED } from "../../config/dropped.ts";
import { configSchema, type Schema, writtenDefault } from "../../config/schema.ts";
import { SETTINGS } from "../../config/settings.ts";
import { isBelow, settingOf, type ValueRow, VALUES_TABLE } from "./values_table.ts";

/** A section: names → sections and values. */
interface Section {
  [name: string]: Section | Value;
}
class Value {
  constructor(readonly schema: Schema) {}
}

const ANYTHING = new Value({});

export function chartSchemaText(): string {
  const { harmless, former, open, values, undeclared } = VALUES_TABLE;
  const sections = [...Object.keys(harmless), ...Object.keys(former)];
  const root: Section = {};
  for (const name of [...sections, "global"]) add(root, name, ANYTHING);
  for (const row of [...values, ...undeclared]) {
    if (sections.some((section) => isBelow(row.name, section))) continue;
    if (!isBelow(row.name, "falco")) add(root, row.name, new Value(valueSchema(row)));
  }
  add(root, "falco", new Value(falcoSchema()));
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    description: "written by scripts/docs.ts from values_table.yaml and config/",
    ...sectionSchema(root, "", open),
    // a place for a user's own anchors
    patternProperties: { "^x-": {} },
  };
  return `${layOut(schema, "")}\n`;
}

const LINE_WIDTH = 120;

/** JSON with what fits into a line on one line. */
function layOut(value: unknown, indent: string): string {
  const line = JSON.stringify(value);
  if (indent.length + line.length <= LINE_WIDTH || typeof value !== "object" || value === null) return line;
  const inner = `${indent} `;
  const lines = Array.isArray(value)
    ? value.map((item) => inner + layOut(item, inner))
    : Object.entries(value).filter(([, item]) => item !== undefined)
      .map(([name, item]) => `${inner}${JSON.stringify(name)}: ${layOut(item, inner)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return `${open}\n${lines.join(",\n")}\n${indent}${close}`;
}

/** Settings that are read and change nothing, with Falco's defaults, and those that Falco has dropped. */
export function idleSettingsText(): string {
  const idle = Object.entries<Definition>(SETTINGS).filter(([, definition]) => definition.idle !== undefined)
    .map(([name, definition]) => ({ name, default: writtenDefault(definition), reason: definition.idle }));
  const dropped = Object.entries(DROPPED).map(([name, reason]) => ({ name, reason }));
  return `# written by scripts/docs.ts from config/\n${stringify([...idle, ...dropped], { lineWidth: 0 })}`;
}

function add(section: Section, dotted: string, value: Value): void {
  const names = dotted.split(".");
  const last = names.pop()!;
  let at = section;
  for (const name of names) at = (at[name] ??= {}) as Section;
  at[last] = value;
}

function sectionSchema(section: Section, prefix: string, open: readonly string[]): Schema {
  const properties = Object.entries(section).map(([name, inner]) => {
    const path = prefix + name;
    return [name, inner instanceof Value ? inner.schema : sectionSchema(inner, `${path}.`, open)];
  });
  const isOpen = open.some((name) => isBelow(prefix.slice(0, -1), name));
  return { type: "object", additionalProperties: isOpen, properties: Object.fromEntries(properties) };
}

function valueSchema(row: ValueRow): Schema {
  const setting = settingOf(row);
  // null takes a default away; Falco's values have some
  const type = [row.type ?? typeOf(row), "null"].flat();
  return setting?.type === "int" ? { type, minimum: setting.min, maximum: setting.max } : { type };
}

function typeOf({ name, default: value }: ValueRow): string | readonly string[] {
  // quantities may be written as numbers
  if (isBelow(name, "resources")) return ["string", "number"];
  if (Array.isArray(value)) return "array";
  return typeof value === "number" ? "integer" : typeof value;
}

/** What falco takes, which is more than the types say: words in quotes, variables of the environment, keys of old. */
function falcoSchema(): Schema {
  const { definitions } = configSchema() as { definitions: { FalcoConfig: Schema } };
  const { title: _, ...whole } = definitions.FalcoConfig;
  const schema = structuredClone(tolerant(whole)) as { properties: Record<string, Schema> };
  for (const name of [...Object.keys(DROPPED), "rules_file", "podHostname"]) allow(schema, name.split("."));
  return schema;
}

function allow(schema: { properties?: Record<string, Schema> }, [name, ...rest]: readonly string[]): void {
  const inner = schema.properties?.[name!];
  if (inner === undefined) schema.properties![name!] = {};
  else if (rest.length > 0) allow(inner as { properties?: Record<string, Schema> }, rest);
}

const VARIABLE = "\\$\\{";
const TRUTH = "^(?i:true|false|yes|no|on|off|y|n)$";

function tolerant(schema: Schema): Schema {
  const { description: _, default: __, ...rest } = schema;
  if (rest["anyOf"] !== undefined) {
    return { ...rest, anyOf: [...(rest["anyOf"] as Schema[]).map(tolerant), { type: "null" }] };
  }
  switch (rest["type"]) {
    case "object": {
      const { properties, ...others } = rest;
      if (properties === undefined) return { ...others, type: ["object", "null"] };
      const inner = Object.entries(properties as Readonly<Record<string, Schema>>)
        .map(([name, each]) => [name, tolerant(each)]);
      return { ...others, type: ["object", "null"], properties: Object.fromEntries(inner) };
    }
    case "array":
      return { ...rest, type: ["array", "null"], items: tolerant(rest["items"] as Schema) };
    case "boolean":
      return { type: ["boolean", "string", "null"], pattern: `${TRUTH}|${VARIABLE}` };
    case "integer":
      return { ...rest, type: ["integer", "string", "null"], pattern: `^[+-]?[0-9]+$|${VARIABLE}` };
    case "number":
      return {
        ...rest,
        type: ["number", "string", "null"],
        pattern: `^[+-]?[0-9.]+(e[+-]?[0-9]+)?$|${VARIABLE}`,
      };
    case "string":
      return tolerantText(rest);
    default:
      return rest;
  }
}

/** Words may be written in any case, and shortened to four letters. */
function tolerantText(schema: Schema): Schema {
  const type = ["string", "number", "boolean", "null"];
  const { enum: words, pattern } = schema as { enum?: readonly string[]; pattern?: string };
  if (pattern !== undefined) return { type, pattern: `${pattern}|${VARIABLE}` };
  if (words === undefined) return { type };
  const starts = words.filter((word) => word.length > 4).map((word) => word.slice(0, 4));
  return {
    type,
    pattern: `^(?i:${words.join("|")}${
      starts.length === 0 ? "" : `|(${starts.join("|")})[a-z]*`
    })$|${VARIABLE}`,
  };
}
