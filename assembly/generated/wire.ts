// Generated from schema/ by scripts/compile.ts; do not edit.

// @ts-ignore: decorator
@inline export const KIND_MISSING: u8 = 0;
// @ts-ignore: decorator
@inline export const KIND_TEXT: u8 = 1;
// @ts-ignore: decorator
@inline export const KIND_INT: u8 = 2;
// @ts-ignore: decorator
@inline export const KIND_UINT: u8 = 3;
// @ts-ignore: decorator
@inline export const KIND_BOOL: u8 = 4;
// @ts-ignore: decorator
@inline export const KIND_IP: u8 = 5;
// @ts-ignore: decorator
@inline export const KIND_TIME: u8 = 6;
// @ts-ignore: decorator
@inline export const KIND_BYTES: u8 = 7;
// @ts-ignore: decorator
@inline export const KIND_DOUBLE: u8 = 8;
// @ts-ignore: decorator
@inline export const KIND_LIST: u8 = 9;
// @ts-ignore: decorator
@inline export const ALERT_RULE: usize = 0;
// @ts-ignore: decorator
@inline export const ALERT_EVENT_TYPE: usize = 4;
// @ts-ignore: decorator
@inline export const ALERT_TIME_NS: usize = 8;
// @ts-ignore: decorator
@inline export const ALERT_EVENT_NUMBER: usize = 16;
// @ts-ignore: decorator
@inline export const ALERT_TID: usize = 24;
// @ts-ignore: decorator
@inline export const ALERT_COUNT: usize = 32;
// @ts-ignore: decorator
@inline export const ALERT_BYTES: usize = 40;
// @ts-ignore: decorator
@inline export const HOST_RECORDED: i32 = -1;
// @ts-ignore: decorator
@inline export const HOST_CANARY: i32 = -2;
// @ts-ignore: decorator
@inline export const HOST_CONTAINER: i32 = -3;
// @ts-ignore: decorator
@inline export const HOST_LOOK_UP: i32 = -4;
// @ts-ignore: decorator
@inline export const BLOCK_SECTION_HEADER: u32 = 168627466;
// @ts-ignore: decorator
@inline export const BLOCK_MACHINE_INFO: u32 = 513;
// @ts-ignore: decorator
@inline export const BLOCK_PROCESS_LIST: u32 = 514;
// @ts-ignore: decorator
@inline export const BLOCK_FD_LIST: u32 = 515;
// @ts-ignore: decorator
@inline export const BLOCK_EVENT: u32 = 516;
// @ts-ignore: decorator
@inline export const BLOCK_INTERFACE_LIST: u32 = 517;
// @ts-ignore: decorator
@inline export const BLOCK_USER_LIST: u32 = 518;
// @ts-ignore: decorator
@inline export const BLOCK_PROCESS_LIST_V2: u32 = 519;
// @ts-ignore: decorator
@inline export const BLOCK_EVENT_FLAGS: u32 = 520;
// @ts-ignore: decorator
@inline export const BLOCK_PROCESS_LIST_V3: u32 = 521;
// @ts-ignore: decorator
@inline export const BLOCK_PROCESS_LIST_V4: u32 = 528;
// @ts-ignore: decorator
@inline export const BLOCK_PROCESS_LIST_V5: u32 = 529;
// @ts-ignore: decorator
@inline export const BLOCK_PROCESS_LIST_V6: u32 = 530;
// @ts-ignore: decorator
@inline export const BLOCK_PROCESS_LIST_V7: u32 = 531;
// @ts-ignore: decorator
@inline export const BLOCK_PROCESS_LIST_V8: u32 = 532;
// @ts-ignore: decorator
@inline export const BLOCK_PROCESS_LIST_V9: u32 = 533;
// @ts-ignore: decorator
@inline export const BLOCK_EVENT_V2: u32 = 534;
// @ts-ignore: decorator
@inline export const BLOCK_EVENT_V2_FLAGS: u32 = 535;
// @ts-ignore: decorator
@inline export const BLOCK_FD_LIST_V2: u32 = 536;
// @ts-ignore: decorator
@inline export const BLOCK_INTERFACE_LIST_V2: u32 = 537;
// @ts-ignore: decorator
@inline export const BLOCK_USER_LIST_V2: u32 = 544;
// @ts-ignore: decorator
@inline export const BLOCK_EVENT_V2_LARGE: u32 = 545;
// @ts-ignore: decorator
@inline export const BLOCK_EVENT_V2_FLAGS_LARGE: u32 = 546;
// @ts-ignore: decorator
@inline export const SECTION_MAGIC: u32 = 439041101;
// @ts-ignore: decorator
@inline export const SECTION_MAJOR: u32 = 1;
// @ts-ignore: decorator
@inline export const SECTION_MINOR: u32 = 2;
// @ts-ignore: decorator
@inline export const LIMIT_CONTAINERS: u32 = 16384;
// @ts-ignore: decorator
@inline export const LIMIT_KUBERNETES_OBJECTS: u32 = 16384;

export namespace FdType {
  export const UNKNOWN: u8 = 0;
  export const FILE: u8 = 1;
  export const DIRECTORY: u8 = 2;
  export const IPV4_SOCK: u8 = 3;
  export const IPV6_SOCK: u8 = 4;
  export const IPV4_SERVSOCK: u8 = 5;
  export const IPV6_SERVSOCK: u8 = 6;
  export const FIFO: u8 = 7;
  export const UNIX_SOCK: u8 = 8;
  export const EVENT: u8 = 9;
  export const UNSUPPORTED: u8 = 10;
  export const SIGNALFD: u8 = 11;
  export const EVENTPOLL: u8 = 12;
  export const INOTIFY: u8 = 13;
  export const TIMERFD: u8 = 14;
  export const NETLINK: u8 = 15;
  export const FILE_V2: u8 = 16;
  export const BPF: u8 = 17;
  export const USERFAULTFD: u8 = 18;
  export const IO_URING: u8 = 19;
  export const MEMFD: u8 = 20;
  export const PIDFD: u8 = 21;
}
export namespace L4 {
  export const UNKNOWN: u8 = 0;
  export const NOT_APPLICABLE: u8 = 1;
  export const TCP: u8 = 2;
  export const UDP: u8 = 3;
  export const ICMP: u8 = 4;
  export const RAW: u8 = 5;
}
export namespace ContainerType {
  export const DOCKER: u32 = 0;
  export const LXC: u32 = 1;
  export const LIBVIRT_LXC: u32 = 2;
  export const MESOS: u32 = 3;
  export const RKT: u32 = 4;
  export const CRI: u32 = 6;
  export const CONTAINERD: u32 = 7;
  export const CRIO: u32 = 8;
  export const BPM: u32 = 9;
  export const PODMAN: u32 = 11;
  export const SYSTEMD_NSPAWN: u32 = 256;
  export const UNKNOWN: u32 = 65535;
  export const HOST: u32 = 65534;
}
