// The door of hostbench/: what other packages may use of it. What it is for: README.md.

export { benchHost, type HostBench } from "./bench_host.ts";
export { benchText } from "./bench_text.ts";
export { makeCalls } from "./maker.ts";
