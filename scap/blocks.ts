// Numbers of the `.scap` file format: block types and the sizes of what surrounds them.
// Data only. Elsewhere: writing blocks (block_writer.ts and the files named after the lists), walking them in replay
// (the matcher's `ingest`), the records inside event blocks (schema/events.ts).
//
//   u32 type · u32 total length · body, padded with zeros to 4 bytes · u32 total length

export const BLOCK = {
  SECTION_HEADER: 0x0a0d0d0a,
  MACHINE_INFO: 0x201,
  PROCESS_LIST_V9: 0x215,
  FD_LIST_V2: 0x218,
  EVENT_V2: 0x216,
  EVENT_V2_FLAGS: 0x217,
  INTERFACE_LIST_V2: 0x219,
  USER_LIST_V2: 0x220,
  EVENT_V2_LARGE: 0x221,
  EVENT_V2_FLAGS_LARGE: 0x222,
} as const;

export const SECTION = { MAGIC: 0x1a2b3c4d, MAJOR: 1, MINOR: 2 } as const;

/** type and length before the body, length after it */
export const BLOCK_HEADER_BYTES = 8;
export const BLOCK_TRAILER_BYTES = 4;

/** Longer texts make readers give up on the file; some of them want room for a NUL behind a path. */
export const TEXT_LIMIT = { PATH: 1023, LIST: 4096, NAME: 255 } as const;

/** A list is cut into blocks of about this size, so that a reader with a small buffer can take them. */
export const LIST_BLOCK_BYTES = 1 << 20;

/** Kinds of file descriptors in an fd list. */
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

export const L4 = { UNKNOWN: 0, NOT_APPLICABLE: 1, TCP: 2, UDP: 3, ICMP: 4, RAW: 5 } as const;
