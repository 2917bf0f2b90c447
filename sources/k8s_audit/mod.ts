// The door of sources/k8s_audit/: what other packages may use of it. What it is for: README.md.

export { AUDIT_FINDERS } from "./audit_events.ts";
export { AUDIT_EXTRACTORS } from "./audit_fields.ts";
