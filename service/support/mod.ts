// The door of service/support/: what other packages may use of it. What it is for: README.md.

export { supportDocument } from "./support.ts";
