// textDocument/prepareRename and textDocument/rename of macros, lists and rules, in all files of the project.
// A name that would mean something else afterwards, or nothing, is refused with a reason: words of the language, names that there are,
// words whose place a list's items would take, and what YAML reads as something else.

import {
  ErrorCodes,
  type PrepareRenameParams,
  type Range,
  type RenameParams,
  ResponseError,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver";
import { mentionsIn, nameAt, type NameUse } from "../model/names.ts";
import { makeSource, RESERVED, type Source, type Span } from "../../rules/mod.ts";
import { type ItemKind, rulesDocument } from "../model/rules_document.ts";
import type { Project } from "../model/project.ts";
import { offsetAt, rangeOf } from "../text/positions.ts";
import type { Workspace } from "../workspace.ts";
import { mentionsAt } from "./references.ts";

const NAMES: Readonly<Record<ItemKind, readonly [RegExp, string]>> = {
  macro: [/^[a-zA-Z][a-zA-Z0-9_]*$/, "the name of a macro is a letter, then letters, digits and underscores"],
  list: [
    /^[^()"'\s=,:#[\]{}]+$/,
    "the name of a list has no blanks, quotes, brackets, commas or equals signs",
  ],
  rule: [
    /^[^\s"'#:[\]{}&*!|>%@`,-][^"#:\n]*$/,
    "the name of a rule has to be a plain text without quotes, `#` and `:`",
  ],
};

export function prepareRename(
  workspace: Workspace,
  params: PrepareRenameParams,
): { range: Range; placeholder: string } | null {
  const found = namedAt(workspace, params);
  return found === undefined ? null : { range: rangeOf(found.named.span), placeholder: found.named.name };
}

export function rename(
  workspace: Workspace,
  params: RenameParams,
): WorkspaceEdit | ResponseError<void> | null {
  const found = namedAt(workspace, params);
  if (found === undefined) return null;
  const { named, project } = found;
  const refusal = whyNot(named, params.newName, project);
  if (refusal !== undefined) {
    return new ResponseError(ErrorCodes.InvalidParams, `Cannot rename ${named.name}: ${refusal}`);
  }
  const mentions = mentionsAt(workspace, params);
  for (const [source, spans] of Map.groupBy(mentions.map(({ span }) => span), ({ source }) => source)) {
    if (readsAs(named.kind, params.newName, source, spans)) continue;
    const reason = `it cannot be written in ${source.path} as it is`;
    return new ResponseError(ErrorCodes.InvalidParams, `Cannot rename ${named.name}: ${reason}`);
  }
  const changes: Record<string, TextEdit[]> = {};
  for (const { span } of mentions) {
    (changes[workspace.uriFor(span.source.path)] ??= []).push({
      range: rangeOf(span),
      newText: params.newName,
    });
  }
  return { changes };
}

/** Whether the file mentions the new name afterwards wherever it has mentioned the old one. */
function readsAs(kind: ItemKind, name: string, source: Source, spans: readonly Span[]): boolean {
  let text = "";
  let from = 0;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    text += source.text.slice(from, start) + name;
    from = end;
  }
  const after = makeSource(source.path, text + source.text.slice(from));
  return [...mentionsIn(rulesDocument(after), kind, name)].length >= spans.length;
}

function whyNot({ kind }: NameUse, newName: string, project: Project): string | undefined {
  const [pattern, words] = NAMES[kind];
  if (typeof newName !== "string" || newName.length > 500 || !pattern.test(newName)) return words;
  if (kind !== "rule" && RESERVED.has(newName)) return `\`${newName}\` is a word of the language`;
  if (project.definition(kind, newName) !== undefined) return `there is a ${kind} \`${newName}\``;
  if (kind === "macro" && project.isList(newName)) {
    return `there is a list \`${newName}\`, and its items would take the place of the macro`;
  }
  return kind === "list" && isWordIn(project, newName)
    ? `\`${newName}\` is in conditions or lists, and the items would take its place there`
    : undefined;
}

/** As lists are found: between blanks, parentheses, commas and equals signs, in quotes too. */
function isWordIn({ documents }: Project, word: string): boolean {
  return documents.some(({ tokens }) =>
    tokens.some(({ of, text }) => of !== "output" && text.split(/["' \t\r\n(),=]+/).includes(word))
  );
}

function namedAt(
  workspace: Workspace,
  { textDocument, position }: PrepareRenameParams,
): { named: NameUse; project: Project } | undefined {
  const document = workspace.get(textDocument.uri);
  if (document?.kind !== "rules") return undefined;
  const project = workspace.project(document);
  const offset = offsetAt(document.source, position);
  const named = nameAt(rulesDocument(document.source), offset, project.isList);
  return named === undefined || project.definition(named.kind, named.name) === undefined
    ? undefined
    : { named, project };
}
