// The door of service/loading/: what other packages may use of it. What it is for: README.md.

export { type ArtifactTools, artifactTools } from "./artifact_settings.ts";
export { refuseBadRules } from "./artifact_rules.ts";
export { loadFilter } from "./load_filter.ts";
export { examineRules, loadRules, readRules } from "./load_rules.ts";
export { loadRun } from "./load_run.ts";
export { LoadingThread } from "./loading_thread.ts";
export { createRunLog, planRun, type RunFlags, runFlags, type RunOptions, type RunPlan } from "./plan_run.ts";
export { withPrintFlag } from "./print_flag.ts";
export { bundledBytes, rulesPaths } from "./rules_paths.ts";
export { readRulesFiles } from "./rules_sources.ts";
