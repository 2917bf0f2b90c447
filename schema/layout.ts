// The memory map of the matcher and the structs that two rooms share, drawn in one place.
// In: nothing. Out: constants for TypeScript, and through `layoutFiles()` the same constants for
// AssemblyScript (assembly/generated/layout.ts) and C (probe/generated/layout.h).
// Elsewhere: what lies inside the heap (assembly/memory), the records inside the rings (schema/events.ts).
//
//   0 ┌───────────────────────────┐
//     │ guard      4 KiB          │ reads as zeros: a null pointer finds nothing
//     ├───────────────────────────┤ CONTROL
//     │ control    4 KiB          │ u32 words that the main thread and the worker share; then a byte by event code: no rule
//     ├───────────────────────────┤ COUNTERS
//     │ counters   8 KiB          │ u64 each: in the order of MATCHER_COUNTERS; then, on the second page, by event code
//     ├───────────────────────────┤ STATIC
//     │ static     to 1 MiB       │ AssemblyScript's own data (asc --memoryBase)
//     ├───────────────────────────┤ OUT
//     │ out        1 MiB          │ the values of one alert, from the matcher to TypeScript
//     ├───────────────────────────┤ SCRATCH
//     │ scratch    2 MiB          │ strings that live as long as one event
//     ├───────────────────────────┤ INGEST
//     │ ingest     8 MiB          │ .scap blocks: the process list at start, a trace in replay
//     ├───────────────────────────┤ HEAP
//     │ heap       configurable   │ threads, fds, interned strings, rule constants
//     ├───────────────────────────┤ page aligned; above everything that the matcher writes
//     │ rings      n × (2 pages + size + wrap): consumer page (writable), producer page, data, and the
//     │            beginning of the data again (read-only). A store into them kills the process.
//     └───────────────────────────┘ memory size; initial == maximum

export const PAGE_BYTES = 4096;
export const WASM_PAGE_BYTES = 65536;

const REGIONS = [
  ["GUARD", PAGE_BYTES],
  ["CONTROL", PAGE_BYTES],
  ["COUNTERS", 2 * PAGE_BYTES],
  ["STATIC", (1 << 20) - 4 * PAGE_BYTES],
  ["OUT", 1 << 20],
  ["SCRATCH", 2 << 20],
  ["INGEST", 8 << 20],
] as const;

type RegionName = typeof REGIONS[number][0];

/** Offset and size in bytes of each fixed region of the matcher's memory. */
export const REGION: Readonly<Record<RegionName, { at: number; bytes: number }>> = (() => {
  let at = 0;
  const map = {} as Record<RegionName, { at: number; bytes: number }>;
  for (const [name, bytes] of REGIONS) {
    map[name] = { at, bytes };
    at += bytes;
  }
  return map;
})();

/** Where the heap begins: the first byte after the fixed regions. */
export const HEAP_AT = REGION.INGEST.at + REGION.INGEST.bytes;

/** u32 words of the control region. */
export const CONTROL_WORDS = [
  "STOP", // main → worker: leave the loop after draining
  "COMMAND", // main → worker: a message waits (new rules, a report of counters)
  "HEARTBEAT", // worker → main: incremented at each turn of the loop
  "ALERTS_TAKEN", // main → worker: how many alerts were handled, modulo 2^32
  "BYTES_TAKEN", // main → worker: how many bytes of a recording were written, modulo 2^32
  "MAIN_HEARTBEAT", // main → worker: incremented by a timer as long as the main thread takes its turns
  "MAIN_LIMIT_MS", // main → worker: without such a beat for so long the worker ends the process; 0: never
] as const;

