// The server over standard input and output.
// In: the process's streams. Out: the server, until the client says `exit` or closes its end. What is no message of the
// protocol, or a longer one than any client sends, ends it with a word on standard error: what comes after such bytes cannot be told apart.
// Elsewhere: messages (the library), answers (server.ts).

import { stdin, stdout } from "node:process";
import { Transform, type TransformCallback } from "node:stream";
import { Buffer } from "node:buffer";
import {
  createConnection,
  LSPErrorCodes,
  Message,
  type ResponseMessage,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { serve } from "./server.ts";

const MAX_HEADER_BYTES = 4096;
const MAX_MESSAGE_BYTES = 64 << 20;
const END_OF_HEADER = "\r\n\r\n";

/** @returns never by itself: the library ends the process when the client is gone */
export function serveStdio(): Promise<never> {
  const framing = new Framing((problem) => {
    console.error(`falco lsp: ${problem}`);
    Deno.exit(1);
  });
  const connection = createConnection(
    new StreamMessageReader(stdin.pipe(framing)),
    new StreamMessageWriter(stdout),
    // what the client wants no more by the time that its turn comes is not worked out
    { connectionStrategy: { cancelUndispatched } },
  );
  stdin.on("end", () => Deno.exit(0));
  serve(connection);
  return new Promise(() => {});
}

function cancelUndispatched(message: Message): ResponseMessage | undefined {
  if (!Message.isRequest(message)) return undefined;
  const error = { code: LSPErrorCodes.RequestCancelled, message: "the request was cancelled" };
  return { jsonrpc: message.jsonrpc, id: message.id, error };
}

/** Lets messages pass as long as their headers are sound. */
export class Framing extends Transform {
  #header = "";
  #left = 0;

  constructor(readonly refuse: (problem: string) => void) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#left > 0) {
        const length = Math.min(this.#left, chunk.length - at);
        this.#left -= length;
        at += length;
        continue;
      }
      this.#header += String.fromCharCode(chunk[at++]!);
      if (this.#header.endsWith(END_OF_HEADER)) {
        const length = /^content-length: *(\d{1,10}) *\r$/im.exec(this.#header)?.[1];
        if (length === undefined) return this.refuse("a message without Content-Length");
        if (Number(length) > MAX_MESSAGE_BYTES) {
          return this.refuse(`a message of ${length} bytes is too long`);
        }
        this.#left = Number(length);
        this.#header = "";
      } else if (this.#header.length > MAX_HEADER_BYTES) return this.refuse("this is no language client");
    }
    done(null, chunk);
  }
}
