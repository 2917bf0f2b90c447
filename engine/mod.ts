// The door of engine/: what other packages may use of it. What it is for: README.md.

export { BlockEngine } from "./block_engine.ts";
export { NO_LIMIT_MS } from "./control.ts";
export type { EngineCounters, LiveCounters } from "./counters.ts";
export { Engine } from "./engine.ts";
export type { EngineOptions } from "./engine_options.ts";
export { JsonEngine, MAX_EVENT_BYTES } from "./json_engine.ts";
export type { CaptureOptions, RecordedChunk } from "./messages.ts";
export { type EngineFace, NoEngine } from "./no_engine.ts";
export { provideLibbpf } from "./program_files.ts";
export type { RuleCost } from "./rule_costs.ts";
export type { SeenContainer } from "./seen_container.ts";
