// textDocument/inlayHint: after the name of a list, how many items it has.

import { type InlayHint, InlayHintKind, type InlayHintParams } from "vscode-languageserver";
import { resolvedItems } from "../knowledge/item_words.ts";
import { rulesDocument } from "../model/rules_document.ts";
import { nameSpan } from "../model/names.ts";
import { offsetAt, positionOf } from "../text/positions.ts";
import type { Workspace } from "../workspace.ts";

export function inlayHints(workspace: Workspace, { textDocument, range }: InlayHintParams): InlayHint[] {
  const document = workspace.get(textDocument.uri);
  if (document?.kind !== "rules") return [];
  const { source } = document;
  const project = workspace.project(document);
  const [from, to] = [offsetAt(source, range.start), offsetAt(source, range.end)];
  const sizes = new Map<string, number>();
  const hint = (name: string, end: number): InlayHint => {
    let size = sizes.get(name);
    if (size === undefined) sizes.set(name, size = resolvedItems(name, project).length);
    const label = `${size} item${size === 1 ? "" : "s"}`;
    return { position: positionOf(source, end), label, kind: InlayHintKind.Type, paddingLeft: true };
  };
  const { items, tokens } = rulesDocument(source);
  const isShown = (at: number) => at >= from && at <= to;
  const defined = items.filter(({ kind, name }) => kind === "list" && project.isList(name.value))
    .map((item) => hint(item.name.value, nameSpan(item).end));
  const used = tokens.filter(({ kind, text, of, span }) =>
    kind === "value" && of !== "output" && isShown(span.end) && project.isList(text)
  ).map(({ text, span }) => hint(text, span.end));
  return [...defined, ...used].filter(({ position }) => isShown(offsetAt(source, position)));
}
