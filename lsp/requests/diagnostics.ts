// textDocument/publishDiagnostics: what `falco check` says about all files of a project, and about falco.yaml.
// In: the workspace. Out: diagnostics for each file, none for those that have none any more.
// Elsewhere: finding them (rules/, config/), when this is done (server.ts).

import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from "vscode-languageserver";
import { checkSettingsText } from "../../config/mod.ts";
import type { Diagnostic as Finding } from "../../rules/mod.ts";
import { rangeOf } from "../text/positions.ts";
import type { OpenDocument, Workspace } from "../workspace.ts";

const SOURCE = "falco";
/** Nobody reads more, and clients become slow. */
const MAX_PER_FILE = 500;
const START = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };

export function diagnostics(workspace: Workspace): Map<string, Diagnostic[]> {
  const byUri = new Map<string, Diagnostic[]>();
  const add = (uri: string, diagnostic: Diagnostic) => {
    const all = byUri.get(uri);
    if (all === undefined) byUri.set(uri, [diagnostic]);
    else if (all.length < MAX_PER_FILE) all.push(diagnostic);
  };
  const { uriFor } = workspace;
  for (const project of workspace.projects()) {
    for (const finding of project.findings) {
      const path = finding.span?.source.path ?? finding.path;
      if (path !== undefined && path !== "") add(uriFor(path), ofFinding(finding, uriFor));
    }
  }
  for (const document of workspace.documents) {
    if (document.kind === "settings") ofSettings(document).forEach((found) => add(document.uri, found));
    if (!byUri.has(document.uri)) byUri.set(document.uri, []);
  }
  return byUri;
}

const SEVERITIES = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
} as const;

export function ofFinding(finding: Finding, uriFor: (path: string) => string): Diagnostic {
  const { code, severity, span, message, notes, hint, labels } = finding;
  const related = labels.map((label) => ({
    location: { uri: uriFor(label.span.source.path), range: rangeOf(label.span) },
    message: label.message,
  }));
  const tags = [
    ...(code === "unused-macro" || code === "unused-list" ? [DiagnosticTag.Unnecessary] : []),
    ...(code === "deprecated" ? [DiagnosticTag.Deprecated] : []),
  ];
  return {
    range: span === undefined ? START : rangeOf(span),
    severity: SEVERITIES[severity],
    code,
    source: SOURCE,
    message: [message, ...notes, ...(hint === undefined ? [] : [`hint: ${hint}`])].join("\n"),
    ...(related.length === 0 ? {} : { relatedInformation: related }),
    ...(tags.length === 0 ? {} : { tags }),
  };
}

function ofSettings({ source }: OpenDocument): Diagnostic[] {
  return checkSettingsText(source).map(({ span, message, severity }) => ({
    range: span === undefined ? START : rangeOf(span),
    severity: SEVERITIES[severity],
    source: SOURCE,
    message,
  }));
}
