// The door of artifacts/: what other packages may use of it. What it is for: README.md.

export { Catalog } from "./catalog/catalog.ts";
export type { IndexEntry, IndexSource } from "./catalog/index_file.ts";
export { ArtifactError } from "./failure.ts";
export { fetchArtifact } from "./install/fetch_artifact.ts";
export { Follower } from "./install/follower.ts";
export { Installer, type Outcome } from "./install/installer.ts";
export { type Origin, Origins } from "./install/origin.ts";
export { type Schedule, scheduleOf } from "./install/schedule.ts";
export { type Installed, rulesFolder, Store } from "./install/store.ts";
export { type Artifact, describe } from "./package/manifest.ts";
export { ARTIFACT_TYPES, type ArtifactType } from "./package/media_types.ts";
export { unmetRequirements } from "./package/requirements.ts";
export type { PackedFile } from "./package/unpack.ts";
export { referenceText } from "./reference.ts";
export {
  credentialFiles,
  credentialsFrom,
  credentialsIn,
  type FindCredentials,
} from "./registry/credentials.ts";
export type { RegistrySettings } from "./registry/registry.ts";
export { publicKey } from "./signature/keys.ts";
export { NO_SIGNER, signersOf, type SignerText } from "./signature/signers.ts";
export { Trust, type TrustRule } from "./signature/trust.ts";
