// `falco list config`: every setting with its meaning and default, in the form of a falco.yaml to start from.
// In: names or patterns. Out: YAML with comments, or JSON. Elsewhere: the table of settings (config/keys/).

import {
  type Definition,
  type Definitions,
  expected,
  SECTIONS,
  SETTINGS,
  writtenDefault,
} from "../../config/mod.ts";
import type { ListRequest } from "./list_request.ts";
import { selectNamed } from "./name_pattern.ts";
import { wrap } from "../terminal/page.ts";
import { jsonText } from "../terminal/json_text.ts";

interface Setting {
  /** with dots between the levels */
  readonly name: string;
  readonly definition: Definition;
}

/** A file is read where it lies, not where it was printed. */
const COMMENT_WIDTH = 100;

export function listConfig({ patterns, json }: ListRequest): string {
  const all = Object.entries(SETTINGS).map(([name, definition]): Setting => ({ name, definition }));
  const { chosen } = selectNamed(all, patterns, "setting");
  if (json) {
    return jsonText(
      chosen.map(({ name, definition }) => ({ name, ...definition, default: writtenDefault(definition) })),
    );
  }
  const names = new Set(chosen.map(({ name }) => name));
  return Object.entries<Definitions>(SECTIONS).flatMap(([title, keys]) => {
    const settings = Object.entries(keys).filter(([name]) => names.has(name))
      .map(([name, definition]) => [name.split("."), definition] as const);
    if (settings.length === 0) return [];
    const rule = "#".repeat(title.length + 4);
    const head = patterns.length === 0 ? [`${rule}\n# ${title} #\n${rule}`] : [];
    return [...head, ...blocksOf(settings, "")];
  }).join("\n\n");
}

/** Settings with a common first word go under it. */
function blocksOf(
  settings: readonly (readonly [path: readonly string[], Definition])[],
  pad: string,
): string[] {
  return [...Map.groupBy(settings, ([[first]]) => first!)].map(([key, group]) => {
    const [[path, definition]] = group as [readonly [readonly string[], Definition]];
    if (path.length > 1) {
      const inner = group.map(([[, ...rest], of]): [string[], Definition] => [rest, of]);
      return `${pad}${key}:\n${blocksOf(inner, `${pad}  `).join("\n\n")}`;
    }
    const value = `${key}: ${valueText(definition.absent ?? writtenDefault(definition))}`;
    const lines = [
      ...wrap(commentOf(definition), COMMENT_WIDTH).map((line) => `# ${line}`),
      // the key's absence means something: it is there to be switched on
      definition.absent === undefined ? value : `# ${value}`,
      ...definition.type === "list" ? entryOf(definition.of).map((line) => `# ${line}`.trimEnd()) : [],
    ];
    return lines.map((line) => pad + line).join("\n");
  });
}

function commentOf(definition: Definition): string {
  const sentence = definition.help.charAt(0).toUpperCase() + definition.help.slice(1);
  const idle = definition.idle === undefined ? "" : ` Changes nothing: ${definition.idle}.`;
  switch (definition.type) {
    case "choice":
    case "int":
    case "number":
    case "duration":
      return `${sentence}. ${capital(expected(definition))}.${idle}`;
    default:
      return `${sentence}.${idle}`;
  }
}

/** What an entry of a list can hold, one key in a line. */
function entryOf(of: Definition): string[] {
  if (of.type === "tagged") {
    return Object.entries(of.variants).flatMap(([name, { help, keys }]) => [
      "",
      `- ${of.tag}: ${name}  # ${help}`,
      ...keyLines({ ...of.common, ...keys }, "  "),
    ]);
  }
  if (of.type !== "record") return [];
  const [first = "", ...rest] = keyLines(of.keys, "  ");
  return ["", `- ${first.slice(2)}`, ...rest];
}

function keyLines(keys: Definitions, pad: string): string[] {
  return Object.entries(keys).flatMap(([key, definition]) => {
    const { type, help, default: value } = definition;
    if (type === "record") return [`${pad}${key}:  # ${help}`, ...keyLines(definition.keys, `${pad}  `)];
    const shown = value === undefined ? placeholder(type) : valueText(writtenDefault(definition));
    return [`${pad}${key}: ${shown}  # ${definition.required ? "needed: " : ""}${help}`];
  });
}

function placeholder(type: Definition["type"]): string {
  return type === "texts" || type === "list" ? "[]" : type === "any" ? "{}" : "…";
}

/** JSON is YAML; plain words need no quotes. */
function valueText(value: unknown): string {
  if (Array.isArray(value) && value.length > 0) return `[${value.map(valueText).join(", ")}]`;
  return typeof value === "string" && /^\/?[a-z][a-z0-9_./-]*$/i.test(value) ? value : JSON.stringify(value);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
