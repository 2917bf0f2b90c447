// textDocument/foldingRange: items, their values of several lines, and blocks of comments.

import { type FoldingRange, FoldingRangeKind, type FoldingRangeParams } from "vscode-languageserver";
import { rulesDocument } from "../model/rules_document.ts";
import { positionOf } from "../text/positions.ts";
import type { Workspace } from "../workspace.ts";
import type { Span } from "../../rules/mod.ts";

export function folding(workspace: Workspace, { textDocument }: FoldingRangeParams): FoldingRange[] {
  const document = workspace.get(textDocument.uri);
  if (document === undefined) return [];
  const ranges = commentBlocks(document.source.text);
  if (document.kind !== "rules") return ranges;
  const add = (start: number, { source, end }: Span) => {
    const startLine = positionOf(source, start).line;
    const text = source.text.slice(0, end).trimEnd();
    const endLine = positionOf(source, text.length).line;
    if (endLine > startLine) ranges.push({ startLine, endLine });
  };
  for (const { map } of rulesDocument(document.source).items) {
    add(map.span.start, map.span);
    for (const { key, value } of map.entries.values()) {
      // what an alias stands for is elsewhere
      if (value.span.start >= key.span.start) add(key.span.start, value.span);
    }
  }
  return ranges;
}

function commentBlocks(text: string): FoldingRange[] {
  const ranges: FoldingRange[] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const startLine = at;
    while (/^\s*#/.test(lines[at] ?? "")) at++;
    if (at - startLine > 1) ranges.push({ startLine, endLine: at - 1, kind: FoldingRangeKind.Comment });
  }
  return ranges;
}
