// textDocument/definition: where the macro, list or rule under the cursor is defined. From a change it leads to what is
// changed; where files define it again, to each of them, the last one first: it is what counts.

import type { DefinitionParams, Location } from "vscode-languageserver";
import { mentionsIn, nameAt } from "../model/names.ts";
import { rulesDocument } from "../model/rules_document.ts";
import { offsetAt, rangeOf } from "../text/positions.ts";
import type { Workspace } from "../workspace.ts";

export function definition(workspace: Workspace, { textDocument, position }: DefinitionParams): Location[] {
  const document = workspace.get(textDocument.uri);
  if (document?.kind !== "rules") return [];
  const project = workspace.project(document);
  const offset = offsetAt(document.source, position);
  const named = nameAt(rulesDocument(document.source), offset, project.isList);
  if (named === undefined) return [];
  return project.documents
    .flatMap((each) => [...mentionsIn(each, named.kind, named.name)])
    .filter(({ role }) => role === "definition")
    .map(({ span }) => ({ uri: workspace.uriFor(span.source.path), range: rangeOf(span) }))
    .reverse();
}
