// textDocument/hover: what the word under the cursor means.

import { type Hover, type HoverParams, MarkupKind } from "vscode-languageserver";
import type { Span } from "../../rules/mod.ts";
import { fieldNamed, fieldText } from "../knowledge/field_words.ts";
import { ITEM_KINDS, keysAt } from "../knowledge/key_words.ts";
import { MODIFIER_WORDS, OPERATOR_WORDS, TRANSFORMER_WORDS } from "../knowledge/operator_words.ts";
import { itemText } from "../knowledge/item_words.ts";
import { nameAt } from "../model/names.ts";
import type { Project } from "../model/project.ts";
import { type PlacedToken, type RulesDocument, rulesDocument, tokenAt } from "../model/rules_document.ts";
import { keyText } from "../settings/settings_schema.ts";
import { cursorAt } from "../text/cursor.ts";
import { offsetAt, rangeOf } from "../text/positions.ts";
import type { Workspace } from "../workspace.ts";

interface Words {
  readonly text: string;
  readonly span: Span;
}

export function hover(workspace: Workspace, { textDocument, position }: HoverParams): Hover | null {
  const document = workspace.get(textDocument.uri);
  if (document === undefined) return null;
  const { source } = document;
  const offset = offsetAt(source, position);
  const rules = document.kind === "rules";
  const found = rules ? aboutRules(rulesDocument(source), workspace.project(document), offset) : undefined;
  const words = found ?? aboutKey(source, offset, document.kind);
  if (words === undefined) return null;
  return { contents: { kind: MarkupKind.Markdown, value: words.text }, range: rangeOf(words.span) };
}

function aboutRules(document: RulesDocument, project: Project, offset: number): Words | undefined {
  const named = nameAt(document, offset, project.isList);
  if (named !== undefined) {
    const text = itemText(named.kind, named.name, project);
    return text === undefined ? undefined : { text, span: named.span };
  }
  const token = tokenAt(document, offset);
  const text = token === undefined ? undefined : tokenText(token, project);
  return text === undefined ? undefined : { text, span: token!.span };
}

function tokenText({ kind, text }: PlacedToken, project: Project): string | undefined {
  const said = (words: Readonly<Record<string, string>>) =>
    Object.hasOwn(words, text) ? `**${text}** — ${words[text]}` : undefined;
  switch (kind) {
    case "field": {
      const field = fieldNamed(text, project.env.fields);
      return field === undefined ? undefined : fieldText(text, field);
    }
    case "operator":
      return said(OPERATOR_WORDS);
    case "modifier":
      return said(MODIFIER_WORDS);
    case "transformer":
      return text === "val" ? "**val(…)** — The value of another field." : said(TRANSFORMER_WORDS);
    default:
      return undefined;
  }
}

/** A key, in rules and in settings. */
function aboutKey(source: Span["source"], offset: number, kind: "rules" | "settings"): Words | undefined {
  const { text } = source;
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const line = text.slice(start, text.indexOf("\n", start) < 0 ? undefined : text.indexOf("\n", start));
  const match = /^((?:\s*-(?=\s))*\s*["']?)([\w-]+)["']?\s*:(?=\s|$)/.exec(line);
  if (match === null) return undefined;
  const from = start + match[1]!.length;
  const key = match[2]!;
  if (offset < from || offset > from + key.length) return undefined;
  const { path, itemKeys } = cursorAt(text, start + match[0].length);
  const above = path.at(-1) === key ? path.slice(0, -1) : path;
  const words = kind === "settings"
    ? keyText([...above, key])
    : ruleKeyText(ITEM_KINDS.find((each) => itemKeys.includes(each)), above, key);
  return words === undefined
    ? undefined
    : { text: words, span: { source, start: from, end: from + key.length } };
}

function ruleKeyText(kind: string | undefined, path: readonly string[], key: string): string | undefined {
  const words = keysAt(kind, path).find((each) => each.key === key);
  return words === undefined || words.description === "" ? undefined : `**${key}** — ${words.description}`;
}
