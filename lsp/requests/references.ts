// textDocument/references and textDocument/documentHighlight: every mention of the name under the cursor.

import {
  type DocumentHighlight,
  DocumentHighlightKind,
  type Location,
  type ReferenceParams,
  type TextDocumentPositionParams,
} from "vscode-languageserver";
import { type Mention, mentionsIn, nameAt } from "../model/names.ts";
import { rulesDocument } from "../model/rules_document.ts";
import { offsetAt, rangeOf } from "../text/positions.ts";
import type { Workspace } from "../workspace.ts";

export function references(workspace: Workspace, params: ReferenceParams): Location[] {
  const { includeDeclaration } = params.context ?? { includeDeclaration: true };
  return mentionsAt(workspace, params)
    .filter(({ role }) => includeDeclaration || role !== "definition")
    .map(({ span }) => ({ uri: workspace.uriFor(span.source.path), range: rangeOf(span) }));
}

export function highlights(workspace: Workspace, params: TextDocumentPositionParams): DocumentHighlight[] {
  const document = workspace.get(params.textDocument.uri);
  return mentionsAt(workspace, params)
    .filter(({ span }) => span.source.path === document?.path)
    .map(({ span, role }) => ({
      range: rangeOf(span),
      kind: role === "use" ? DocumentHighlightKind.Read : DocumentHighlightKind.Write,
    }));
}

/** In all files of the project, each place once: what an anchor names belongs to several items. */
export function mentionsAt(
  workspace: Workspace,
  { textDocument, position }: TextDocumentPositionParams,
): Mention[] {
  const document = workspace.get(textDocument.uri);
  if (document?.kind !== "rules") return [];
  const project = workspace.project(document);
  const offset = offsetAt(document.source, position);
  const named = nameAt(rulesDocument(document.source), offset, project.isList);
  if (named === undefined) return [];
  const mentions = project.documents.flatMap((each) => [...mentionsIn(each, named.kind, named.name)]);
  const byPlace = new Map(mentions.map((each) => [`${each.span.source.path}\0${each.span.start}`, each]));
  return [...byPlace.values()];
}
