// What the matcher exports: nothing but lists of names. Compiled by scripts/compile/matcher.ts.

// the matcher's life: memory, rings, traces
export { init } from "./start";
export { allocate, free } from "./memory/heap";
export { ingest, inject, look_up } from "./ingest";
export { look_up_threads } from "./state/look_up";
export { state_listed } from "./state/update";
export { set_clock_shift } from "./event";
export { rules_changed, set_evaluating } from "./idle";
export { record_flush, record_matching, record_nothing, record_start } from "./record";
export { is_holding, read_container_users, unknown_container } from "./state/container_wait";
export { watch_containers } from "./state/container_watch";
export { pump, ring_add, rings_clear } from "./ring";

// what the generated rule code calls: field extractors, comparisons, the values of an alert
export * from "./fields_index";
