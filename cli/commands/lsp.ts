// `falco lsp`: the language server for editors, over standard input and output.
// In: nothing but the streams. Out: answers, until the editor closes its end. Elsewhere: all of it (lsp/).

import { serveStdio } from "../../lsp/mod.ts";

export function lsp(): Promise<number> {
  return serveStdio();
}
