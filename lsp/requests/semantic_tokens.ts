// textDocument/semanticTokens/full: the parts that words play in conditions, outputs and exceptions, in block scalars, too.

import {
  type SemanticTokens,
  SemanticTokensBuilder,
  type SemanticTokensLegend,
  type SemanticTokensParams,
} from "vscode-languageserver";
import type { PlacedToken } from "../model/rules_document.ts";
import { rulesDocument } from "../model/rules_document.ts";
import { positionOf } from "../text/positions.ts";
import type { Workspace } from "../workspace.ts";

const TYPES = [
  "property",
  "function",
  "macro",
  "operator",
  "keyword",
  "enumMember",
  "string",
  "number",
  "variable",
] as const;

export const LEGEND: SemanticTokensLegend = { tokenTypes: [...TYPES], tokenModifiers: [] };

export function semanticTokens(workspace: Workspace, { textDocument }: SemanticTokensParams): SemanticTokens {
  const builder = new SemanticTokensBuilder();
  const document = workspace.get(textDocument.uri);
  if (document?.kind !== "rules") return builder.build();
  const project = workspace.project(document);
  let after = 0;
  for (const token of rulesDocument(document.source).tokens) {
    const type = typeOf(token, project.isList);
    const { source, start, end } = token.span;
    // an alias shows the same place again; the protocol has no tokens within each other
    if (type === undefined || source !== document.source || start < after || end <= start) continue;
    after = end;
    addLines(builder, token, TYPES.indexOf(type));
  }
  return builder.build();
}

/** A token of several lines is one for each. */
function addLines(builder: SemanticTokensBuilder, { span }: PlacedToken, type: number): void {
  let at = span.start;
  for (const line of span.source.text.slice(span.start, span.end).split("\n")) {
    const indent = at === span.start ? 0 : line.search(/\S|$/);
    const { line: row, character } = positionOf(span.source, at + indent);
    if (line.length > indent) builder.push(row, character, line.length - indent, type, 0);
    at += line.length + 1;
  }
}

function typeOf(
  { kind, text, of }: PlacedToken,
  isList: (name: string) => boolean,
): typeof TYPES[number] | undefined {
  switch (kind) {
    case "field":
      return "property";
    case "transformer":
      return "function";
    case "macro":
      return "macro";
    case "operator":
      return "operator";
    case "modifier":
    case "logic":
      return "keyword";
    case "string":
      return "string";
    case "number":
      return "number";
    case "value":
      if (isList(text)) return "variable";
      return of === "items" || of === "exception" ? undefined : "enumMember";
    case "punctuation":
      return undefined;
  }
}
