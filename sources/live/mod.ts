// The door of sources/live/: what other packages may use of it. What it is for: README.md.

export {
  CAP_SYS_RESOURCE,
  CAPABILITIES,
  effectiveText,
  hasCapability,
  missingCapabilities,
} from "./capabilities.ts";
export { choosePrograms, writeSettings } from "./choose_programs.ts";
export { planRings, readCpus, type RingPlan } from "./cpus.ts";
export type { IoCalls } from "./interest.ts";
export { type LiveOptions, LiveSource } from "./live_source.ts";
export { chooseHooks, measureDepths, type PreemptionDepths, type ProbeHooks } from "./preemption.ts";
export type { FilterMode } from "./kernel_filter.ts";
export { BTF_PATH, MIN_KERNEL } from "./prerequisites.ts";
export { loadError, ringError } from "./probe_errors.ts";
export { openTracepoints } from "./tracepoints.ts";
