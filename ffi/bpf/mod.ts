// The door of ffi/bpf/: what other packages may use of it. What it is for: README.md.

export {
  createRing,
  deleteKey64,
  lookupMap,
  mapFd,
  possibleCpus,
  updateKey64,
  updateMap,
  updateMap32,
} from "./bpf_map.ts";
export { BpfObject } from "./bpf_object.ts";
export { type ProgramInfo, programInfo } from "./bpf_program_info.ts";
export { loadBundledLibraries } from "./bundled_libraries.ts";
export { libbpf, LIBBPF_VARIABLE, libbpfVersion } from "./libbpf.ts";
export { withLibbpfLog } from "./libbpf_log.ts";
export { withPlainReads } from "./plain_reads.ts";
export { openTracepoint } from "./perf_event.ts";
export { RingMapper, type RingPages } from "./ring_pages.ts";
export { RingView } from "./ring_view.ts";
