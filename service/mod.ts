// The door of service/: what other packages may use of it. What it is for: README.md.

export { eventSource } from "./run/event_source.ts";
export { droppedEvents } from "./health/counters_report.ts";
export { observe, type Observed, type ObserveOptions } from "./run/observe.ts";
export { runEvents } from "./run/run_events.ts";
export { runLive } from "./run/run_live.ts";
export { runRecord } from "./run/run_record.ts";
export { runReplay } from "./run/run_replay.ts";
