// Generated from schema/ by scripts/compile.ts; do not edit.
// @ts-ignore: decorator
@inline export const GUARD_AT: usize = 0;
// @ts-ignore: decorator
@inline export const GUARD_BYTES: usize = 4096;
// @ts-ignore: decorator
@inline export const CONTROL_AT: usize = 4096;
// @ts-ignore: decorator
@inline export const CONTROL_BYTES: usize = 4096;
// @ts-ignore: decorator
@inline export const COUNTERS_AT: usize = 8192;
// @ts-ignore: decorator
@inline export const COUNTERS_BYTES: usize = 8192;
// @ts-ignore: decorator
@inline export const STATIC_AT: usize = 16384;
// @ts-ignore: decorator
@inline export const STATIC_BYTES: usize = 1032192;
// @ts-ignore: decorator
@inline export const OUT_AT: usize = 1048576;
// @ts-ignore: decorator
@inline export const OUT_BYTES: usize = 1048576;
// @ts-ignore: decorator
@inline export const SCRATCH_AT: usize = 2097152;
// @ts-ignore: decorator
@inline export const SCRATCH_BYTES: usize = 2097152;
// @ts-ignore: decorator
@inline export const INGEST_AT: usize = 4194304;
// @ts-ignore: decorator
@inline export const INGEST_BYTES: usize = 8388608;
// @ts-ignore: decorator
@inline export const HEAP_AT: usize = 12582912;
// @ts-ignore: decorator
@inline export const EVENT_HEADER_BYTES: usize = 26;
// @ts-ignore: decorator
@inline export const TYPE_COUNTS_AT: usize = 12288;
// @ts-ignore: decorator
@inline export const CANARY_CODE: usize = 64028;
// @ts-ignore: decorator
@inline export const NO_RULE_AT: usize = 6144;
// @ts-ignore: decorator
@inline export const MAX_EVENT_BYTES: usize = 65536;
// @ts-ignore: decorator
@inline export const MARKED_EVENT: usize = 2147483648;
// @ts-ignore: decorator
@inline export const SOCKET_BOUND: usize = 128;
// @ts-ignore: decorator
@inline export const NAMED_AS_OPENED: usize = 65536;
// @ts-ignore: decorator
@inline export const NAMED_IF_UNKNOWN: usize = 131072;
// @ts-ignore: decorator
@inline export const FORK_CODE: usize = 64029;
// @ts-ignore: decorator
@inline export const FD_CODE: usize = 64030;
// @ts-ignore: decorator
@inline export const CONTROL_STOP: usize = 4096;
// @ts-ignore: decorator
@inline export const CONTROL_COMMAND: usize = 4100;
// @ts-ignore: decorator
@inline export const CONTROL_HEARTBEAT: usize = 4104;
// @ts-ignore: decorator
@inline export const CONTROL_ALERTS_TAKEN: usize = 4108;
// @ts-ignore: decorator
@inline export const CONTROL_BYTES_TAKEN: usize = 4112;
// @ts-ignore: decorator
@inline export const CONTROL_MAIN_HEARTBEAT: usize = 4116;
// @ts-ignore: decorator
@inline export const CONTROL_MAIN_LIMIT_MS: usize = 4120;
// @ts-ignore: decorator
@inline export const COUNT_EVENTS: usize = 8192;
// @ts-ignore: decorator
@inline export const COUNT_EVENTS_STATE_ONLY: usize = 8200;
// @ts-ignore: decorator
@inline export const COUNT_EVENTS_UNKNOWN: usize = 8208;
// @ts-ignore: decorator
@inline export const COUNT_EVENTS_DAMAGED: usize = 8216;
// @ts-ignore: decorator
@inline export const COUNT_EVENTS_OUT_OF_ORDER: usize = 8224;
// @ts-ignore: decorator
@inline export const COUNT_RING_BYTES: usize = 8232;
// @ts-ignore: decorator
@inline export const COUNT_RING_DISCARDED: usize = 8240;
// @ts-ignore: decorator
@inline export const COUNT_ALERTS: usize = 8248;
// @ts-ignore: decorator
@inline export const COUNT_ALERTS_TRUNCATED: usize = 8256;
// @ts-ignore: decorator
@inline export const COUNT_SCRATCH_OVERFLOWS: usize = 8264;
// @ts-ignore: decorator
@inline export const COUNT_THREADS: usize = 8272;
// @ts-ignore: decorator
@inline export const COUNT_THREADS_ADDED: usize = 8280;
// @ts-ignore: decorator
@inline export const COUNT_THREADS_REMOVED: usize = 8288;
// @ts-ignore: decorator
@inline export const COUNT_THREADS_EVICTED: usize = 8296;
// @ts-ignore: decorator
@inline export const COUNT_THREAD_LOOKUPS_FAILED: usize = 8304;
// @ts-ignore: decorator
@inline export const COUNT_FDS: usize = 8312;
// @ts-ignore: decorator
@inline export const COUNT_FDS_ADDED: usize = 8320;
// @ts-ignore: decorator
@inline export const COUNT_FDS_REMOVED: usize = 8328;
// @ts-ignore: decorator
@inline export const COUNT_FDS_EVICTED: usize = 8336;
// @ts-ignore: decorator
@inline export const COUNT_FD_LOOKUPS_FAILED: usize = 8344;
// @ts-ignore: decorator
@inline export const COUNT_STRINGS: usize = 8352;
// @ts-ignore: decorator
@inline export const COUNT_STRING_BYTES: usize = 8360;
// @ts-ignore: decorator
@inline export const COUNT_HEAP_BYTES: usize = 8368;
// @ts-ignore: decorator
@inline export const COUNT_HEAP_REFUSED: usize = 8376;
// @ts-ignore: decorator
@inline export const COUNT_BLOCKS_SKIPPED: usize = 8384;
// @ts-ignore: decorator
@inline export const COUNT_CONTAINERS: usize = 8392;
// @ts-ignore: decorator
@inline export const COUNT_CONTAINERS_REFUSED: usize = 8400;
// @ts-ignore: decorator
@inline export const COUNT_CONTAINERS_ASKED: usize = 8408;
// @ts-ignore: decorator
@inline export const COUNT_CONTAINERS_AWAITED: usize = 8416;
// @ts-ignore: decorator
@inline export const COUNT_CONTAINERS_IN_TIME: usize = 8424;
// @ts-ignore: decorator
@inline export const COUNT_CONTAINERS_LATE: usize = 8432;
// @ts-ignore: decorator
@inline export const COUNT_CONTAINERS_CROWDED: usize = 8440;
// @ts-ignore: decorator
@inline export const COUNT_CONTAINERS_UNKNOWN: usize = 8448;
// @ts-ignore: decorator
@inline export const COUNT_CONTAINERS_OVER_BUDGET: usize = 8456;
// @ts-ignore: decorator
@inline export const COUNT_CONTAINERS_EVICTED: usize = 8464;
// @ts-ignore: decorator
@inline export const COUNT_CONTAINERS_WAIT_NS: usize = 8472;
// @ts-ignore: decorator
@inline export const COUNT_EVENTS_RECORDED: usize = 8480;
// @ts-ignore: decorator
@inline export const COUNT_MARKED: usize = 8488;
// @ts-ignore: decorator
@inline export const COUNT_MARKED_MATCHED: usize = 8496;
// @ts-ignore: decorator
@inline export const COUNT_RECORDS_SKIPPED: usize = 8504;
// @ts-ignore: decorator
@inline export const COUNT_KUBERNETES_OBJECTS: usize = 8512;
// @ts-ignore: decorator
@inline export const COUNT_KUBERNETES_REFUSED: usize = 8520;
