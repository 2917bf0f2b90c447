// How long the language server takes for an answer on upstream's rules, with all of them open in one project: after a key has been
// typed at the end of the largest file, and without. All diagnostics also after a key on which much depends.
// In: upstream's rules. Out: the fastest answer of each kind: a busy machine makes all others slower.

import { Workspace } from "../lsp/workspace.ts";
import { codeActions } from "../lsp/requests/code_actions.ts";
import { completion } from "../lsp/requests/completion.ts";
import { definition } from "../lsp/requests/definition.ts";
import { diagnostics } from "../lsp/requests/diagnostics.ts";
import { folding } from "../lsp/requests/folding.ts";
import { formatting } from "../lsp/requests/formatting.ts";
import { hover } from "../lsp/requests/hover.ts";
import { inlayHints } from "../lsp/requests/inlay_hints.ts";
import { references } from "../lsp/requests/references.ts";
import { rename } from "../lsp/requests/rename.ts";
import { semanticTokens } from "../lsp/requests/semantic_tokens.ts";
import { documentSymbols, workspaceSymbols } from "../lsp/requests/symbols.ts";
import { upstreamMissing, upstreamRules } from "../tests/support/upstream.ts";
import type { Bench, Figure } from "./figure.ts";

const FILES = ["falco_rules", "falco-incubating_rules", "falco-sandbox_rules"].map((name) => `${name}.yaml`);
const RUNS = 30;

function run(): Promise<readonly Figure[]> {
  const workspace = new Workspace();
  workspace.configure({ roots: [upstreamRules("").replace(/\/$/, "")], rulesFiles: FILES });
  const uri = `file://${upstreamRules(FILES[0]!)}`;
  const text = Deno.readTextFileSync(upstreamRules(FILES[0]!));
  workspace.set(uri, text, 1);
  const document = workspace.get(uri)!;
  workspace.project(document);
  const at = text.indexOf("shell_binaries", text.indexOf("- macro: shell_procs"));
  const before = text.slice(0, at).split("\n");
  const position = { line: before.length - 1, character: before.at(-1)!.length };
  const textDocument = { uri };
  const place = { textDocument, position };
  const range = { start: position, end: position };
  const whole = { start: { line: 0, character: 0 }, end: { line: 1e6, character: 0 } };
  const requests: Readonly<Record<string, () => unknown>> = {
    completion: () => completion(workspace, place),
    hover: () => hover(workspace, place),
    definition: () => definition(workspace, place),
    references: () => references(workspace, { ...place, context: { includeDeclaration: true } }),
    rename: () => rename(workspace, { ...place, newName: "some_shells" }),
    "document symbols": () => documentSymbols(workspace, { textDocument }),
    "workspace symbols": () => workspaceSymbols(workspace, { query: "shell" }),
    folding: () => folding(workspace, { textDocument }),
    "semantic tokens": () => semanticTokens(workspace, { textDocument }),
    "inlay hints": () => inlayHints(workspace, { textDocument, range: whole }),
    formatting: () => formatting(workspace, { textDocument, options: { tabSize: 2, insertSpaces: true } }),
    "code actions": () => codeActions(workspace, { textDocument, range, context: { diagnostics: [] } }),
    "all diagnostics": () => diagnostics(workspace),
  };
  const figure = (name: string, answer: () => unknown, typed: (i: number) => string): Figure => {
    const after: number[] = [];
    const quiet: number[] = [];
    for (let i = 0; i < RUNS; i++) {
      workspace.set(uri, typed(i), i);
      after.push(timeOf(answer));
      quiet.push(timeOf(answer));
    }
    return {
      name: `${name} (best of ${RUNS})`,
      value: Math.min(...after),
      unit: "ms",
      against: { name: "without one", value: Math.min(...quiet) },
    };
  };
  const all = Object.entries(requests).map(([name, answer]) =>
    figure(`${name}, after a key`, answer, (i) => `${text}# ${i}\n`)
  );
  const places = Object.entries(PLACES).map(([name, before]) =>
    figure(`all diagnostics, after a key in ${name}`, requests["all diagnostics"]!, (i) => {
      const end = text.indexOf(before) + before.length;
      return `${text.slice(0, end)}a${i}, ${text.slice(end)}`;
    })
  );
  return Promise.resolve([...all, ...places]);
}

/** What a text is typed after, which is a value then. */
const PLACES = {
  "a list of many rules": "- list: shell_binaries\n  items: [",
  "one rule": "and proc.pname in (",
  "a macro of nearly all rules": "- macro: spawned_process\n  condition: (evt.type in (",
};

function timeOf(action: () => unknown): number {
  const startMs = performance.now();
  action();
  return performance.now() - startMs;
}

export const EDITOR: Bench = { name: "editor", refusal: () => upstreamMissing, run };
