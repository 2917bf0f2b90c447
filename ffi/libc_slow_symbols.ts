// Functions of the C library that may take as long as they like: each call runs in a thread of its own and gives a promise.
// Data only. Elsewhere: the others (libc_symbols.ts), bounding how many are under way (files/slow_file.ts).

export const LIBC_SLOW_SYMBOLS = {
  // a sleep that the thread which asks does not share
  slow_epoll_wait: {
    name: "epoll_wait",
    parameters: [
      "i32", // int epfd
      "buffer", // struct epoll_event *events
      "i32", // int maxevents
      "i32", // int timeout
    ],
    result: "i32",
    nonblocking: true,
  },
  // those that a hostile or dead file system may never answer: they run in a thread of their own
  slow_open: {
    name: "open",
    parameters: [
      "buffer", // const char *pathname
      "i32", // int flags
    ],
    result: "i32",
    nonblocking: true,
  },
  slow_read: {
    name: "read",
    parameters: [
      "i32", // int fd
      "buffer", // void *buf
      "usize", // size_t count
    ],
    result: "isize",
    nonblocking: true,
  },
  slow_statx: {
    name: "statx",
    parameters: [
      "i32", // int dirfd
      "buffer", // const char *pathname
      "i32", // int flags
      "u32", // unsigned int mask
      "buffer", // struct statx *statxbuf
    ],
    result: "i32",
    nonblocking: true,
  },
  slow_poll: {
    name: "poll",
    parameters: [
      "buffer", // struct pollfd *fds
      "u64", // nfds_t nfds
      "i32", // int timeout
    ],
    result: "i32",
    nonblocking: true,
  },
  slow_inotify_add_watch: {
    name: "inotify_add_watch",
    parameters: [
      "i32", // int fd
      "buffer", // const char *pathname
      "u32", // uint32_t mask
    ],
    result: "i32",
    nonblocking: true,
  },
  slow_fstatfs: {
    name: "fstatfs",
    parameters: [
      "i32", // int fd
      "buffer", // struct statfs *buf
    ],
    result: "i32",
    nonblocking: true,
  },
  slow_syscall_openat2: {
    name: "syscall",
    parameters: [
      "i64", // long number
      "i32", // int dirfd
      "buffer", // const char *pathname
      "buffer", // struct open_how *how
      "usize", // size_t size
    ],
    result: "i64",
    nonblocking: true,
  },
  slow_syscall_getdents64: {
    name: "syscall",
    parameters: [
      "i64", // long number
      "i32", // int fd
      "buffer", // struct linux_dirent64 *dirp
      "usize", // size_t count
    ],
    result: "i64",
    nonblocking: true,
  },
} as const satisfies Deno.ForeignLibraryInterface;
