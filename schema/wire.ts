// Numbers that two sides agree on: the matcher (AssemblyScript), the engine and the rule compiler (TypeScript), the `.scap`
// format. Data only; what AssemblyScript needs of it is generated into assembly/generated/wire.ts.
// Elsewhere: the memory map and counters (layout.ts), events and their parameters (events.ts).

import { inlineConstant } from "./render_assembly.ts";

/** Kinds of values in the OUT region: a u8 before each value. */
export const VALUE_KIND = {
  /** nothing follows */
  MISSING: 0,
  /** u32 length, bytes */
  TEXT: 1,
  /** i64 */
  INT: 2,
  /** u64 */
  UINT: 3,
  /** u8 */
  BOOL: 4,
  /** u8 length, 4 or 16 bytes */
  IP: 5,
  /** u64 nanoseconds since 1970 */
  TIME: 6,
  /** u32 length, bytes */
  BYTES: 7,
  /** f64 */
  DOUBLE: 8,
  /** u32 count, values */
  LIST: 9,
} as const;

/** Offsets in the header of the OUT region; the values of an alert begin at BYTES. */
export const ALERT_HEADER = {
  RULE: 0, // u32
  EVENT_TYPE: 4, // u32
  TIME_NS: 8, // u64
  EVENT_NUMBER: 16, // u64
  TID: 24, // i64
  COUNT: 32, // u32 values, then u32 0
  BYTES: 40,
} as const;

/** The function table: generated rules by event code, then the matcher's own functions. */
export const TABLE = { ENTRIES: 1024, MATCHER_FIRST: 512 } as const;

/** What the matcher hands to `on_alert` in place of a rule's number. */
export const NOT_A_RULE = {
  /** recorded events */
  RECORDED: -1,
  /** a canary has come through; `at` is its number */
  CANARY: -2,
  /** a container was seen: u32 type, u32 1 when its facts are known, i64 pid, then its id */
  CONTAINER: -3,
  /** a process or a file is not known: i64 tid, i64 pid, u64 time, i64 fd or −1; answered before the call returns */
  LOOK_UP: -4,
} as const;

/** Block types of the `.scap` format; numbers end with the version of the list. */
export const BLOCK = {
  SECTION_HEADER: 0x0a0d0d0a,
  MACHINE_INFO: 0x201,
  PROCESS_LIST: 0x202,
  FD_LIST: 0x203,
  EVENT: 0x204,
  INTERFACE_LIST: 0x205,
  USER_LIST: 0x206,
  PROCESS_LIST_V2: 0x207,
  EVENT_FLAGS: 0x208,
  PROCESS_LIST_V3: 0x209,
  PROCESS_LIST_V4: 0x210,
  PROCESS_LIST_V5: 0x211,
  PROCESS_LIST_V6: 0x212,
  PROCESS_LIST_V7: 0x213,
  PROCESS_LIST_V8: 0x214,
  PROCESS_LIST_V9: 0x215,
  EVENT_V2: 0x216,
  EVENT_V2_FLAGS: 0x217,
  FD_LIST_V2: 0x218,
  INTERFACE_LIST_V2: 0x219,
  USER_LIST_V2: 0x220,
  EVENT_V2_LARGE: 0x221,
  EVENT_V2_FLAGS_LARGE: 0x222,
} as const;

export const SECTION = { MAGIC: 0x1a2b3c4d, MAJOR: 1, MINOR: 2 } as const;

/** Kinds of file descriptors, as in the fd lists of the `.scap` format. */
export const FD_TYPE = {
  UNKNOWN: 0,
  FILE: 1,
  DIRECTORY: 2,
  IPV4_SOCK: 3,
  IPV6_SOCK: 4,
  IPV4_SERVSOCK: 5,
  IPV6_SERVSOCK: 6,
  FIFO: 7,
  UNIX_SOCK: 8,
  EVENT: 9,
  UNSUPPORTED: 10,
  SIGNALFD: 11,
  EVENTPOLL: 12,
  INOTIFY: 13,
  TIMERFD: 14,
  NETLINK: 15,
  FILE_V2: 16,
  BPF: 17,
  USERFAULTFD: 18,
  IO_URING: 19,
  MEMFD: 20,
  PIDFD: 21,
} as const;

/** Transport protocols, as in the fd lists of the `.scap` format. */
export const L4 = { UNKNOWN: 0, NOT_APPLICABLE: 1, TCP: 2, UDP: 3, ICMP: 4, RAW: 5 } as const;

/** Container runtimes, by the numbers that records carry. */
export const CONTAINER_TYPE = {
  docker: 0,
  lxc: 1,
  libvirt_lxc: 2,
  mesos: 3,
  rkt: 4,
  cri: 6,
  containerd: 7,
  cri_o: 8,
  bpm: 9,
  podman: 11,
  systemd_nspawn: 0x100,
  unknown: 0xffff,
} as const;

/** Of threads of the host, which are in no container; only the matcher knows it. */
const HOST_TYPE = 0xfffe;

/** What is kept of each kind; more is forgotten, fairly, and counted. */
export const LIMITS = { CONTAINERS: 16_384, KUBERNETES_OBJECTS: 16_384 } as const;

/** The text of assembly/generated/wire.ts. */
export function renderWire(banner: string): string {
  const constants = (prefix: string, type: string, values: Readonly<Record<string, number>>) =>
    Object.entries(values).map(([name, value]) => inlineConstant(`${prefix}_${name}`, type, value));
  const namespace = (name: string, type: string, values: Readonly<Record<string, number>>) => [
    `export namespace ${name} {`,
    ...Object.entries(values).map(([key, value]) => `  export const ${key}: ${type} = ${value};`),
    "}",
  ];
  // Falco calls CRI-O's containers by one word
  const types = Object.entries({ ...CONTAINER_TYPE, host: HOST_TYPE })
    .map(([name, value]) => [name === "cri_o" ? "CRIO" : name.toUpperCase(), value] as const);
  return [
    banner,
    "",
    ...constants("KIND", "u8", VALUE_KIND),
    ...constants("ALERT", "usize", ALERT_HEADER),
    ...constants("HOST", "i32", NOT_A_RULE),
    ...constants("BLOCK", "u32", BLOCK),
    ...constants("SECTION", "u32", SECTION),
    ...constants("LIMIT", "u32", LIMITS),
    "",
    ...namespace("FdType", "u8", FD_TYPE),
    ...namespace("L4", "u8", L4),
    ...namespace("ContainerType", "u32", Object.fromEntries(types)),
    "",
  ].join("\n");
}
