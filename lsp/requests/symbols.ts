// textDocument/documentSymbol and workspace/symbol: the rules, macros and lists of a file, and of all projects.

import {
  type DocumentSymbol,
  type DocumentSymbolParams,
  SymbolKind,
  type WorkspaceSymbol,
  type WorkspaceSymbolParams,
} from "vscode-languageserver";
import { nameSpan } from "../model/names.ts";
import { type Item, type ItemKind, rulesDocument } from "../model/rules_document.ts";
import { rangeOf } from "../text/positions.ts";
import type { Workspace } from "../workspace.ts";

const KINDS: Readonly<Record<ItemKind, SymbolKind>> = {
  rule: SymbolKind.Class,
  macro: SymbolKind.Function,
  list: SymbolKind.Array,
};
const MAX_SYMBOLS = 2000;

export function documentSymbols(
  workspace: Workspace,
  { textDocument }: DocumentSymbolParams,
): DocumentSymbol[] {
  const document = workspace.get(textDocument.uri);
  if (document?.kind !== "rules") return [];
  return rulesDocument(document.source).items.map((item) => {
    const selectionRange = rangeOf(nameSpan(item));
    const range = rangeOf(item.map.span);
    const holds = range.start.line <= selectionRange.start.line && range.end.line >= selectionRange.end.line;
    return {
      name: item.name.value || "(no name)",
      detail: detailOf(item),
      kind: KINDS[item.kind],
      range: holds ? range : selectionRange,
      selectionRange,
    };
  });
}

function detailOf(item: Item): string {
  const priority = item.map.entries.get("priority")?.value;
  const changed = item.changes ? " (changes an earlier one)" : "";
  return item.kind + (priority?.kind === "scalar" ? ` · ${priority.value}` : "") + changed;
}

export function workspaceSymbols(workspace: Workspace, { query }: WorkspaceSymbolParams): WorkspaceSymbol[] {
  const wanted = String(query ?? "").toLowerCase();
  const found: WorkspaceSymbol[] = [];
  const seen = new Set<string>();
  for (const project of workspace.projects()) {
    for (const { source, items } of project.documents) {
      if (seen.has(source.path)) continue;
      seen.add(source.path);
      for (const item of items) {
        if (!item.name.value.toLowerCase().includes(wanted)) continue;
        if (found.length >= MAX_SYMBOLS) return found;
        const location = { uri: workspace.uriFor(source.path), range: rangeOf(nameSpan(item)) };
        found.push({ name: item.name.value, kind: KINDS[item.kind], location });
      }
    }
  }
  return found;
}
