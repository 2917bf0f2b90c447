// The door of sources/: what other packages may use of it. What it is for: README.md.

export { type BaseCalls, unknownCalls } from "./base_calls.ts";
export { BlockFeeder, IngestError } from "./ingest_blocks.ts";
export type { MatcherPort, RuleNeeds, Source } from "./matcher_port.ts";
export { Waker } from "./waker.ts";
