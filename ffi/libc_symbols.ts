// The functions of the C library that falco calls, each parameter annotated with its C name.
// Data only. Elsewhere: those that run in a thread of their own (libc_slow_symbols.ts), opening the library and errno (libc.ts), the calls made idiomatic (the other files of ffi/).

import { LIBC_SLOW_SYMBOLS } from "./libc_slow_symbols.ts";

export const LIBC_SYMBOLS = {
  __errno_location: { parameters: [], result: "pointer" },
  setpriority: { parameters: ["i32", "u32", "i32"], result: "i32" },
  strerror: {
    parameters: [
      "i32", // int errnum
    ],
    result: "pointer",
  },
  getpagesize: { parameters: [], result: "i32" },
  getppid: { parameters: [], result: "i32" },
  posix_spawn: {
    parameters: [
      "buffer", // pid_t *pid
      "buffer", // const char *path
      "pointer", // const posix_spawn_file_actions_t *file_actions
      "pointer", // const posix_spawnattr_t *attrp
      "buffer", // char *const argv[]
      "buffer", // char *const envp[]
    ],
    result: "i32",
  },
  waitpid: {
    parameters: [
      "i32", // pid_t pid
      "buffer", // int *wstatus
      "i32", // int options
    ],
    result: "i32",
  },
  vsnprintf: {
    parameters: [
      "buffer", // char *str
      "usize", // size_t size
      "pointer", // const char *format
      "pointer", // va_list ap: an array or a large struct on every ABI we run on, hence passed by address
    ],
    result: "i32",
  },
  open: {
    // variadic in C; without O_CREAT the mode is not read
    parameters: [
      "buffer", // const char *pathname
      "i32", // int flags
    ],
    result: "i32",
  },
  memfd_create: {
    parameters: [
      "buffer", // const char *name
      "u32", // unsigned int flags
    ],
    result: "i32",
  },
  close: {
    parameters: [
      "i32", // int fd
    ],
    result: "i32",
  },
  read: {
    parameters: [
      "i32", // int fd
      "buffer", // void *buf
      "usize", // size_t count
    ],
    result: "isize",
  },
  write: {
    parameters: [
      "i32", // int fd
      "buffer", // const void *buf
      "usize", // size_t count
    ],
    result: "isize",
  },
  pipe2: {
    parameters: [
      "buffer", // int pipefd[2]
      "i32", // int flags
    ],
    result: "i32",
  },
  fcntl: {
    // variadic in C
    parameters: [
      "i32", // int fd
      "i32", // int op
      "i32", // int arg
    ],
    result: "i32",
  },
  socket: {
    parameters: [
      "i32", // int domain
      "i32", // int type
      "i32", // int protocol
    ],
    result: "i32",
  },
  connect: {
    parameters: [
      "i32", // int sockfd
      "buffer", // const struct sockaddr *addr
      "u32", // socklen_t addrlen
    ],
    result: "i32",
  },
  getsockopt: {
    parameters: [
      "i32", // int sockfd
      "i32", // int level
      "i32", // int optname
      "buffer", // void *optval
      "buffer", // socklen_t *optlen
    ],
    result: "i32",
  },
  ioctl: {
    // variadic in C; all that we use take one address
    parameters: [
      "i32", // int fd
      "usize", // unsigned long request
      "buffer", // void *argument
    ],
    result: "i32",
  },
  send: {
    parameters: [
      "i32", // int sockfd
      "buffer", // const void *buf
      "usize", // size_t len
      "i32", // int flags
    ],
    result: "isize",
  },
  readlink: {
    parameters: [
      "buffer", // const char *path
      "buffer", // char *buf
      "usize", // size_t bufsiz
    ],
    result: "isize",
  },
  statx: {
    parameters: [
      "i32", // int dirfd
      "buffer", // const char *pathname
      "i32", // int flags
      "u32", // unsigned int mask
      "buffer", // struct statx *statxbuf
    ],
    result: "i32",
  },
  mmap: {
    parameters: [
      "pointer", // void *addr
      "usize", // size_t length
      "i32", // int prot
      "i32", // int flags
      "i32", // int fd
      "i64", // off_t offset
    ],
    result: "pointer",
  },
  calloc: {
    parameters: [
      "usize", // size_t n
      "usize", // size_t size
    ],
    result: "pointer",
  },
  free: {
    parameters: [
      "pointer", // void *ptr
    ],
    result: "void",
  },
  madvise: {
    parameters: [
      "pointer", // void *addr
      "usize", // size_t length
      "i32", // int advice
    ],
    result: "i32",
  },
  memcpy: {
    parameters: [
      "pointer", // void *dest
      "pointer", // const void *src
      "usize", // size_t n
    ],
    result: "pointer",
  },
  munmap: {
    parameters: [
      "pointer", // void *addr
      "usize", // size_t length
    ],
    result: "i32",
  },
  epoll_create1: {
    parameters: [
      "i32", // int flags
    ],
    result: "i32",
  },
  epoll_ctl: {
    parameters: [
      "i32", // int epfd
      "i32", // int op
      "i32", // int fd
      "buffer", // struct epoll_event *event
    ],
    result: "i32",
  },
  epoll_wait: {
    parameters: [
      "i32", // int epfd
      "buffer", // struct epoll_event *events
      "i32", // int maxevents
      "i32", // int timeout
    ],
    result: "i32",
  },
  eventfd: {
    parameters: [
      "u32", // unsigned int initval
      "i32", // int flags
    ],
    result: "i32",
  },
  clock_gettime: {
    parameters: [
      "i32", // clockid_t clockid
      "buffer", // struct timespec *tp
    ],
    result: "i32",
  },
  prctl: {
    // variadic in C; all of them are registers
    parameters: [
      "i32", // int option
      "u64", // unsigned long arg2
      "u64", // unsigned long arg3
      "u64", // unsigned long arg4
      "u64", // unsigned long arg5
    ],
    result: "i32",
  },
  sigprocmask: {
    parameters: [
      "i32", // int how
      "buffer", // const sigset_t *set
      "buffer", // sigset_t *oldset
    ],
    result: "i32",
  },
  signalfd: {
    parameters: [
      "i32", // int fd
      "buffer", // const sigset_t *mask
      "i32", // int flags
    ],
    result: "i32",
  },
  execve: {
    parameters: [
      "buffer", // const char *pathname
      "buffer", // char *const argv[]
      "buffer", // char *const envp[]
    ],
    result: "i32",
  },
  poll: {
    parameters: [
      "buffer", // struct pollfd *fds
      "u64", // nfds_t nfds
      "i32", // int timeout
    ],
    result: "i32",
  },
  alarm: {
    parameters: [
      "u32", // unsigned int seconds
    ],
    result: "u32",
  },
  _exit: {
    parameters: [
      "i32", // int status
    ],
    result: "void",
  },
  prlimit64: {
    parameters: [
      "i32", // pid_t pid
      "i32", // int resource
      "pointer", // const struct rlimit *new_limit
      "buffer", // struct rlimit *old_limit
    ],
    result: "i32",
  },
  fstatfs: {
    parameters: [
      "i32", // int fd
      "buffer", // struct statfs *buf
    ],
    result: "i32",
  },
  inotify_init1: {
    parameters: [
      "i32", // int flags
    ],
    result: "i32",
  },
  inotify_rm_watch: {
    parameters: [
      "i32", // int fd
      "i32", // int wd
    ],
    result: "i32",
  },
  // system calls that older C libraries have no functions for, through the variadic one that they all have
  syscall_getdents64: {
    name: "syscall",
    parameters: [
      "i64", // long number
      "i32", // int fd
      "buffer", // struct linux_dirent64 *dirp
      "usize", // size_t count
    ],
    result: "i64",
  },
  syscall_fsopen: {
    name: "syscall",
    parameters: [
      "i64", // long number
      "buffer", // const char *fsname
      "u32", // unsigned int flags
    ],
    result: "i64",
  },
  syscall_fsconfig: {
    name: "syscall",
    parameters: [
      "i64", // long number
      "i32", // int fs_fd
      "u32", // unsigned int cmd
      "pointer", // const char *key
      "pointer", // const void *value
      "i32", // int aux
    ],
    result: "i64",
  },
  syscall_fsmount: {
    name: "syscall",
    parameters: [
      "i64", // long number
      "i32", // int fs_fd
      "u32", // unsigned int flags
      "u32", // unsigned int attr_flags
    ],
    result: "i64",
  },
  syscall_any: {
    name: "syscall",
    parameters: [
      "i64", // long number
      ...["i64", "i64", "i64", "i64", "i64", "i64"] as const, // numbers and addresses
    ],
    result: "i64",
  },
  syscall_perf_event_open: {
    name: "syscall",
    parameters: [
      "i64", // long number
      "buffer", // struct perf_event_attr *attr
      "i32", // pid_t pid
      "i32", // int cpu
      "i32", // int group_fd
      "u64", // unsigned long flags
    ],
    result: "i64",
  },
  ...LIBC_SLOW_SYMBOLS,
} as const satisfies Deno.ForeignLibraryInterface;
