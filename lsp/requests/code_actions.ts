// textDocument/codeAction: the fixes of the diagnostics at a place, and comments that switch warnings off.
// Fixes are those of `falco check --fix`; the safe ones are offered first, and together for the whole file.

import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver";
import { applyFixes, type Diagnostic, type Fix, fixesOf, ignoreFix, type YamlMap } from "../../rules/mod.ts";
import type { Project } from "../model/project.ts";
import { type Item, itemAt, rulesDocument } from "../model/rules_document.ts";
import { offsetAt, positionOf, rangeOf } from "../text/positions.ts";
import type { OpenDocument, Workspace } from "../workspace.ts";
import { ofFinding } from "./diagnostics.ts";

export function codeActions(workspace: Workspace, { textDocument, range }: CodeActionParams): CodeAction[] {
  const document = workspace.get(textDocument.uri);
  if (document?.kind !== "rules") return [];
  const { source } = document;
  const [start, end] = [offsetAt(source, range.start), offsetAt(source, range.end)];
  const project = workspace.project(document);
  const all = project.findings.filter(({ span }) => span?.source === source);
  const here = all.filter(({ span }) => span!.start <= end && start <= span!.end);
  const actions: CodeAction[] = [];
  for (const diagnostic of here) {
    const item = itemAt(rulesDocument(source), diagnostic.span!.start);
    const fixes = [...fixesOf(diagnostic), ...overrideFix(diagnostic, item, project)];
    for (const fix of fixes) actions.push(actionOf(fix, diagnostic, workspace, document, fixes.length === 1));
    const ignore = item === undefined ? undefined : ignoreFix(diagnostic, item.map.span.start);
    if (ignore !== undefined) actions.push(actionOf(ignore, diagnostic, workspace, document, false));
  }
  const isSafe = (title: string) =>
    here.some((each) => fixesOf(each).some((fix) => fix.safe && fix.title === title));
  actions.sort((a, b) => Number(isSafe(b.title)) - Number(isSafe(a.title)));
  return [...withoutDoubles(actions), ...fixAll(document, all)];
}

/** Everything that can be fixed without a question. */
function fixAll({ source, uri }: OpenDocument, all: readonly Diagnostic[]): CodeAction[] {
  const safe = all.flatMap((diagnostic) => fixesOf(diagnostic).filter((fix) => fix.safe).slice(0, 1));
  if (safe.length === 0) return [];
  const { text, applied } = applyFixes(source, safe);
  const range = { start: positionOf(source, 0), end: positionOf(source, source.text.length) };
  return [{
    title: `Fix what is safe to fix in this file (${applied})`,
    kind: CodeActionKind.SourceFixAll,
    edit: { changes: { [uri]: [{ range, newText: text }] } },
  }];
}

function actionOf(
  fix: Fix,
  diagnostic: Diagnostic,
  { uriFor }: Workspace,
  document: OpenDocument,
  isPreferred: boolean,
): CodeAction {
  return {
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [ofFinding(diagnostic, uriFor)],
    ...(isPreferred ? { isPreferred } : {}),
    edit: editOf(fix, document, uriFor),
  };
}

function editOf({ edits }: Fix, { source, uri }: OpenDocument, uriFor: Workspace["uriFor"]): WorkspaceEdit {
  const changes: Record<string, TextEdit[]> = {};
  for (const { span, text } of edits) {
    const of = span.source === source ? uri : uriFor(span.source.path);
    (changes[of] ??= []).push({ range: rangeOf(span), newText: text });
  }
  return { changes };
}

/** An item that lacks keys, and whose name there is already, is meant to change that one. */
function overrideFix({ code }: Diagnostic, item: Item | undefined, project: Project): Fix[] {
  if (code !== "missing-key" || item === undefined || item.map.entries.has("override")) return [];
  const definition = project.definitions(item.kind).get(item.name.value);
  const isKnown = definition !== undefined &&
    (definition.item !== item || definition.redefines);
  if (!isKnown) return [];
  const appendable = ["condition", "output", "desc", "tags", "exceptions", "items"];
  const fix = (operation: "append" | "replace"): Fix => {
    const keys = overridden(item.map, item.kind).map((key) =>
      `${key}: ${operation === "append" && appendable.includes(key) ? "append" : "replace"}`
    );
    const text = `override: {${keys.join(", ")}}`;
    const { source, end } = item.name.span;
    const start = source.text.lastIndexOf("\n", item.map.span.start - 1) + 1;
    const indent = " ".repeat(item.map.span.start - start);
    const span = { source, start: end, end };
    return { title: `Add \`${text}\``, edits: [{ span, text: `\n${indent}${text}` }], safe: false };
  };
  return overridden(item.map, item.kind).length === 0 ? [] : [fix("append"), fix("replace")];
}

function overridden({ entries }: YamlMap, kind: string): string[] {
  return [...entries.keys()].filter((key) => key !== kind && key !== "source" && key !== "append");
}

function withoutDoubles(actions: readonly CodeAction[]): CodeAction[] {
  return [...new Map(actions.map((action) => [action.title + JSON.stringify(action.edit), action])).values()];
}
