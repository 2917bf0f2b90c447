// docs/fields.md: every field, class by class.
// In: the catalogue. Out: Markdown.

import { eventWords, limitWords, typeWords, usageOf } from "../../cli/list/field_words.ts";
import { FIELD_CLASSES } from "../../schema/field_classes.ts";
import type { FieldDef } from "../../schema/types.ts";
import { code, prose, table } from "./markdown.ts";

const INTRODUCTION = `# Fields

What a condition or an output can name. This page is made of the tables that the engine uses
(\`scripts/docs.ts\` writes it); \`falco list fields\` prints the same, \`falco list fields NAME\` all about one field,
with its operators.

A field without a value makes its check false, whatever the operator; in an output it prints \`<NA>\`.
An argument is in brackets, or after a dot where the table shows it so.`;

export function fieldsPage(): string {
  const lines = [INTRODUCTION];
  for (const { name, scope, summary, fields } of FIELD_CLASSES) {
    const listed = fields.filter((field) => !field.hidden && !field.deprecated);
    if (listed.length === 0) continue;
    const title = scope === "" ? name : `${name} (${scope.toLowerCase()})`;
    lines.push("", `## ${title}`, "", prose(summary), "");
    lines.push(...table(["field", "type", "meaning", "example", "has a value on"], listed.map(row)));
  }
  const deprecated = FIELD_CLASSES.flatMap(({ fields }) => fields).filter((field) =>
    field.deprecated && !field.hidden
  );
  lines.push("", "## Deprecated", "", "Accepted in rules, with a warning; they have no value any more.", "");
  lines.push(deprecated.map(({ name }) => code(name)).join(", "), "");
  return lines.join("\n");
}

function row(field: FieldDef): string[] {
  const limits = limitWords(field);
  const meaning = field.summary + (limits.length === 0 ? "" : ` (${limits.join("; ")})`);
  return [
    code(usageOf(field)),
    typeWords(field),
    prose(meaning),
    code(field.example ?? ""),
    eventWords(field),
  ];
}
