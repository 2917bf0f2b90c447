// textDocument/formatting: the layout of `falco fmt`, as edits of the lines that differ.

import type { DocumentFormattingParams, TextEdit } from "vscode-languageserver";
import { structuredPatch } from "diff";
import { format } from "../../rules/mod.ts";
import { positionOf } from "../text/positions.ts";
import type { Workspace } from "../workspace.ts";

export function formatting(workspace: Workspace, { textDocument }: DocumentFormattingParams): TextEdit[] {
  const document = workspace.get(textDocument.uri);
  if (document === undefined) return [];
  const { source } = document;
  const made = format(source);
  if (!("text" in made) || made.text === source.text) return [];
  const patch = structuredPatch("", "", source.text, made.text, "", "", { context: 0, maxEditLength: 5000 });
  if (patch === undefined) {
    return [{
      range: { start: positionOf(source, 0), end: positionOf(source, source.text.length) },
      newText: made.text,
    }];
  }
  return patch.hunks.map(({ oldStart, oldLines, lines }) => {
    const line = oldStart - 1;
    const end = line + oldLines;
    const added = lines.filter((text) => text.startsWith("+")).map((text) => `${text.slice(1)}\n`).join("");
    return { range: { start: { line, character: 0 }, end: { line: end, character: 0 } }, newText: added };
  });
}
