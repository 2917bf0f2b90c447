// The language server: which requests there are, and what answers each of them.
// In: a connection. Out: answers, diagnostics. Nothing that a client sends ends the server: a request that cannot be answered gets
// an error or nothing.
// Elsewhere: the answers (requests/), what is open (workspace.ts), bytes (stdio.ts).

import {
  CodeActionKind,
  type Connection,
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  type InitializeParams,
  type InitializeResult,
  TextDocuments,
  TextDocumentSyncKind,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { messageOf, VERSION } from "../base/mod.ts";
import { codeActions } from "./requests/code_actions.ts";
import { completion } from "./requests/completion.ts";
import { definition } from "./requests/definition.ts";
import { diagnostics } from "./requests/diagnostics.ts";
import { folding } from "./requests/folding.ts";
import { formatting } from "./requests/formatting.ts";
import { hover } from "./requests/hover.ts";
import { inlayHints } from "./requests/inlay_hints.ts";
import { highlights, references } from "./requests/references.ts";
import { prepareRename, rename } from "./requests/rename.ts";
import { LEGEND, semanticTokens } from "./requests/semantic_tokens.ts";
import { documentSymbols, workspaceSymbols } from "./requests/symbols.ts";
import { MAX_DOCUMENT_CHARACTERS, pathOf, Workspace } from "./workspace.ts";

/** All rules are checked when nobody has typed for so long: until then answers come first. */
const QUIET_MS = 250;

export function serve(connection: Connection): void {
  const workspace = new Workspace();
  const texts = new TextDocuments(TextDocument);
  const publisher = new Publisher(connection, workspace);
  let watches = false;

  connection.onInitialize((params) => {
    watches = params.capabilities?.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    workspace.configure({
      roots: rootsOf(params),
      rulesFiles: rulesFilesOf(params.initializationOptions) ?? [],
    });
    return INITIALIZED;
  });
  connection.onInitialized(() => {
    if (!watches) return;
    const watchers = [{ globPattern: "**/*.{yaml,yml}" }];
    connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(() => {});
  });
  connection.onDidChangeConfiguration(({ settings }) => {
    // Emacs tells of empty settings right after the start: those of the start stay
    const rulesFiles = rulesFilesOf(settings?.falco ?? settings);
    if (rulesFiles === undefined) return;
    workspace.configure({ rulesFiles });
    publisher.soon();
  });
  connection.onDidChangeWatchedFiles(() => {
    workspace.forgetFiles();
    publisher.soon();
  });
  connection.onNotification(DidChangeWorkspaceFoldersNotification.type, ({ event }) => {
    const folders = (all: readonly { uri: string }[]) => all.map(({ uri }) => folderOf(uri));
    workspace.changeRoots(folders(event.added), folders(event.removed));
    publisher.soon();
  });
  texts.onDidChangeContent(({ document }) => {
    const { uri, version } = document;
    const text = document.getText();
    if (text.length > MAX_DOCUMENT_CHARACTERS) {
      connection.console.warn(`${uri} is too large and is not looked at`);
    }
    workspace.set(uri, text, version);
    publisher.soon();
  });
  texts.onDidClose(({ document: { uri } }) => {
    workspace.close(uri);
    publisher.soon();
  });

  connection.onCompletion((params) => completion(workspace, params));
  connection.onHover((params) => hover(workspace, params));
  connection.onDefinition((params) => definition(workspace, params));
  connection.onReferences((params) => references(workspace, params));
  connection.onDocumentHighlight((params) => highlights(workspace, params));
  connection.onPrepareRename((params) => prepareRename(workspace, params));
  connection.onRenameRequest((params) => rename(workspace, params));
  connection.onDocumentSymbol((params) => documentSymbols(workspace, params));
  connection.onWorkspaceSymbol((params) => workspaceSymbols(workspace, params));
  connection.onFoldingRanges((params) => folding(workspace, params));
  connection.onCodeAction((params) => codeActions(workspace, params));
  connection.onDocumentFormatting((params) => formatting(workspace, params));
  connection.languages.semanticTokens.on((params) => semanticTokens(workspace, params));
  connection.languages.inlayHint.on((params) => inlayHints(workspace, params));

  texts.listen(connection);
  connection.listen();
}

const INITIALIZED: InitializeResult = {
  serverInfo: { name: "falco", version: VERSION },
  capabilities: {
    textDocumentSync: TextDocumentSyncKind.Incremental,
    completionProvider: { triggerCharacters: [".", "%", "(", "[", ",", " ", "="] },
    hoverProvider: true,
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    renameProvider: { prepareProvider: true },
    documentSymbolProvider: true,
    workspaceSymbolProvider: true,
    foldingRangeProvider: true,
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.SourceFixAll] },
    documentFormattingProvider: true,
    semanticTokensProvider: { legend: LEGEND, full: true },
    inlayHintProvider: true,
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  },
};

/** Sends diagnostics after a pause, and empties files that have none any more. */
class Publisher {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shown = new Set<string>();

  constructor(readonly connection: Connection, readonly workspace: Workspace) {}

  soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#publish(), QUIET_MS);
  }

  #publish(): void {
    try {
      const found = diagnostics(this.workspace);
      for (const uri of this.#shown) if (!found.has(uri)) this.#send(uri, []);
      for (const [uri, all] of found) this.#send(uri, all);
      this.#shown = new Set(found.keys());
    } catch (error) {
      this.connection.console.error(`Cannot check the rules: ${messageOf(error)}`);
    }
  }

  #send(uri: string, all: Parameters<Connection["sendDiagnostics"]>[0]["diagnostics"]): void {
    const version = this.workspace.get(uri)?.version;
    void this.connection.sendDiagnostics({
      uri,
      diagnostics: all,
      ...(version === undefined ? {} : { version }),
    });
  }
}

function rootsOf({ workspaceFolders, ...params }: InitializeParams): string[] {
  // clients of old send one folder
  const rootUri = (params as { rootUri?: unknown }).rootUri;
  const folders = Array.isArray(workspaceFolders) ? workspaceFolders.map(({ uri }) => uri) : [rootUri];
  return folders.filter((uri) => typeof uri === "string").map(folderOf);
}

function folderOf(uri: string): string {
  return pathOf(uri).replace(/\/+$/, "") || "/";
}

/** Absent: nothing is said about them. */
function rulesFilesOf(options: unknown): string[] | undefined {
  const given = (options as { rulesFiles?: unknown } | null | undefined)?.rulesFiles;
  return Array.isArray(given) ? given.filter((file) => typeof file === "string") : undefined;
}
