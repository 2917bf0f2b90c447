// What a hover says about a macro, a list or a rule: where it is, what it is made of, what that comes to.
// In: a kind, a name, the project. Out: Markdown, bounded: macros within macros can grow without end.
// Elsewhere: what the engine makes of them (rules/expand/); this is for reading.

import { whereIs, type YamlNode } from "../../rules/mod.ts";
import { conditionTokens } from "../model/condition_tokens.ts";
import { mentionsIn, nameSpan } from "../model/names.ts";
import type { Definition, Project } from "../model/project.ts";
import type { Item, ItemKind } from "../model/rules_document.ts";

const MAX_TEXT = 2000;
const MAX_ITEMS = 60;
const MAX_DEPTH = 20;
const MAX_STEPS = 100_000;

export function itemText(kind: ItemKind, name: string, project: Project): string | undefined {
  const definition = project.definition(kind, name);
  if (definition === undefined) return undefined;
  switch (kind) {
    case "macro":
      return macroText(name, definition, project);
    case "list":
      return listText(name, definition, project);
    case "rule":
      return ruleText(name, definition);
  }
}

function macroText(name: string, definition: Definition, project: Project): string {
  const written = conditionOf(definition);
  const expanded = expandedCondition(written, project);
  const lines = [head("macro", name, definition), "", code(written)];
  if (expanded !== oneLine(written)) lines.push("", "Expanded:", "", code(expanded));
  return [...lines, "", usesText("macro", name, project)].join("\n");
}

function listText(name: string, definition: Definition, project: Project): string {
  const items = resolvedItems(name, project);
  const shown = items.slice(0, MAX_ITEMS).join(", ");
  const more = items.length > MAX_ITEMS ? `, and ${items.length - MAX_ITEMS} more` : "";
  return [
    head("list", name, definition),
    "",
    `${count(items.length, "item")}:`,
    "",
    code(shown + more),
    "",
    usesText("list", name, project),
  ].join("\n");
}

function ruleText(name: string, definition: Definition): string {
  const { entries } = definition.item.map;
  const scalar = (key: string) => scalarOf(entries.get(key)?.value);
  const lines = [head("rule", name, definition)];
  for (const key of ["desc", "priority", "source", "enabled"]) {
    const value = scalar(key);
    if (value !== undefined) {
      lines.push("", key === "desc" ? oneLine(value) : `- ${key}: \`${oneLine(value)}\``);
    }
  }
  return lines.join("\n").slice(0, MAX_TEXT);
}

function head(kind: ItemKind, name: string, { item, changes }: Definition): string {
  const changed = changes.length === 0
    ? ""
    : `, changed ${changes.length === 1 ? "once" : `${changes.length} times`}`;
  return `${kind} **${name}** — ${whereIs(nameSpan(item))}${changed}`;
}

function usesText(kind: ItemKind, name: string, project: Project): string {
  let uses = 0;
  for (const document of project.documents) {
    for (const { role } of mentionsIn(document, kind, name)) if (role === "use") uses++;
  }
  return `Used ${uses === 1 ? "once" : `${uses} times`}.`;
}

/** With what appends add. */
function conditionOf({ item, changes }: Definition): string {
  let text = scalarOf(item.map.entries.get("condition")?.value) ?? "";
  for (const { item: change } of changes) {
    const added = scalarOf(change.map.entries.get("condition")?.value);
    if (added !== undefined) text = replaces(change, "condition") ? added : `${text} ${added}`;
  }
  return oneLine(text);
}

export function expandedCondition(text: string, project: Project, depth = 0): string {
  let made = "";
  let from = 0;
  for (const { kind, text: name, start, end } of conditionTokens(text).tokens) {
    const macro = kind === "macro" ? project.definition("macro", name) : undefined;
    if (macro === undefined) continue;
    made += text.slice(from, start);
    made += depth < MAX_DEPTH && made.length < MAX_TEXT
      ? `(${expandedCondition(conditionOf(macro), project, depth + 1)})`
      : "(…)";
    from = end;
    if (made.length > MAX_TEXT) return `${oneLine(made).slice(0, MAX_TEXT)}…`;
  }
  return oneLine(made + text.slice(from));
}

/** Names of other lists give way to their items. */
export function resolvedItems(name: string, project: Project): string[] {
  const found: string[] = [];
  const open = new Set<string>();
  // lists of nothing but lists double with each level
  let steps = MAX_STEPS;
  const add = (list: string) => {
    const definition = project.definition("list", list);
    if (definition === undefined || open.has(list)) return;
    open.add(list);
    for (const item of itemsOf(definition)) {
      if (steps-- <= 0) return;
      if (project.isList(item) && !open.has(item)) add(item);
      else found.push(item);
    }
    open.delete(list);
  };
  add(name);
  return found;
}

function itemsOf({ item, changes }: Definition): string[] {
  let items = textsOf(item.map.entries.get("items")?.value);
  for (const { item: change } of changes) {
    const added = textsOf(change.map.entries.get("items")?.value);
    items = replaces(change, "items") ? added : [...items, ...added];
  }
  return items;
}

function replaces({ map }: Item, key: string): boolean {
  const override = map.entries.get("override")?.value;
  return override?.kind === "map" && scalarOf(override.entries.get(key)?.value) === "replace";
}

function textsOf(node: YamlNode | undefined): string[] {
  return node?.kind === "sequence"
    ? node.items.flatMap((item) => item.kind === "scalar" ? [item.value] : [])
    : [];
}

function scalarOf(node: YamlNode | undefined): string | undefined {
  return node?.kind === "scalar" ? node.value : undefined;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function code(text: string): string {
  const bounded = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return `\`\`\`\n${bounded.replaceAll("```", "'''")}\n\`\`\``;
}
