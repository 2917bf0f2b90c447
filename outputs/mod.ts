// The door of outputs/: what other packages may use of it. What it is for: README.md.

export { alertHostname } from "./hostname.ts";
export { createNoiseControl, type NoiseControl } from "./noise_control/noise_control.ts";
export { type NoiseCounters, NoiseTally } from "./noise_control/noise_tally.ts";
export { unseenFields } from "./noise_control/unseen_fields.ts";
export { SinkSet } from "./sink_set.ts";
export type { SinkStats } from "./sink_stats.ts";
export type { SpoolStats } from "./spool.ts";
