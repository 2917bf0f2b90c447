// The door of service/logging/: what other packages may use of it. What it is for: README.md.

export type { Log } from "./log.ts";
export { stderrLines } from "./stderr_lines.ts";
