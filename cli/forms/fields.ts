// `falco --list[=source]`: the catalogue of fields as Falco prints it, as text, Markdown or JSON, or names alone (-N).
// In: source and form. Out: text with its last line end left out.
// Elsewhere: the fields (schema/), the listing for people (cli/list/list_fields.ts).

import { didYouMean, UsageError } from "../../base/mod.ts";
import { isOfSource, SOURCES } from "../../rules/mod.ts";
import { FIELD_CLASSES, type FieldClassDef, type FieldDef } from "../../schema/mod.ts";
import type { Format } from "./format.ts";
import { fieldTypeName } from "./type_names.ts";
import { wrapWords } from "./wrap.ts";
import { jsonText } from "../terminal/json_text.ts";

export interface FieldsRequest {
  /** all of them when empty */
  readonly source: string;
  readonly format: Format;
  readonly namesOnly: boolean;
  /** types in the text form */
  readonly verbose: boolean;
}

interface Listed extends FieldClassDef {
  readonly sources: readonly string[];
}

const LEFT = 30;
const WIDTH = 120;
const PLUGIN_CLASSES = ["container", "k8smeta", "k8saudit", "json"];

export function listFields({ source, format, namesOnly, verbose }: FieldsRequest): string {
  const known: readonly string[] = SOURCES;
  if (source !== "" && !known.includes(source)) {
    const hint = didYouMean(source, known) ?? `the sources are ${known.join(", ")}`;
    throw new UsageError([`--list ${source}: there is no event source of this name; ${hint}`]);
  }
  const classes = listedClasses(source === "" ? known : [source]);
  if (namesOnly) {
    const names = classes.flatMap(({ fields }) => fields.map((field) => field.name));
    return format === "json" ? jsonText({ fieldnames: names }) : names.join("\n");
  }
  switch (format) {
    case "json":
      return jsonText({ fieldclasses: classes.map(asJson) });
    case "markdown":
      return classes.map(asMarkdown).join("\n");
    case "text":
      return classes.map((listed) => asText(listed, verbose)).join("\n");
  }
}

function listedClasses(sources: readonly string[]): Listed[] {
  const classes: Listed[] = [];
  for (const whole of FIELD_CLASSES) {
    const fields = whole.fields.filter((field) =>
      !field.hidden && !field.deprecated && !field.printOnly &&
      sources.some((source) => isOfSource(field, source))
    );
    if (fields.length === 0) continue;
    const having = sources.filter((source) => fields.some((field) => isOfSource(field, source)));
    classes.push({ ...whole, fields, sources: [...having].sort() });
  }
  return classes;
}

function asText({ name, scope, summary, sources, fields }: Listed, verbose: boolean): string {
  const lines = [
    "-------------------------------",
    "Field Class:".padEnd(LEFT) + name + (scope === "" ? "" : ` (${scope})`),
    "Description:".padEnd(LEFT) + wrapWords(summary, LEFT, WIDTH),
    "Event Sources:".padEnd(LEFT) + sources.map((source) => `${source} `).join(""),
    "",
  ];
  for (const field of fields) {
    const tags = tagsOf(field);
    const words = [
      verbose ? `(Type: ${fieldTypeName(field)})` : "",
      tags.length === 0 ? "" : `(${tags.join(",")})`,
      field.summary,
    ];
    const left = field.name.length > LEFT ? `${field.name}\n${" ".repeat(LEFT)}` : field.name.padEnd(LEFT);
    lines.push(left + wrapWords(words.join(" "), LEFT, WIDTH));
  }
  return lines.join("\n") + "\n";
}

function tagsOf(field: FieldDef): string[] {
  const { arg, list, filterOnly, noRightSide, noTransform } = field;
  return [
    ...(arg === "optional" ? ["ARG_ALLOWED"] : []),
    ...argumentTypes(field).map((type) => `ARG_${type}`),
    ...(arg === "required" ? ["ARG_REQUIRED"] : []),
    ...(list ? ["EPF_IS_LIST"] : []),
    ...(noRightSide ? ["EPF_NO_RHS"] : []),
    ...(noTransform ? ["EPF_NO_TRANSFORMER"] : []),
    ...(filterOnly ? ["FILTER_ONLY"] : []),
  ];
}

/** Falco knows the kind of an argument for fields of plugins alone. */
function argumentTypes({ class: fieldClass, argKind }: FieldDef): string[] {
  const isPlugin = PLUGIN_CLASSES.includes(fieldClass.replace("_", ""));
  if (!isPlugin || argKind === undefined) return [];
  return [...(argKind.includes("index") ? ["INDEX"] : []), ...(argKind.includes("name") ? ["KEY"] : [])];
}

function asMarkdown({ name, summary, sources, fields }: Listed): string {
  const rows = fields.map((field) => {
    const type = fieldTypeName(field);
    return `\`${field.name}\` | ${field.list ? `LIST(${type})` : type} | ${field.summary}`;
  });
  const head = [
    `## Field Class: ${name}`,
    "",
    summary,
    "",
    `Event Sources: ${sources.map((source) => `${source} `).join("")}`,
  ];
  return [...head, "", "Name | Type | Description", ":----|:-----|:-----------", ...rows].join("\n") + "\n";
}

/** Keys in alphabetical order, as Falco's are. */
function asJson({ name, summary, sources, fields }: Listed) {
  return {
    desc: summary,
    event_sources: sources,
    fields: fields.map((field) => ({
      argument: field.arg === "none"
        ? null
        : { required: field.arg === "required", type: argumentTypes(field) },
      desc: field.summary,
      is_list: field.list,
      name: field.name,
      type: fieldTypeName(field),
    })),
    name,
  };
}
