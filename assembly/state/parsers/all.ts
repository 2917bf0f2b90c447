// Which parser handles which event type.

import {
  ACCEPT4_X,
  ACCEPT_X,
  ASYNCEVENT_E,
  BIND_X,
  BPF_X,
  BRK_X,
  CAPSET_X,
  CHDIR_X,
  CHROOT_X,
  CLONE3_X,
  CLONE_X,
  CLOSE_RANGE_X,
  CLOSE_X,
  CONNECT_E,
  CONNECT_X,
  CONTAINER_E,
  CREAT_E,
  CREAT_X,
  DUP2_X,
  DUP3_X,
  DUP_X,
  EPOLL_CREATE1_X,
  EPOLL_CREATE_X,
  EVENTFD2_X,
  EVENTFD_X,
  EXECVE_X,
  EXECVEAT_X,
  FCHDIR_X,
  FCNTL_X,
  FORK_X,
  GETCWD_X,
  GETRLIMIT_X,
  GROUPADDED_E,
  GROUPDELETED_E,
  INOTIFY_INIT1_X,
  INOTIFY_INIT_X,
  IO_URING_SETUP_X,
  MEMFD_CREATE_X,
  MMAP2_X,
  MMAP_X,
  MUNMAP_X,
  OPEN_BY_HANDLE_AT_X,
  OPEN_E,
  OPEN_X,
  OPENAT2_E,
  OPENAT2_X,
  OPENAT_E,
  OPENAT_X,
  PIDFD_GETFD_X,
  PIDFD_OPEN_X,
  PIPE2_X,
  PIPE_X,
  PRCTL_X,
  PREAD_X,
  PREADV_X,
  PRLIMIT_X,
  PROCEXIT_E,
  PROCINFO_E,
  PWRITE_X,
  PWRITEV_X,
  READ_X,
  READV_X,
  RECV_X,
  RECVFROM_X,
  RECVMMSG_X,
  RECVMSG_X,
  SEND_X,
  SENDMMSG_X,
  SENDMSG_X,
  SENDTO_X,
  SETGID_X,
  SETNS_X,
  SETREGID_X,
  SETRESGID_X,
  SETRESUID_X,
  SETREUID_X,
  SETRLIMIT_X,
  SETSID_X,
  SETUID_X,
  SIGNALFD4_X,
  SIGNALFD_X,
  SOCKET_X,
  SOCKETPAIR_X,
  SWITCH_E,
  TIMERFD_CREATE_X,
  UNSHARE_X,
  USERADDED_E,
  USERDELETED_E,
  USERFAULTFD_X,
  VFORK_X,
  WRITE_X,
  WRITEV_X,
} from "../../generated/events";
import { hasParam } from "../../event";
import { currentThread } from "../current";
import { storeEnterEvent } from "../enter";
import { Light, setParser } from "../event_kinds";
import { parseClone } from "./clone";
import { parseClose, parseCloseRange } from "./close";
import { parseConnect } from "./connect";
import { parseAsyncEvent, parseContainerJson } from "./container_record";
import { parseChdir, parseChroot, parseFchdir } from "./directory";
import { parseCpuReport } from "./cpu_report";
import { parseDup, parseFcntl, parsePidfdGetfd } from "./dup";
import { parseExec } from "./exec";
import { parseExit } from "./exit";
import { parseCapset, parseNamespace, parsePrctl, parseSetGid, parseSetsid, parseSetUid } from "./identity";
import { parseRead, parseWrite } from "./io";
import { parseMemory, parsePrlimit, parseRlimit, parseSwitch } from "./limits";
import { parseMemfdCreate, parseNewFd, parsePidfdOpen, parsePipe } from "./new_fd";
import { parseOpen } from "./open";
import { parseGroupRecord, parseUserRecord } from "./records";
import { parseAccept, parseBind, parseSocket, parseSocketpair } from "./socket";

// enter events of old captures
const EXECVE_E: u32 = 292;
const EXECVEAT_E: u32 = 330;

/** Enter events whose first parameter is empty bring nothing new. */
function storeNamed(): void {
  if (hasParam(0)) storeAny();
}

function storeAny(): void {
  if (changetype<usize>(currentThread) != 0) storeEnterEvent(currentThread);
}

