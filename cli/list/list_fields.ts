// `falco list fields`: the catalogue of fields with type, meaning, argument, example and where each can be used.
// In: names or patterns. Out: text or JSON. Elsewhere: Falco's listing (cli/forms/fields.ts), words (field_words.ts).

import { hasNoExtractor, operatorsOf } from "../../rules/mod.ts";
import { FIELD_CLASSES, type FieldDef } from "../../schema/mod.ts";
import { argumentWords, eventWords, limitWords, typeWords, usageOf } from "./field_words.ts";
import type { ListRequest } from "./list_request.ts";
import { selectNamed } from "./name_pattern.ts";
import { type Cell, columns, heading, type Page, paragraph } from "../terminal/page.ts";
import { jsonText } from "../terminal/json_text.ts";

export function listFieldCatalogue({ patterns, json, page }: ListRequest): string {
  const all = FIELD_CLASSES.flatMap(({ fields }) => fields.filter((field) => !field.hidden));
  // without a name, those that have no value any more would only be in the way
  const usual = patterns.length === 0 ? all.filter((field) => !field.deprecated) : all;
  const { chosen, single } = selectNamed(usual, patterns, "field");
  if (json) return jsonText(chosen.map(asJson));
  if (single) return detail(page, chosen[0]!);
  const parts: string[] = [];
  for (const { name, scope, summary, fields } of FIELD_CLASSES) {
    const listed = fields.filter((field) => chosen.includes(field));
    if (listed.length === 0) continue;
    parts.push(heading(page, name, scope), paragraph(page, summary, 2), "");
    parts.push(columns(page, listed.map(row)), "");
  }
  return parts.join("\n").trimEnd();
}

function row(field: FieldDef): Cell[] {
  const limits = limitWords(field);
  const example = field.example === undefined ? "" : ` e.g. ${field.example}`;
  const text = field.summary + example + (limits.length === 0 ? "" : ` (${limits.join("; ")})`);
  return [{ text: usageOf(field), style: "name" }, { text: typeWords(field), style: "dim" }, { text }];
}

function detail(page: Page, field: FieldDef): string {
  const limits = limitWords(field);
  const rows: [string, string][] = [["type", typeWords(field)]];
  if (field.arg !== "none") rows.push(["argument", argumentWords(field)]);
  if (field.example !== undefined) rows.push(["example", field.example]);
  rows.push(["has a value on", eventWords(field)]);
  rows.push(["sources", field.sources.includes("*") ? "all" : field.sources.join(", ")]);
  const operators = field.printOnly ? "none" : operatorsOf(field.type, field.list).join(" ");
  rows.push(["operators", operators === "exists" ? "those of the parameter's type" : operators]);
  if (field.anyAncestor) rows.push(["without it", "a condition holds when it holds for any ancestor"]);
  if (field.either !== undefined) {
    rows.push(["stands for", `${field.either.join(" or ")}; with != for both`]);
  }
  if (limits.length > 0) rows.push(["limits", limits.join("; ")]);
  const cells = rows.map(([name, text]): Cell[] => [{ text: name, style: "dim" }, { text }]);
  return [heading(page, usageOf(field)), paragraph(page, field.summary, 2), "", columns(page, cells)].join(
    "\n",
  );
}

function asJson(field: FieldDef) {
  return {
    name: field.name,
    usage: usageOf(field),
    class: field.class,
    type: field.type,
    list: field.list,
    argument: field.arg === "none" ? null : { required: field.arg === "required", kind: field.argKind },
    summary: field.summary,
    example: field.example ?? null,
    sources: field.sources,
    events: field.eventTypes,
    in_conditions: field.printOnly !== true,
    in_outputs: field.filterOnly !== true,
    transformers: field.noTransform !== true,
    right_side: field.noRightSide !== true,
    operators: field.printOnly ? [] : operatorsOf(field.type, field.list),
    deprecated: field.deprecated === true,
    in_falco: field.own !== true,
    has_value: !field.deprecated && !hasNoExtractor(field),
  };
}
