// textDocument/completion.

import {
  type CompletionItem,
  CompletionItemTag,
  type CompletionList,
  type CompletionParams,
  InsertTextFormat,
  MarkupKind,
} from "vscode-languageserver";
import type { Suggestions } from "../completion/condition.ts";
import { rulesSuggestions } from "../completion/rules.ts";
import type { Suggestion } from "../completion/suggestion.ts";
import { itemAt, rulesDocument } from "../model/rules_document.ts";
import { settingsSuggestions } from "../settings/suggestions.ts";
import { cursorAt } from "../text/cursor.ts";
import { offsetAt, positionOf } from "../text/positions.ts";
import type { OpenDocument, Workspace } from "../workspace.ts";

/** Clients ask again when more is written; a list of thousands only makes them slow. */
const MAX_ITEMS = 1500;

export function completion(
  workspace: Workspace,
  { textDocument, position }: CompletionParams,
): CompletionList {
  const document = workspace.get(textDocument.uri);
  if (document === undefined) return { isIncomplete: false, items: [] };
  const offset = offsetAt(document.source, position);
  const { suggestions, replaced } = suggestionsAt(workspace, document, offset);
  const word = document.source.text.slice(offset - replaced, offset).toLowerCase();
  const fitting = suggestions.filter(({ label }) => isSubsequence(word, label.toLowerCase()));
  const range = {
    start: positionOf(document.source, offset - replaced),
    end: positionOf(document.source, offset),
  };
  return {
    isIncomplete: fitting.length > MAX_ITEMS,
    items: fitting.slice(0, MAX_ITEMS).map((suggestion) => itemOf(suggestion, range)),
  };
}

function suggestionsAt(workspace: Workspace, document: OpenDocument, offset: number): Suggestions {
  const { text } = document.source;
  if (isInComment(text, offset)) return { suggestions: [], replaced: 0 };
  const cursor = cursorAt(text, offset);
  if (document.kind === "settings") return settingsSuggestions(cursor);
  return rulesSuggestions(cursor, workspace.project(document), sourceAt(document, offset));
}

function sourceAt({ source }: OpenDocument, offset: number): string {
  const node = itemAt(rulesDocument(source), offset)?.map.entries.get("source")?.value;
  return node?.kind === "scalar" && node.value !== "" ? node.value : "syscall";
}

function isInComment(text: string, offset: number): boolean {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  return /^\s*#/.test(line);
}

function isSubsequence(word: string, label: string): boolean {
  let at = 0;
  for (const char of label) if (char === word[at]) at++;
  return at >= word.length;
}

function itemOf(
  suggestion: Suggestion,
  range: { start: CompletionRange; end: CompletionRange },
): CompletionItem {
  const { label, kind, detail, text, snippet, deprecated, rank = 0 } = suggestion;
  return {
    label,
    kind,
    sortText: String(rank).padStart(4, "0"),
    textEdit: { range, newText: snippet ?? label },
    ...(snippet === undefined ? {} : { insertTextFormat: InsertTextFormat.Snippet }),
    ...(detail === undefined ? {} : { detail }),
    ...(text === undefined || text === ""
      ? {}
      : { documentation: { kind: MarkupKind.Markdown, value: text } }),
    ...(deprecated === true ? { tags: [CompletionItemTag.Deprecated] } : {}),
  };
}

type CompletionRange = ReturnType<typeof positionOf>;
