// The door of doctor/: what other packages may use of it. What it is for: README.md.

export { makeEvents } from "./event_maker.ts";
export { examine } from "./examine.ts";
export type { Finding, Standing } from "./finding.ts";
