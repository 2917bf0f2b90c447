// textDocument/prepareRename and textDocument/rename of macros, lists and rules, in all files of the project.
// A name that the language does not take, or that something of the same kind has, is refused with a reason.

import {
  ErrorCodes,
  type PrepareRenameParams,
  type Range,
  type RenameParams,
  ResponseError,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver";
import { nameAt, type NameUse } from "../model/names.ts";
import { type ItemKind, rulesDocument } from "../model/rules_document.ts";
import type { Project } from "../model/project.ts";
import { offsetAt, rangeOf } from "../text/positions.ts";
import { uriOf, type Workspace } from "../workspace.ts";
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

/** Words of the language that a macro must not hide. */
const RESERVED = [
  "and",
  "or",
  "not",
  "exists",
  "in",
  "intersects",
  "pmatch",
  "contains",
  "startswith",
  "endswith",
];

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
  const changes: Record<string, TextEdit[]> = {};
  for (const { span } of mentionsAt(workspace, params)) {
    (changes[uriOf(span.source.path)] ??= []).push({ range: rangeOf(span), newText: params.newName });
  }
  return { changes };
}

function whyNot({ kind }: NameUse, newName: string, project: Project): string | undefined {
  const [pattern, words] = NAMES[kind];
  if (typeof newName !== "string" || newName.length > 500 || !pattern.test(newName)) return words;
  if (kind !== "rule" && RESERVED.includes(newName)) return `\`${newName}\` is a word of the language`;
  return project.definition(kind, newName) === undefined ? undefined : `there is a ${kind} \`${newName}\``;
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