/** u64 counters of the matcher, readable at any time from any thread. */
export const MATCHER_COUNTERS = [
  "EVENTS", // events decoded
  "EVENTS_STATE_ONLY", // of these: marked in a recording as such that only change state, no rule sees them
  "EVENTS_UNKNOWN", // records with a type outside the event table
  "EVENTS_DAMAGED", // records whose lengths do not add up
  "EVENTS_OUT_OF_ORDER", // events older than one that had been processed
  "RING_BYTES", // bytes consumed from the rings
  "RING_DISCARDED", // records that the probe discarded
  "ALERTS", // rule matches handed over
  "ALERTS_TRUNCATED", // alerts whose values did not fit into the out region
  "SCRATCH_OVERFLOWS", // strings cut because the scratch region was full
  "THREADS", // threads in the table now
  "THREADS_ADDED",
  "THREADS_REMOVED",
  "THREADS_EVICTED", // removed because the table was full
  "THREAD_LOOKUPS_FAILED",
  "FDS", // fds in the tables now
  "FDS_ADDED",
  "FDS_REMOVED",
  "FDS_EVICTED",
  "FD_LOOKUPS_FAILED",
  "STRINGS", // interned strings now
  "STRING_BYTES",
  "HEAP_BYTES", // bytes of the heap in use
  "HEAP_REFUSED", // allocations that failed for lack of memory
  "BLOCKS_SKIPPED", // .scap blocks of a kind that is not known
  "CONTAINERS", // containers known now
  "CONTAINERS_REFUSED", // container records that could not be read, or for which there was no room
  "CONTAINERS_ASKED", // containers of which nothing was known when their first event came
  "CONTAINERS_AWAITED", // containers whose first events waited for what is known of them
  "CONTAINERS_IN_TIME", // of these: released because the answer came
  "CONTAINERS_LATE", // of these: released because the time was over
  "CONTAINERS_CROWDED", // of these: released because a ring was half full
  "CONTAINERS_UNKNOWN", // containers that no engine knew
  "CONTAINERS_OVER_BUDGET", // containers that nothing waited for, since their party had used up its time
  "CONTAINERS_EVICTED", // containers forgotten because a table was full, of the party that had most
  "CONTAINERS_WAIT_NS", // how long the evaluation stood still for containers, all waits together
  "EVENTS_RECORDED", // events handed over for a recording
  "MARKED", // events that the kernel's filter would have left out (shadow mode)
  "MARKED_MATCHED", // of these: matches of rules, which there must not be
  "RECORDS_SKIPPED", // events too large for a recording
  "KUBERNETES_OBJECTS", // objects of Kubernetes known now
  "KUBERNETES_REFUSED", // records about them that could not be read, or for which there was no room
] as const;

/** u64 counters of the probe, one set per CPU (value of the map `counters`). */
export const PROBE_COUNTERS = [
  "reported", // events written to a ring
  "drops_buffer_clone_fork", // ring full, by kind of event as Falco counts them
  "drops_buffer_execve",
  "drops_buffer_connect",
  "drops_buffer_open",
  "drops_buffer_dir_file",
  "drops_buffer_close",
  "drops_buffer_proc_exit",
  "drops_buffer_other",
  "drops_scratch", // event larger than the scratch buffer
  "page_faults", // user memory that could not be read: the parameter is empty
  "tail_call_failed", // no program for a syscall of the interest set
] as const;

