// The kind of an fd as a word and as a letter: what fd.type and fd.typechar say.
// In: a number of FdType (state/fd.ts). Out: a view of a fixed text, a letter.

import { FdType, L4 } from "../state/fd";
import { viewAt } from "../strings/view";
import { literal, NOT_AVAILABLE } from "../strings/literal";

/** one letter for each FdType, by its number */
const LETTERS = literal("ofd4646pueXslitnfburmP");

const FILE = literal("file");
const DIRECTORY = literal("directory");
const IPV4 = literal("ipv4");
const IPV6 = literal("ipv6");
const UNIX = literal("unix");
const PIPE = literal("pipe");
const EVENT = literal("event");
const SIGNALFD = literal("signalfd");
const EVENTPOLL = literal("eventpoll");
const INOTIFY = literal("inotify");
const TIMERFD = literal("timerfd");
const NETLINK = literal("netlink");
const BPF = literal("bpf");
const USERFAULTFD = literal("userfaultfd");
const IO_URING = literal("io_uring");
const MEMFD = literal("memfd");
const PIDFD = literal("pidfd");

export function fdLetter(type: u8): u8 {
  return type <= FdType.PIDFD ? load<u8>(viewAt(LETTERS) + type) : 63;
}

/** View of the letter. */
export function fdLetterAt(type: u8): usize {
  return viewAt(LETTERS) + min(type, FdType.PIDFD);
}

export function fdWord(type: u8): u64 {
  switch (type) {
    case FdType.FILE:
    case FdType.FILE_V2:
      return FILE;
    case FdType.DIRECTORY:
      return DIRECTORY;
    case FdType.IPV4_SOCK:
    case FdType.IPV4_SERVSOCK:
      return IPV4;
    case FdType.IPV6_SOCK:
    case FdType.IPV6_SERVSOCK:
      return IPV6;
    case FdType.UNIX_SOCK:
      return UNIX;
    case FdType.FIFO:
      return PIPE;
    case FdType.EVENT:
      return EVENT;
    case FdType.SIGNALFD:
      return SIGNALFD;
    case FdType.EVENTPOLL:
      return EVENTPOLL;
    case FdType.INOTIFY:
      return INOTIFY;
    case FdType.TIMERFD:
      return TIMERFD;
    case FdType.NETLINK:
      return NETLINK;
    case FdType.BPF:
      return BPF;
    case FdType.USERFAULTFD:
      return USERFAULTFD;
    case FdType.IO_URING:
      return IO_URING;
    case FdType.MEMFD:
      return MEMFD;
    case FdType.PIDFD:
      return PIDFD;
    default:
      return NOT_AVAILABLE;
  }
}

/** The letter that follows the kind of a socket in evt.args; 0 for none. */
export function protocolLetter(l4: u8): u8 {
  switch (l4) {
    case L4.TCP:
      return 116; // t
    case L4.UDP:
      return 117; // u
    case L4.ICMP:
      return 105; // i
    case L4.RAW:
      return 114; // r
    default:
      return 0;
  }
}
