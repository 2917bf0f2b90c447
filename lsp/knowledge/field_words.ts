// What a hover or a completion says about a field.
// In: a field as written, the catalogue. Out: Markdown, a short remark, the forms in which it can be named.
// Elsewhere: the catalogue (schema/fields/, rules/check/), the long list (docs/fields.md).

import { fieldByName, type FieldDef, FIELDS } from "../../schema/mod.ts";
import { DOTTED, type FieldCatalogue, operatorsOf, TYPE_NAMES } from "../../rules/mod.ts";
import { valuesOf } from "./field_values.ts";

const COSTS: Readonly<Record<FieldDef["cost"], string>> = {
  1: "1 of 4: a constant or one load",
  2: "2 of 4: a short text",
  3: "3 of 4: a text that has to be built, or a walk through ancestors",
  4: "4 of 4: expensive; put cheaper checks before it",
};

const EVENTS_WITH: Readonly<Record<FieldDef["eventTypes"], string>> = {
  all: "every event",
  syscall: "events of a thread",
  fd: "events with a file descriptor",
  io: "reads and writes",
  open: "events that open a file",
  path: "events with a path",
  poll: "poll and ppoll",
  async: "events of container runtimes",
};

/** The field that a text names, with or without an argument. */
export function fieldNamed(text: string, fields: FieldCatalogue): FieldDef | undefined {
  const name = text.replace(/\[.*$/, "");
  const found = fieldByName(name) ?? fields.configured.get(name);
  if (found !== undefined) return found;
  const stem = DOTTED.find((candidate) => name.startsWith(`${candidate}.`));
  return stem === undefined ? undefined : fieldByName(stem);
}

export function fieldText(written: string, field: FieldDef): string {
  const lines = [
    `**${written}** — ${field.list ? "a list of values: " : ""}${TYPE_NAMES[field.type]}`,
    "",
    field.summary,
    "",
  ];
  const row = (name: string, value: string | undefined) => {
    if (value !== undefined && value !== "") lines.push(`- ${name}: ${value}`);
  };
  row("example", field.example === undefined ? undefined : `\`${field.example}\``);
  row("argument", argumentText(field));
  row("has a value on", EVENTS_WITH[field.eventTypes]);
  if (field.sources.length > 0 && !field.sources.includes("*")) row("event source", field.sources.join(", "));
  row("operators", operatorsOf(field.type, field.list).map((operator) => `\`${operator}\``).join(" "));
  row("values", knownValues(written));
  row("cost", COSTS[field.cost]);
  if (field.deprecated) row("deprecated", "it never has a value");
  if (field.filterOnly) row("use", "in conditions only");
  if (field.printOnly) row("use", "in outputs only");
  if (field.own) row("origin", "an addition of this program; Falco does not have it");
  return lines.join("\n");
}

function argumentText({ name, arg, argKind }: FieldDef): string | undefined {
  if (arg === "none") return undefined;
  const place = DOTTED.includes(name) ? `after a dot: \`${name}.…\`` : `in brackets: \`${name}[…]\``;
  return `${argKind ?? "text"}, ${arg}, ${place}`;
}

function knownValues(written: string): string | undefined {
  const values = valuesOf(written);
  if (values.length === 0) return undefined;
  const shown = values.slice(0, 12).map(({ value }) => `\`${value}\``).join(" ");
  return values.length > 12 ? `${shown} and ${values.length - 12} more` : shown;
}

/** Fields that may be suggested, of one event source. */
export function suggestedFields(fields: FieldCatalogue, source: string): readonly FieldDef[] {
  const names = new Set(fields.forSource(source).names());
  return [...FIELDS, ...fields.configured.values()].filter(({ name }) => names.has(name));
}