/** Constants that C, AssemblyScript and TypeScript agree on. */
export const PROBE_LIMITS = {
  MAX_CPUS: 512,
  MAX_SYSCALLS: 512,
  MAX_RINGS: 512,
  /** bytes of the header of an event, packed */
  EVENT_HEADER_BYTES: 26,
  /** the longest event that the probe writes */
  MAX_EVENT_BYTES: 1 << 16,
  /** the longest path, as the kernel's PATH_MAX */
  MAX_PATH_BYTES: 4096,
  /** bytes kept of argv, of the environment and of the cgroup list, each, as in Falco */
  MAX_ARGS_BYTES: 4096,
  /** bits of the map `.data.interest`, one byte per system call number */
  INTEREST_EXIT: 1,
  INTEREST_ENTER: 2,
  /** the same for the number as a 32-bit program uses it */
  INTEREST_IA32_EXIT: 4,
  INTEREST_IA32_ENTER: 8,
  /** append the parameter of schema/own_params.ts; the number of the bit, which is counted with */
  INTEREST_REALPATH_SHIFT: 4,
  /** second argument of prctl(PR_GET_DUMPABLE) that makes it a canary, when falco itself calls; the third is its number */
  CANARY_MAGIC: 0x0fa1c0ca,
  /** code of the record that the probe makes of it; no event has it, so nobody but the ring's reader knows it */
  CANARY_CODE: 0xfa1c,
  /** its place among the exit programs: no system call has this number */
  CANARY_SLOT: 511,
  /** code of the record about a thread that has just been made (probe/syscalls/clone.bpf.h); no event either */
  FORK_CODE: 0xfa1d,
  /** code of the record about an fd that came without a call for it (probe/syscalls/fd_facts.bpf.h) */
  FD_CODE: 0xfa1e,
  /** bit of an event's number of parameters: the kernel's filter would have left the event out (shadow mode) */
  MARKED_EVENT: 0x8000_0000,
  /** the filter (probe/lib/filter.bpf.h): bits of its quick test, keys of a plan, threads and files it remembers */
  FILTER_BITS: 1 << 14,
  BEGINNING_BITS_LOG: 12,
  FILTER_KEYS: 4096,
  CALL_NOTES: 8192,
  KEPT_FILES: 16384,
  FILE_MARKS_LOG: 15,
  DIRECTORY_NOTES_LOG: 12,
  WORKING_DIRECTORIES: 4096,
  /** flags of a plan: opens of files are left out, so are fcntls that change nothing; opens that fail are not looked through */
  FILTER_OPENS: 1,
  FILTER_FCNTL: 2,
  FILTER_FAILED_UNCLEAN: 4,
  /** so are opens of directories */
  FILTER_DIRECTORIES: 8,
  /**
   * bits next to the mode of a file in a record about an fd: its path is that by which it was opened, and counts for more than what the
   * matcher has; or only if it has nothing of that file
   */
  NAMED_AS_OPENED: 0x1_0000,
  NAMED_IF_UNKNOWN: 0x2_0000,
  /** number by which programs call the function that allows plain reads; no helper has it */
  PLAIN_READS_CALL: 0x0fa1_ca57,
  /** value of the setting kernel_filter */
  SHADOW_MODE: 2,
  /** in what is said of a socket, next to its type: it was bound to a port that the program chose (probe/syscalls/fd_facts.bpf.h) */
  SOCKET_BOUND: 0x80,
  /** kinds of fds in the order of their bits (rules/kernel_filter/fd_kinds.ts); the last has no bit and is always reported */
  KIND_FILE: 0,
  KIND_PIPE: 1,
  KIND_ANONYMOUS: 2,
  KIND_UNIX: 3,
  KIND_NETLINK: 4,
  KIND_TCP: 5,
  KIND_UDP: 6,
  KIND_OTHER: 31,
  /** a word of a plan about a call: kinds of fds for which it is left out, then these */
  SPARED_KINDS: 0xff,
  SPARES_FAILED: 0x100,
  SPARES_ALL: 0x200,
  FD_IS_RESULT: 0x400,
  PASSES_FDS: 0x800,
  /** left out when it is about a file of which the open was left out */
  SPARES_UNKNOWN: 0x4000,
  /** position of the flags that can make it connect a TCP socket; 0: none */
  CONNECTS_BY_SHIFT: 12,
  /** which of the plan's clauses on arguments is the call's first (0: none), and whether the next one is its own, too */
  CLAUSE_SHIFT: 16,
  SECOND_CLAUSE: 0x8000,
  /** clauses of a plan; values of one; bit beyond the argument's position: those in the list are left out, else all others */
  ARGUMENT_CLAUSES: 64,
  ARGUMENT_VALUES: 8,
  LISTED_SPARED: 0x8,
} as const;

/** So much of a ring's beginning follows its end once more, so that a record that wraps around is whole. */
export const RING_WRAP_BYTES = PROBE_LIMITS.MAX_EVENT_BYTES + PAGE_BYTES;

/** u64 settings of the probe (map `.rodata.settings`), written before it is loaded. */
export const PROBE_SETTINGS = [
  "boot_epoch_ns", // time of day when the machine's boot clock was 0
  "own_mark", // by which falco's own process makes itself known (`.data.own`)
  "cpus_per_ring", // CPUs that share a ring; 1 or more
  "wakeup_bytes", // wake the reader when a CPU has written this much since it last did …
  "wakeup_interval_ns", // … or when it last did so this long ago
  "snaplen", // bytes kept of the data of reads and writes
  "drop_failed", // 1: calls that failed are not reported
  "ring_bytes", // of each ring
  "by_perf", // 1: programs hang on perf's tracepoints, not on raw ones (sources/live/preemption.ts)
  "plain_reads", // 1: kernel memory can be read by plain loads (ffi/bpf/plain_reads.ts)
  "kernel_filter", // 1: the filter can be used; 2: it only marks what it would leave out; 0: its code is left out
] as const;

