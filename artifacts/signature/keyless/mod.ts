// The door of keyless/, which is loaded only when a signature without a key is looked at: with it come readers of certificates.

export { certifiedName } from "./certified_name.ts";
export { readTrustedRoot } from "./trusted_root.ts";
