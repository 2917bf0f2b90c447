// The door of operator/: what other packages may use of it. What it is for: README.md.

export { whileLeader } from "./api/lease.ts";
export type { ArtifactFile, FileDraft } from "./node/artifact_files.ts";
export { NodeAgent } from "./node/node_agent.ts";
export { type BadFile, type CheckedFiles, checkFiles } from "./node/file_check.ts";
export { ociRules } from "./node/oci_rules.ts";
export { customKindsText, operatorBundle } from "./bundle.ts";
export { INSTANCE_RULES, LEASE_RULES, OPERATOR_RULES, rulesText } from "./rbac.ts";
export { runOperator } from "./run_operator.ts";
