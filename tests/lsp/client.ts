// A language client of the library that editors use, with `falco lsp` as its server.
// In: the command of the server. Out: a connection, and the diagnostics that it has been sent.

import {
  createProtocolConnection,
  type Diagnostic,
  type InitializeResult,
  type Position,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";
import { type ChildProcess, spawn } from "node:child_process";
import { pathToFileURL } from "node:url";
import { FALCO } from "../support/program.ts";

export class Client {
  readonly diagnostics = new Map<string, Diagnostic[]>();
  readonly #waiting: { uri: string; wake: () => void }[] = [];
  #version = 0;

  private constructor(
    readonly process: ChildProcess,
    readonly connection: ProtocolConnection,
    readonly initialized: InitializeResult,
  ) {
    connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
      this.diagnostics.set(uri, diagnostics);
      for (const waiter of this.#waiting.splice(0)) {
        if (waiter.uri === uri) waiter.wake();
        else this.#waiting.push(waiter);
      }
    });
  }

  static async start(folder: string, initializationOptions: unknown = {}, program?: string): Promise<Client> {
    const [command, ...args] = program === undefined ? FALCO : [program];
    const process = spawn(command!, [...args, "lsp"], { stdio: ["pipe", "pipe", "inherit"], cwd: folder });
    const connection = createProtocolConnection(
      new StreamMessageReader(process.stdout!),
      new StreamMessageWriter(process.stdin!),
    );
    connection.listen();
    const initialized = await connection.sendRequest<InitializeResult>("initialize", {
      processId: null,
      capabilities: {},
      rootUri: pathToFileURL(folder).href,
      workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "rules" }],
      initializationOptions,
    });
    const client = new Client(process, connection, initialized);
    await connection.sendNotification("initialized", {});
    return client;
  }

  async open(path: string, text = Deno.readTextFileSync(path)): Promise<string> {
    const uri = pathToFileURL(path).href;
    const textDocument = { uri, languageId: "yaml", version: ++this.#version, text };
    await this.connection.sendNotification("textDocument/didOpen", { textDocument });
    return uri;
  }

  async change(uri: string, text: string): Promise<void> {
    await this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version: ++this.#version },
      contentChanges: [{ text }],
    });
  }

  /** The next diagnostics of a file. */
  async nextDiagnostics(uri: string): Promise<Diagnostic[]> {
    await new Promise<void>((wake) => this.#waiting.push({ uri, wake }));
    return this.diagnostics.get(uri)!;
  }

  // deno-lint-ignore no-explicit-any
  request(method: string, params: unknown): Promise<any> {
    return this.connection.sendRequest(method, params);
  }

  async stop(): Promise<number | null> {
    const ended = new Promise<number | null>((done) => this.process.on("exit", done));
    await this.connection.sendRequest("shutdown");
    await this.connection.sendNotification("exit");
    const code = await ended;
    this.connection.dispose();
    return code;
  }
}

/** A text with `|` where the cursor is. */
export function atCursor(marked: string): { text: string; position: Position } {
  const at = marked.indexOf("|");
  const before = marked.slice(0, at).split("\n");
  return {
    text: marked.slice(0, at) + marked.slice(at + 1),
    position: { line: before.length - 1, character: before.at(-1)!.length },
  };
}
