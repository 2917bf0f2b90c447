// The door of sources/replay/: what other packages may use of it. What it is for: README.md.

export { ReplaySource } from "./replay_source.ts";