/** A byte per event code, after the control words: 1 when the rule module's function for it does nothing. */
export const NO_RULE = { at: REGION.CONTROL.at + PAGE_BYTES / 2, codes: 512 } as const;

/** u64 per event code, after the counters: how many events of that type were decoded. */
export const TYPE_COUNTS = { at: REGION.COUNTERS.at + PAGE_BYTES, codes: PAGE_BYTES / 8 } as const;

/** Offset in bytes of a matcher counter. */
export function counterAt(name: typeof MATCHER_COUNTERS[number]): number {
  return REGION.COUNTERS.at + 8 * MATCHER_COUNTERS.indexOf(name);
}

/** Offset in bytes of a setting of the probe. */
export function settingAt(name: typeof PROBE_SETTINGS[number]): number {
  return 8 * PROBE_SETTINGS.indexOf(name);
}

/** Offset in bytes of a control word. */
export function controlAt(name: typeof CONTROL_WORDS[number]): number {
  return REGION.CONTROL.at + 4 * CONTROL_WORDS.indexOf(name);
}

const BANNER = "// Generated from schema/ by scripts/compile.ts; do not edit.\n";

function assemblyScript(): string {
  const constant = (name: string, value: number) =>
    `// @ts-ignore: decorator\n@inline export const ${name}: usize = ${value};\n`;
  let text = BANNER;
  for (const [name] of REGIONS) {
    text += constant(`${name}_AT`, REGION[name].at) + constant(`${name}_BYTES`, REGION[name].bytes);
  }
  text += constant("HEAP_AT", HEAP_AT) + constant("EVENT_HEADER_BYTES", PROBE_LIMITS.EVENT_HEADER_BYTES);
  text += constant("TYPE_COUNTS_AT", TYPE_COUNTS.at) + constant("CANARY_CODE", PROBE_LIMITS.CANARY_CODE);
  text += constant("NO_RULE_AT", NO_RULE.at);
  text += constant("MAX_EVENT_BYTES", PROBE_LIMITS.MAX_EVENT_BYTES);
  text += constant("MARKED_EVENT", PROBE_LIMITS.MARKED_EVENT);
  text += constant("SOCKET_BOUND", PROBE_LIMITS.SOCKET_BOUND);
  text += constant("NAMED_AS_OPENED", PROBE_LIMITS.NAMED_AS_OPENED);
  text += constant("NAMED_IF_UNKNOWN", PROBE_LIMITS.NAMED_IF_UNKNOWN);
  text += constant("FORK_CODE", PROBE_LIMITS.FORK_CODE) + constant("FD_CODE", PROBE_LIMITS.FD_CODE);
  for (const name of CONTROL_WORDS) text += constant(`CONTROL_${name}`, controlAt(name));
  for (const name of MATCHER_COUNTERS) text += constant(`COUNT_${name}`, counterAt(name));
  return text;
}

function cHeader(): string {
  let text = BANNER + "#pragma once\n\n";
  for (const [name, value] of Object.entries(PROBE_LIMITS)) text += `#define ${name} ${value}\n`;
  text += "\n/* Value of the per-CPU map `counters`. */\nstruct probe_counters {\n";
  for (const name of PROBE_COUNTERS) text += `\t__u64 ${name};\n`;
  text += "};\n\n/* Value of the map `.rodata.settings`. */\nstruct probe_settings {\n";
  for (const name of PROBE_SETTINGS) text += `\t__u64 ${name};\n`;
  return text + "};\n";
}

/** The generated files of this module: path from the project's root → content. */
export function layoutFiles(): Map<string, string> {
  return new Map([
    ["assembly/generated/layout.ts", assemblyScript()],
    ["probe/generated/layout.h", cHeader()],
  ]);
}
