// The door of sigma/: what other packages may use of it. What it is for: README.md.

export { type Imported, importSigma, type SigmaFile } from "./import.ts";
export { MAX_SIGMA_BYTES } from "./sigma_rule.ts";
