// What may be written at a place of a rules file.
// In: the cursor, its item. Out: suggestions, and how much of the text they take the place of.
// Elsewhere: conditions and outputs (condition.ts), falco.yaml (settings/).

import { PRIORITIES } from "../../base/mod.ts";
import { MODIFIERS, OPERATORS, SOURCES } from "../../rules/mod.ts";
import { ITEM_KINDS, keysAt, wordsOf } from "../knowledge/key_words.ts";
import { OPERATOR_WORDS } from "../knowledge/operator_words.ts";
import type { ItemKind } from "../model/rules_document.ts";
import type { Project } from "../model/project.ts";
import type { Cursor } from "../text/cursor.ts";
import {
  conditionSuggestions,
  fieldSuggestions,
  lists,
  outputSuggestions,
  type Suggestions,
} from "./condition.ts";
import { KIND, type Suggestion } from "./suggestion.ts";

export function rulesSuggestions(cursor: Cursor, project: Project, source: string): Suggestions {
  const kind = ITEM_KINDS.find((key) => cursor.itemKeys.includes(key));
  const place = { project, source };
  if (cursor.where === "key") {
    return { suggestions: keys(cursor, kind), replaced: wordBefore(cursor.written) };
  }
  const [first, second] = cursor.path;
  switch (first) {
    case "condition":
      return conditionSuggestions(scalarText(cursor.written), place);
    case "output":
      return outputSuggestions(cursor.written, place);
  }
  const replaced = /[^\s,\[({"']*$/.exec(cursor.written)![0].length;
  return { suggestions: values(first, second, kind, project, source), replaced };
}

function values(
  first: string | undefined,
  second: string | undefined,
  kind: string | undefined,
  project: Project,
  source: string,
): Suggestion[] {
  switch (first) {
    case "rule":
    case "macro":
    case "list":
      return named(project, first);
    case "priority":
      return words(PRIORITIES);
    case "source":
      return words(SOURCES);
    case "tags":
      return words(tagsOf(project));
    case "items":
      return lists(project, (name) => name);
    case "exceptions":
      if (second === "fields") return fieldSuggestions({ project, source }, false);
      if (second === "values") return lists(project, (name) => name);
      if (second === "comps") return words([...OPERATORS.filter((word) => word !== "exists"), ...MODIFIERS]);
      return [];
    case "override":
      return second === undefined ? [] : words(overrideWords(kind, second));
    case undefined:
      return [];
    default: {
      const schema = keysAt(kind, []).find(({ key }) => key === first)?.schema;
      return schema === undefined ? [] : words(wordsOf(schema));
    }
  }
}

function overrideWords(kind: string | undefined, key: string): readonly string[] {
  const schema = keysAt(kind, ["override"]).find((words) => words.key === key)?.schema;
  return schema === undefined ? ["append", "replace"] : wordsOf(schema);
}

function keys({ path, itemKeys, inItem, inBraces }: Cursor, kind: string | undefined): Suggestion[] {
  const dash = inItem || path.length > 0 ? "" : "- ";
  const known = path.length === 0 ? itemKeys : [];
  return keysAt(kind, path).filter(({ key }) => !known.includes(key)).map((words, at) => ({
    label: words.key,
    kind: KIND.Property,
    text: words.description,
    deprecated: words.deprecated,
    snippet: inBraces
      ? snippetInBraces(words.key)
      : kind === undefined
      ? newItem(words.key, dash)
      : snippetOf(words.key),
    rank: at,
  }));
}

function snippetOf(key: string): string {
  switch (key) {
    case "condition":
    case "output":
      return `${key}: >\n  $0`;
    case "items":
    case "tags":
    case "fields":
    case "comps":
      return `${key}: [$0]`;
    case "override":
      return `override:\n  $0`;
    case "exceptions":
      return "exceptions:\n  - name: $1\n    fields: [$2]\n    values:\n      - [$0]";
    default:
      return `${key}: $0`;
  }
}

/** There every value is in one line; a comma ends one that has no quotes. */
function snippetInBraces(key: string): string {
  switch (key) {
    case "condition":
    case "output":
    case "desc":
      return `${key}: "$0"`;
    case "items":
    case "tags":
    case "fields":
    case "comps":
    case "values":
      return `${key}: [$0]`;
    default:
      return `${key}: $0`;
  }
}

function newItem(key: string, dash: string): string {
  switch (key) {
    case "rule":
      return `${dash}rule: $1\n  desc: $2\n  condition: >\n    $3\n  output: >\n    $4\n  priority: WARNING\n  tags: [$0]`;
    case "macro":
      return `${dash}macro: $1\n  condition: >\n    $0`;
    case "list":
      return `${dash}list: $1\n  items: [$0]`;
    default:
      return `${dash}${key}: $0`;
  }
}

function named(project: Project, kind: ItemKind): Suggestion[] {
  return [...project.definitions(kind).keys()].map((label) => ({
    label,
    kind: KIND.Reference,
    detail: kind,
  }));
}

function words(all: readonly string[]): Suggestion[] {
  return all.map((label, at) => {
    const text = OPERATOR_WORDS[label as keyof typeof OPERATOR_WORDS] as string | undefined;
    return { label, kind: KIND.EnumMember, rank: at, ...(text === undefined ? {} : { text }) };
  });
}

/** Those that rules have, those of the most rules first. */
function tagsOf(project: Project): string[] {
  const counts = new Map<string, number>();
  for (const { items } of project.documents) {
    for (const { map } of items) {
      const tags = map.entries.get("tags")?.value;
      if (tags?.kind !== "sequence") continue;
      for (const tag of tags.items) {
        if (tag.kind === "scalar") counts.set(tag.value, (counts.get(tag.value) ?? 0) + 1);
      }
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([tag]) => tag);
}

/** Without the sign of a block or the quote that it begins with. */
function scalarText(written: string): string {
  return written.replace(/^\s*(?:[|>][-+\d]*|["'])?/, "");
}

function wordBefore(written: string): number {
  return /[\w-]*$/.exec(written)![0].length;
}
