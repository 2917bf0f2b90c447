// The door of lsp/: what other packages may use of it. What it is for: README.md.

export { serveStdio } from "./stdio.ts";