export function initParsers(): void {
  setParser(OPEN_E, storeNamed);
  setParser(CREAT_E, storeNamed);
  setParser(OPENAT_E, storeNamed);
  setParser(OPENAT2_E, storeNamed);
  setParser(EXECVE_E, storeNamed);
  setParser(EXECVEAT_E, storeAny);
  setParser(CONNECT_E, storeAny);

  setParser(PROCINFO_E, parseCpuReport);
  setParser(CLONE_X, parseClone);
  setParser(CLONE3_X, parseClone);
  setParser(FORK_X, parseClone);
  setParser(VFORK_X, parseClone);
  setParser(EXECVE_X, parseExec);
  setParser(EXECVEAT_X, parseExec);
  setParser(PROCEXIT_E, parseExit);
  setParser(SWITCH_E, parseSwitch);

  setParser(OPEN_X, parseOpen, Light.CREATE);
  setParser(CREAT_X, parseOpen, Light.CREATE);
  setParser(OPENAT_X, parseOpen, Light.CREATE);
  setParser(OPENAT2_X, parseOpen, Light.CREATE);
  setParser(OPEN_BY_HANDLE_AT_X, parseOpen);
  setParser(CLOSE_X, parseClose, Light.CLOSE);
  setParser(CLOSE_RANGE_X, parseCloseRange);
  setParser(DUP_X, parseDup);
  setParser(DUP2_X, parseDup);
  setParser(DUP3_X, parseDup);
  setParser(FCNTL_X, parseFcntl, Light.FCNTL);
  setParser(PIDFD_GETFD_X, parsePidfdGetfd);
  setParser(PIDFD_OPEN_X, parsePidfdOpen);
  setParser(PIPE_X, parsePipe);
  setParser(PIPE2_X, parsePipe);
  setParser(MEMFD_CREATE_X, parseMemfdCreate);
  setParser(EVENTFD_X, parseNewFd);
  setParser(EVENTFD2_X, parseNewFd);
  setParser(SIGNALFD_X, parseNewFd);
  setParser(SIGNALFD4_X, parseNewFd);
  setParser(TIMERFD_CREATE_X, parseNewFd);
  setParser(INOTIFY_INIT_X, parseNewFd);
  setParser(INOTIFY_INIT1_X, parseNewFd);
  setParser(BPF_X, parseNewFd);
  setParser(USERFAULTFD_X, parseNewFd);
  setParser(IO_URING_SETUP_X, parseNewFd);
  setParser(EPOLL_CREATE_X, parseNewFd);
  setParser(EPOLL_CREATE1_X, parseNewFd);

  setParser(SOCKET_X, parseSocket);
  setParser(SOCKETPAIR_X, parseSocketpair);
  setParser(BIND_X, parseBind);
  setParser(CONNECT_X, parseConnect);
  setParser(ACCEPT_X, parseAccept);
  setParser(ACCEPT4_X, parseAccept);
  setParser(READ_X, parseRead, Light.TRANSFER);
  setParser(READV_X, parseRead, Light.TRANSFER);
  setParser(PREAD_X, parseRead, Light.TRANSFER);
  setParser(PREADV_X, parseRead, Light.TRANSFER);
  setParser(RECV_X, parseRead);
  setParser(RECVFROM_X, parseRead);
  setParser(RECVMSG_X, parseRead);
  setParser(RECVMMSG_X, parseRead);
  setParser(WRITE_X, parseWrite, Light.TRANSFER);
  setParser(WRITEV_X, parseWrite, Light.TRANSFER);
  setParser(PWRITE_X, parseWrite, Light.TRANSFER);
  setParser(PWRITEV_X, parseWrite, Light.TRANSFER);
  setParser(SEND_X, parseWrite);
  setParser(SENDTO_X, parseWrite);
  setParser(SENDMSG_X, parseWrite);
  setParser(SENDMMSG_X, parseWrite);

  setParser(CHDIR_X, parseChdir);
  setParser(GETCWD_X, parseChdir);
  setParser(FCHDIR_X, parseFchdir);
  setParser(CHROOT_X, parseChroot);
  setParser(SETUID_X, parseSetUid);
  setParser(SETRESUID_X, parseSetUid);
  setParser(SETREUID_X, parseSetUid);
  setParser(SETGID_X, parseSetGid);
  setParser(SETRESGID_X, parseSetGid);
  setParser(SETREGID_X, parseSetGid);
  setParser(SETSID_X, parseSetsid);
  setParser(CAPSET_X, parseCapset);
  setParser(UNSHARE_X, parseNamespace);
  setParser(SETNS_X, parseNamespace);
  setParser(PRCTL_X, parsePrctl);
  setParser(GETRLIMIT_X, parseRlimit);
  setParser(SETRLIMIT_X, parseRlimit);
  setParser(PRLIMIT_X, parsePrlimit);
  setParser(BRK_X, parseMemory, Light.MEMORY);
  setParser(MMAP_X, parseMemory, Light.MEMORY);
  setParser(MMAP2_X, parseMemory, Light.MEMORY);
  setParser(MUNMAP_X, parseMemory, Light.MEMORY);

  setParser(USERADDED_E, parseUserRecord);
  setParser(USERDELETED_E, parseUserRecord);
  setParser(GROUPADDED_E, parseGroupRecord);
  setParser(GROUPDELETED_E, parseGroupRecord);
  setParser(ASYNCEVENT_E, parseAsyncEvent);
  setParser(CONTAINER_E, parseContainerJson);
}
