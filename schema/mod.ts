// The door of schema/: what other packages may use of it. What it is for: README.md.

export { CAPABILITY_NAMES } from "./capabilities.ts";
export { containerInCgroupFile } from "./cgroup_container.ts";
export { ERRNO_NAMES } from "./errno.ts";
export {
  CURRENT_EVENTS,
  EVENT_CODE,
  EVENT_COUNT,
  EVENT_FLAGS,
  EVENT_SOURCES,
  eventCode,
  EVENTS,
  eventsNamed,
} from "./events.ts";
export { FIELD_CLASSES, type FieldClassDef } from "./field_classes.ts";
export { fieldByName, FIELDS } from "./fields.ts";
export { flagTable } from "./flags.ts";
export {
  CONTROL_WORDS,
  controlAt,
  HEAP_AT,
  MATCHER_COUNTERS,
  NO_RULE,
  PAGE_BYTES,
  PROBE_COUNTERS,
  PROBE_LIMITS,
  PROBE_SETTINGS,
  REGION,
  RING_WRAP_BYTES,
  settingAt,
  TYPE_COUNTS,
  WASM_PAGE_BYTES,
} from "./layout.ts";
export {
  CANARY_CALL,
  CANARY_PROGRAM,
  interestBytes,
  isOfFilter,
  PROBE_PROGRAMS,
  type ProbeHook,
  type ProbeProgram,
  programTable,
  withClosesAtEntry,
} from "./probe_programs.ts";
export { SIGNAL_NAMES } from "./signals.ts";
export { ownParam } from "./own_params.ts";
export { rawArgType } from "./raw_arg.ts";
export { isHighVolumeIo, isStateSyscall, syscallByName, SYSCALLS, syscallsOfEvent } from "./syscalls.ts";
export type {
  EventDef,
  FieldArgKind,
  FieldClass,
  FieldDef,
  FieldEvents,
  FieldType,
  ParamDef,
  ParamType,
  SyscallDef,
} from "./types.ts";
export {
  ALERT_HEADER,
  BLOCK,
  CONTAINER_TYPE,
  FD_TYPE,
  L4,
  LIMITS,
  NOT_A_RULE,
  SECTION,
  TABLE,
  VALUE_KIND,
} from "./wire.ts";
