// Generated from schema/ by scripts/compile.ts; do not edit.
// Import these by name: the compiler fails without a message when an entry file re-exports them with `export *`.

// Event codes of the current versions.
// @ts-ignore: decorator
@inline export const GENERIC_X: u16 = 1;
// @ts-ignore: decorator
@inline export const OPEN_E: u16 = 2;
// @ts-ignore: decorator
@inline export const OPEN_X: u16 = 3;
// @ts-ignore: decorator
@inline export const CLOSE_X: u16 = 5;
// @ts-ignore: decorator
@inline export const READ_X: u16 = 7;
// @ts-ignore: decorator
@inline export const WRITE_X: u16 = 9;
// @ts-ignore: decorator
@inline export const SOCKET_X: u16 = 19;
// @ts-ignore: decorator
@inline export const BIND_X: u16 = 21;
// @ts-ignore: decorator
@inline export const CONNECT_E: u16 = 22;
// @ts-ignore: decorator
@inline export const CONNECT_X: u16 = 23;
// @ts-ignore: decorator
@inline export const LISTEN_X: u16 = 25;
// @ts-ignore: decorator
@inline export const SEND_X: u16 = 29;
// @ts-ignore: decorator
@inline export const SENDTO_X: u16 = 31;
// @ts-ignore: decorator
@inline export const RECV_X: u16 = 33;
// @ts-ignore: decorator
@inline export const RECVFROM_X: u16 = 35;
// @ts-ignore: decorator
@inline export const SHUTDOWN_X: u16 = 37;
// @ts-ignore: decorator
@inline export const GETSOCKNAME_X: u16 = 39;
// @ts-ignore: decorator
@inline export const GETPEERNAME_X: u16 = 41;
// @ts-ignore: decorator
@inline export const SOCKETPAIR_X: u16 = 43;
// @ts-ignore: decorator
@inline export const SETSOCKOPT_X: u16 = 45;
// @ts-ignore: decorator
@inline export const GETSOCKOPT_X: u16 = 47;
// @ts-ignore: decorator
@inline export const SENDMSG_X: u16 = 49;
// @ts-ignore: decorator
@inline export const SENDMMSG_X: u16 = 51;
// @ts-ignore: decorator
@inline export const RECVMSG_X: u16 = 53;
// @ts-ignore: decorator
@inline export const RECVMMSG_X: u16 = 55;
// @ts-ignore: decorator
@inline export const CREAT_E: u16 = 58;
// @ts-ignore: decorator
@inline export const CREAT_X: u16 = 59;
// @ts-ignore: decorator
@inline export const PIPE_X: u16 = 61;
// @ts-ignore: decorator
@inline export const EVENTFD_X: u16 = 63;
// @ts-ignore: decorator
@inline export const FUTEX_X: u16 = 65;
// @ts-ignore: decorator
@inline export const STAT_X: u16 = 67;
// @ts-ignore: decorator
@inline export const LSTAT_X: u16 = 69;
// @ts-ignore: decorator
@inline export const FSTAT_X: u16 = 71;
// @ts-ignore: decorator
@inline export const STAT64_X: u16 = 73;
// @ts-ignore: decorator
@inline export const LSTAT64_X: u16 = 75;
// @ts-ignore: decorator
@inline export const FSTAT64_X: u16 = 77;
// @ts-ignore: decorator
@inline export const EPOLL_WAIT_X: u16 = 79;
// @ts-ignore: decorator
@inline export const POLL_X: u16 = 81;
// @ts-ignore: decorator
@inline export const SELECT_X: u16 = 83;
// @ts-ignore: decorator
@inline export const LSEEK_X: u16 = 87;
// @ts-ignore: decorator
@inline export const LLSEEK_X: u16 = 89;
// @ts-ignore: decorator
@inline export const GETCWD_X: u16 = 93;
// @ts-ignore: decorator
@inline export const CHDIR_X: u16 = 95;
// @ts-ignore: decorator
@inline export const FCHDIR_X: u16 = 97;
// @ts-ignore: decorator
@inline export const PREAD_X: u16 = 113;
// @ts-ignore: decorator
@inline export const PWRITE_X: u16 = 115;
// @ts-ignore: decorator
@inline export const READV_X: u16 = 117;
// @ts-ignore: decorator
@inline export const WRITEV_X: u16 = 119;
// @ts-ignore: decorator
@inline export const PREADV_X: u16 = 121;
// @ts-ignore: decorator
@inline export const PWRITEV_X: u16 = 123;
// @ts-ignore: decorator
@inline export const SIGNALFD_X: u16 = 127;
// @ts-ignore: decorator
@inline export const KILL_X: u16 = 129;
// @ts-ignore: decorator
@inline export const TKILL_X: u16 = 131;
// @ts-ignore: decorator
@inline export const TGKILL_X: u16 = 133;
// @ts-ignore: decorator
@inline export const NANOSLEEP_X: u16 = 135;
// @ts-ignore: decorator
@inline export const TIMERFD_CREATE_X: u16 = 137;
// @ts-ignore: decorator
@inline export const INOTIFY_INIT_X: u16 = 139;
// @ts-ignore: decorator
@inline export const GETRLIMIT_X: u16 = 141;
// @ts-ignore: decorator
@inline export const SETRLIMIT_X: u16 = 143;
// @ts-ignore: decorator
@inline export const PRLIMIT_X: u16 = 145;
// @ts-ignore: decorator
@inline export const DROP_E: u16 = 148;
// @ts-ignore: decorator
@inline export const DROP_X: u16 = 149;
// @ts-ignore: decorator
@inline export const FCNTL_X: u16 = 151;
// @ts-ignore: decorator
@inline export const SWITCH_E: u16 = 152;
// @ts-ignore: decorator
@inline export const BRK_X: u16 = 159;
// @ts-ignore: decorator
@inline export const MMAP_X: u16 = 161;
// @ts-ignore: decorator
@inline export const MMAP2_X: u16 = 163;
// @ts-ignore: decorator
@inline export const MUNMAP_X: u16 = 165;
// @ts-ignore: decorator
@inline export const SPLICE_X: u16 = 167;
// @ts-ignore: decorator
@inline export const PTRACE_X: u16 = 169;
// @ts-ignore: decorator
@inline export const IOCTL_X: u16 = 171;
// @ts-ignore: decorator
@inline export const RENAME_X: u16 = 175;
// @ts-ignore: decorator
@inline export const RENAMEAT_X: u16 = 177;
// @ts-ignore: decorator
@inline export const SYMLINK_X: u16 = 179;
// @ts-ignore: decorator
@inline export const SYMLINKAT_X: u16 = 181;
// @ts-ignore: decorator
@inline export const PROCEXIT_E: u16 = 186;
// @ts-ignore: decorator
@inline export const SENDFILE_X: u16 = 189;
// @ts-ignore: decorator
@inline export const QUOTACTL_X: u16 = 191;
// @ts-ignore: decorator
@inline export const SETRESUID_X: u16 = 193;
// @ts-ignore: decorator
@inline export const SETRESGID_X: u16 = 195;
// @ts-ignore: decorator
@inline export const SCAPEVENT_E: u16 = 196;
// @ts-ignore: decorator
@inline export const SETUID_X: u16 = 199;
// @ts-ignore: decorator
@inline export const SETGID_X: u16 = 201;
// @ts-ignore: decorator
@inline export const GETUID_X: u16 = 203;
// @ts-ignore: decorator
@inline export const GETEUID_X: u16 = 205;
// @ts-ignore: decorator
@inline export const GETGID_X: u16 = 207;
// @ts-ignore: decorator
@inline export const GETEGID_X: u16 = 209;
// @ts-ignore: decorator
@inline export const GETRESUID_X: u16 = 211;
// @ts-ignore: decorator
@inline export const GETRESGID_X: u16 = 213;
// @ts-ignore: decorator
@inline export const CLONE_X: u16 = 223;
// @ts-ignore: decorator
@inline export const FORK_X: u16 = 225;
// @ts-ignore: decorator
@inline export const VFORK_X: u16 = 227;
// @ts-ignore: decorator
@inline export const SIGNALDELIVER_E: u16 = 232;
// @ts-ignore: decorator
@inline export const PROCINFO_E: u16 = 234;
// @ts-ignore: decorator
@inline export const GETDENTS_X: u16 = 237;
// @ts-ignore: decorator
@inline export const GETDENTS64_X: u16 = 239;
// @ts-ignore: decorator
@inline export const SETNS_X: u16 = 241;
// @ts-ignore: decorator
@inline export const FLOCK_X: u16 = 243;
// @ts-ignore: decorator
@inline export const CPU_HOTPLUG_E: u16 = 244;
// @ts-ignore: decorator
@inline export const ACCEPT_X: u16 = 247;
// @ts-ignore: decorator
@inline export const SEMOP_X: u16 = 251;
// @ts-ignore: decorator
@inline export const SEMCTL_X: u16 = 253;
// @ts-ignore: decorator
@inline export const PPOLL_X: u16 = 255;
// @ts-ignore: decorator
@inline export const MOUNT_X: u16 = 257;
// @ts-ignore: decorator
@inline export const SEMGET_X: u16 = 263;
// @ts-ignore: decorator
@inline export const ACCESS_X: u16 = 265;
// @ts-ignore: decorator
@inline export const CHROOT_X: u16 = 267;
// @ts-ignore: decorator
@inline export const SETSID_X: u16 = 275;
// @ts-ignore: decorator
@inline export const MKDIR_X: u16 = 277;
// @ts-ignore: decorator
@inline export const RMDIR_X: u16 = 279;
// @ts-ignore: decorator
@inline export const NOTIFICATION_E: u16 = 280;
// @ts-ignore: decorator
@inline export const UNSHARE_X: u16 = 285;
// @ts-ignore: decorator
@inline export const INFRA_E: u16 = 286;
// @ts-ignore: decorator
@inline export const PAGE_FAULT_E: u16 = 290;
// @ts-ignore: decorator
@inline export const EXECVE_X: u16 = 293;
// @ts-ignore: decorator
@inline export const SETPGID_X: u16 = 295;
// @ts-ignore: decorator
@inline export const SECCOMP_X: u16 = 299;
// @ts-ignore: decorator
@inline export const UNLINK_X: u16 = 301;
// @ts-ignore: decorator
@inline export const UNLINKAT_X: u16 = 303;
// @ts-ignore: decorator
@inline export const MKDIRAT_X: u16 = 305;
// @ts-ignore: decorator
@inline export const OPENAT_E: u16 = 306;
// @ts-ignore: decorator
@inline export const OPENAT_X: u16 = 307;
// @ts-ignore: decorator
@inline export const LINK_X: u16 = 309;
// @ts-ignore: decorator
@inline export const LINKAT_X: u16 = 311;
// @ts-ignore: decorator
@inline export const FCHMODAT_X: u16 = 313;
// @ts-ignore: decorator
@inline export const CHMOD_X: u16 = 315;
// @ts-ignore: decorator
@inline export const FCHMOD_X: u16 = 317;
// @ts-ignore: decorator
@inline export const RENAMEAT2_X: u16 = 319;
// @ts-ignore: decorator
@inline export const USERFAULTFD_X: u16 = 321;
// @ts-ignore: decorator
@inline export const PLUGINEVENT_E: u16 = 322;
// @ts-ignore: decorator
@inline export const CONTAINER_E: u16 = 324;
// @ts-ignore: decorator
@inline export const OPENAT2_E: u16 = 326;
// @ts-ignore: decorator
@inline export const OPENAT2_X: u16 = 327;
// @ts-ignore: decorator
@inline export const MPROTECT_X: u16 = 329;
// @ts-ignore: decorator
@inline export const EXECVEAT_X: u16 = 331;
// @ts-ignore: decorator
@inline export const COPY_FILE_RANGE_X: u16 = 333;
// @ts-ignore: decorator
@inline export const CLONE3_X: u16 = 335;
// @ts-ignore: decorator
@inline export const OPEN_BY_HANDLE_AT_X: u16 = 337;
// @ts-ignore: decorator
@inline export const IO_URING_SETUP_X: u16 = 339;
// @ts-ignore: decorator
@inline export const IO_URING_ENTER_X: u16 = 341;
// @ts-ignore: decorator
@inline export const IO_URING_REGISTER_X: u16 = 343;
// @ts-ignore: decorator
@inline export const MLOCK_X: u16 = 345;
// @ts-ignore: decorator
@inline export const MUNLOCK_X: u16 = 347;
// @ts-ignore: decorator
@inline export const MLOCKALL_X: u16 = 349;
// @ts-ignore: decorator
@inline export const MUNLOCKALL_X: u16 = 351;
// @ts-ignore: decorator
@inline export const CAPSET_X: u16 = 353;
// @ts-ignore: decorator
@inline export const USERADDED_E: u16 = 354;
// @ts-ignore: decorator
@inline export const USERDELETED_E: u16 = 356;
// @ts-ignore: decorator
@inline export const GROUPADDED_E: u16 = 358;
// @ts-ignore: decorator
@inline export const GROUPDELETED_E: u16 = 360;
// @ts-ignore: decorator
@inline export const DUP2_X: u16 = 363;
// @ts-ignore: decorator
@inline export const DUP3_X: u16 = 365;
// @ts-ignore: decorator
@inline export const DUP_X: u16 = 367;
// @ts-ignore: decorator
@inline export const BPF_X: u16 = 369;
// @ts-ignore: decorator
@inline export const MLOCK2_X: u16 = 371;
// @ts-ignore: decorator
@inline export const FSCONFIG_X: u16 = 373;
// @ts-ignore: decorator
@inline export const EPOLL_CREATE_X: u16 = 375;
// @ts-ignore: decorator
@inline export const EPOLL_CREATE1_X: u16 = 377;
// @ts-ignore: decorator
@inline export const CHOWN_X: u16 = 379;
// @ts-ignore: decorator
@inline export const LCHOWN_X: u16 = 381;
// @ts-ignore: decorator
@inline export const FCHOWN_X: u16 = 383;
// @ts-ignore: decorator
@inline export const FCHOWNAT_X: u16 = 385;
// @ts-ignore: decorator
@inline export const UMOUNT_X: u16 = 387;
// @ts-ignore: decorator
@inline export const ACCEPT4_X: u16 = 389;
// @ts-ignore: decorator
@inline export const UMOUNT2_X: u16 = 391;
// @ts-ignore: decorator
@inline export const PIPE2_X: u16 = 393;
// @ts-ignore: decorator
@inline export const INOTIFY_INIT1_X: u16 = 395;
// @ts-ignore: decorator
@inline export const EVENTFD2_X: u16 = 397;
// @ts-ignore: decorator
@inline export const SIGNALFD4_X: u16 = 399;
// @ts-ignore: decorator
@inline export const PRCTL_X: u16 = 401;
// @ts-ignore: decorator
@inline export const ASYNCEVENT_E: u16 = 402;
// @ts-ignore: decorator
@inline export const MEMFD_CREATE_X: u16 = 405;
// @ts-ignore: decorator
@inline export const PIDFD_GETFD_X: u16 = 407;
// @ts-ignore: decorator
@inline export const PIDFD_OPEN_X: u16 = 409;
// @ts-ignore: decorator
@inline export const INIT_MODULE_X: u16 = 411;
// @ts-ignore: decorator
@inline export const FINIT_MODULE_X: u16 = 413;
// @ts-ignore: decorator
@inline export const MKNOD_X: u16 = 415;
// @ts-ignore: decorator
@inline export const MKNODAT_X: u16 = 417;
// @ts-ignore: decorator
@inline export const NEWFSTATAT_X: u16 = 419;
// @ts-ignore: decorator
@inline export const PROCESS_VM_READV_X: u16 = 421;
// @ts-ignore: decorator
@inline export const PROCESS_VM_WRITEV_X: u16 = 423;
// @ts-ignore: decorator
@inline export const DELETE_MODULE_X: u16 = 425;
// @ts-ignore: decorator
@inline export const SETREUID_X: u16 = 427;
// @ts-ignore: decorator
@inline export const SETREGID_X: u16 = 429;
// @ts-ignore: decorator
@inline export const TASK_E: u16 = 430;
// @ts-ignore: decorator
@inline export const TASK_FILE_PIPE_E: u16 = 432;
// @ts-ignore: decorator
@inline export const TASK_FILE_MEMFD_E: u16 = 434;
// @ts-ignore: decorator
@inline export const TASK_FILE_REGULAR_E: u16 = 436;
// @ts-ignore: decorator
@inline export const TASK_FILE_DIRECTORY_E: u16 = 438;
// @ts-ignore: decorator
@inline export const TASK_FILE_SOCKET_INET_E: u16 = 440;
// @ts-ignore: decorator
@inline export const TASK_FILE_SOCKET_INET6_E: u16 = 442;
// @ts-ignore: decorator
@inline export const TASK_FILE_SOCKET_UNIX_E: u16 = 444;
// @ts-ignore: decorator
@inline export const TASK_FILE_SOCKET_NETLINK_E: u16 = 446;
// @ts-ignore: decorator
@inline export const TASK_FILE_ANON_INODE_E: u16 = 448;
// @ts-ignore: decorator
@inline export const CLOSE_RANGE_X: u16 = 451;
// @ts-ignore: decorator
@inline export const KEYCTL_X: u16 = 453;

// @ts-ignore: decorator
@inline export const EVENT_COUNT: u32 = 454;

// Flags of events.
// @ts-ignore: decorator
@inline export const EF_CREATES_FD: u32 = 1;
// @ts-ignore: decorator
@inline export const EF_DESTROYS_FD: u32 = 2;
// @ts-ignore: decorator
@inline export const EF_USES_FD: u32 = 4;
// @ts-ignore: decorator
@inline export const EF_READS_FROM_FD: u32 = 8;
// @ts-ignore: decorator
@inline export const EF_WRITES_TO_FD: u32 = 16;
// @ts-ignore: decorator
@inline export const EF_MODIFIES_STATE: u32 = 32;
// @ts-ignore: decorator
@inline export const EF_UNUSED: u32 = 64;
// @ts-ignore: decorator
@inline export const EF_WAITS: u32 = 128;
// @ts-ignore: decorator
@inline export const EF_SKIP_PARSER_RESET: u32 = 256;
// @ts-ignore: decorator
@inline export const EF_OLD_VERSION: u32 = 512;
// @ts-ignore: decorator
@inline export const EF_LARGE_PAYLOAD: u32 = 2048;
// @ts-ignore: decorator
@inline export const EF_CONVERTER_MANAGED: u32 = 4096;

// Categories of events: the low bits, then the kinds of source.
// @ts-ignore: decorator
@inline export const EC_UNKNOWN: u32 = 0;
// @ts-ignore: decorator
@inline export const EC_OTHER: u32 = 1;
// @ts-ignore: decorator
@inline export const EC_FILE: u32 = 2;
// @ts-ignore: decorator
@inline export const EC_NET: u32 = 3;
// @ts-ignore: decorator
@inline export const EC_IPC: u32 = 4;
// @ts-ignore: decorator
@inline export const EC_MEMORY: u32 = 5;
// @ts-ignore: decorator
@inline export const EC_PROCESS: u32 = 6;
// @ts-ignore: decorator
@inline export const EC_SLEEP: u32 = 7;
// @ts-ignore: decorator
@inline export const EC_SYSTEM: u32 = 8;
// @ts-ignore: decorator
@inline export const EC_SIGNAL: u32 = 9;
// @ts-ignore: decorator
@inline export const EC_USER: u32 = 10;
// @ts-ignore: decorator
@inline export const EC_TIME: u32 = 11;
// @ts-ignore: decorator
@inline export const EC_PROCESSING: u32 = 12;
// @ts-ignore: decorator
@inline export const EC_IO_READ: u32 = 32;
// @ts-ignore: decorator
@inline export const EC_IO_WRITE: u32 = 33;
// @ts-ignore: decorator
@inline export const EC_IO_OTHER: u32 = 34;
// @ts-ignore: decorator
@inline export const EC_WAIT: u32 = 64;
// @ts-ignore: decorator
@inline export const EC_SCHEDULER: u32 = 128;
// @ts-ignore: decorator
@inline export const EC_INTERNAL: u32 = 256;
// @ts-ignore: decorator
@inline export const EC_SYSCALL: u32 = 512;
// @ts-ignore: decorator
@inline export const EC_TRACEPOINT: u32 = 1024;
// @ts-ignore: decorator
@inline export const EC_PLUGIN: u32 = 2048;
// @ts-ignore: decorator
@inline export const EC_META: u32 = 4096;
// @ts-ignore: decorator
@inline export const EC_ITER: u32 = 8192;

// socket_families
// @ts-ignore: decorator
@inline export const FAM_NFC: u32 = 39;
// @ts-ignore: decorator
@inline export const FAM_ALG: u32 = 38;
// @ts-ignore: decorator
@inline export const FAM_CAIF: u32 = 37;
// @ts-ignore: decorator
@inline export const FAM_IEEE802154: u32 = 36;
// @ts-ignore: decorator
@inline export const FAM_PHONET: u32 = 35;
// @ts-ignore: decorator
@inline export const FAM_ISDN: u32 = 34;
// @ts-ignore: decorator
@inline export const FAM_RXRPC: u32 = 33;
// @ts-ignore: decorator
@inline export const FAM_IUCV: u32 = 32;
// @ts-ignore: decorator
@inline export const FAM_BLUETOOTH: u32 = 31;
// @ts-ignore: decorator
@inline export const FAM_TIPC: u32 = 30;
// @ts-ignore: decorator
@inline export const FAM_CAN: u32 = 29;
// @ts-ignore: decorator
@inline export const FAM_LLC: u32 = 26;
// @ts-ignore: decorator
@inline export const FAM_WANPIPE: u32 = 25;
// @ts-ignore: decorator
@inline export const FAM_PPPOX: u32 = 24;
// @ts-ignore: decorator
@inline export const FAM_IRDA: u32 = 23;
// @ts-ignore: decorator
@inline export const FAM_SNA: u32 = 22;
// @ts-ignore: decorator
@inline export const FAM_RDS: u32 = 21;
// @ts-ignore: decorator
@inline export const FAM_ATMSVC: u32 = 20;
// @ts-ignore: decorator
@inline export const FAM_ECONET: u32 = 19;
// @ts-ignore: decorator
@inline export const FAM_ASH: u32 = 18;
// @ts-ignore: decorator
@inline export const FAM_PACKET: u32 = 17;
// @ts-ignore: decorator
@inline export const FAM_ROUTE: u32 = 16;
// @ts-ignore: decorator
@inline export const FAM_NETLINK: u32 = 16;
// @ts-ignore: decorator
@inline export const FAM_KEY: u32 = 15;
// @ts-ignore: decorator
@inline export const FAM_SECURITY: u32 = 14;
// @ts-ignore: decorator
@inline export const FAM_NETBEUI: u32 = 13;
// @ts-ignore: decorator
@inline export const FAM_DECnet: u32 = 12;
// @ts-ignore: decorator
@inline export const FAM_ROSE: u32 = 11;
// @ts-ignore: decorator
@inline export const FAM_INET6: u32 = 10;
// @ts-ignore: decorator
@inline export const FAM_X25: u32 = 9;
// @ts-ignore: decorator
@inline export const FAM_ATMPVC: u32 = 8;
// @ts-ignore: decorator
@inline export const FAM_BRIDGE: u32 = 7;
// @ts-ignore: decorator
@inline export const FAM_NETROM: u32 = 6;
// @ts-ignore: decorator
@inline export const FAM_APPLETALK: u32 = 5;
// @ts-ignore: decorator
@inline export const FAM_IPX: u32 = 4;
// @ts-ignore: decorator
@inline export const FAM_AX25: u32 = 3;
// @ts-ignore: decorator
@inline export const FAM_INET: u32 = 2;
// @ts-ignore: decorator
@inline export const FAM_LOCAL: u32 = 1;
// @ts-ignore: decorator
@inline export const FAM_UNIX: u32 = 1;
// @ts-ignore: decorator
@inline export const FAM_UNSPEC: u32 = 0;

// file_flags
// @ts-ignore: decorator
@inline export const FO_LARGEFILE: u32 = 2048;
// @ts-ignore: decorator
@inline export const FO_DIRECTORY: u32 = 1024;
// @ts-ignore: decorator
@inline export const FO_DIRECT: u32 = 512;
// @ts-ignore: decorator
@inline export const FO_TRUNC: u32 = 256;
// @ts-ignore: decorator
@inline export const FO_SYNC: u32 = 128;
// @ts-ignore: decorator
@inline export const FO_NONBLOCK: u32 = 64;
// @ts-ignore: decorator
@inline export const FO_EXCL: u32 = 32;
// @ts-ignore: decorator
@inline export const FO_DSYNC: u32 = 16;
// @ts-ignore: decorator
@inline export const FO_APPEND: u32 = 8;
// @ts-ignore: decorator
@inline export const FO_CREAT: u32 = 4;
// @ts-ignore: decorator
@inline export const FO_RDWR: u32 = 3;
// @ts-ignore: decorator
@inline export const FO_WRONLY: u32 = 2;
// @ts-ignore: decorator
@inline export const FO_RDONLY: u32 = 1;
// @ts-ignore: decorator
@inline export const FO_CLOEXEC: u32 = 4096;
// @ts-ignore: decorator
@inline export const FO_NONE: u32 = 0;
// @ts-ignore: decorator
@inline export const FO_TMPFILE: u32 = 8192;
// @ts-ignore: decorator
@inline export const FO_F_CREATED: u32 = 16384;
// @ts-ignore: decorator
@inline export const FO_FD_UPPER_LAYER: u32 = 32768;
// @ts-ignore: decorator
@inline export const FO_FD_LOWER_LAYER: u32 = 65536;

// creat_flags
// @ts-ignore: decorator
@inline export const FC_UPPER_LAYER_CREAT: u32 = 1;
// @ts-ignore: decorator
@inline export const FC_LOWER_LAYER_CREAT: u32 = 2;

// flock_flags
// @ts-ignore: decorator
@inline export const FLOCK_SH: u32 = 1;
// @ts-ignore: decorator
@inline export const FLOCK_EX: u32 = 2;
// @ts-ignore: decorator
@inline export const FLOCK_NB: u32 = 4;
// @ts-ignore: decorator
@inline export const FLOCK_UN: u32 = 8;
// @ts-ignore: decorator
@inline export const FLOCK_NONE: u32 = 0;

// clone_flags
// @ts-ignore: decorator
@inline export const CL_FILES: u32 = 1;
// @ts-ignore: decorator
@inline export const CL_FS: u32 = 2;
// @ts-ignore: decorator
@inline export const CL_IO: u32 = 4;
// @ts-ignore: decorator
@inline export const CL_NEWIPC: u32 = 8;
// @ts-ignore: decorator
@inline export const CL_NEWNET: u32 = 16;
// @ts-ignore: decorator
@inline export const CL_NEWNS: u32 = 32;
// @ts-ignore: decorator
@inline export const CL_NEWPID: u32 = 64;
// @ts-ignore: decorator
@inline export const CL_NEWUTS: u32 = 128;
// @ts-ignore: decorator
@inline export const CL_PARENT: u32 = 256;
// @ts-ignore: decorator
@inline export const CL_PARENT_SETTID: u32 = 512;
// @ts-ignore: decorator
@inline export const CL_PTRACE: u32 = 1024;
// @ts-ignore: decorator
@inline export const CL_SIGHAND: u32 = 2048;
// @ts-ignore: decorator
@inline export const CL_SYSVSEM: u32 = 4096;
// @ts-ignore: decorator
@inline export const CL_THREAD: u32 = 8192;
// @ts-ignore: decorator
@inline export const CL_UNTRACED: u32 = 16384;
// @ts-ignore: decorator
@inline export const CL_VM: u32 = 32768;
// @ts-ignore: decorator
@inline export const CL_INVERTED: u32 = 65536;
// @ts-ignore: decorator
@inline export const CL_NAME_CHANGED: u32 = 131072;
// @ts-ignore: decorator
@inline export const CL_CLOSED: u32 = 262144;
// @ts-ignore: decorator
@inline export const CL_NEWUSER: u32 = 1048576;
// @ts-ignore: decorator
@inline export const CL_CHILD_CLEARTID: u32 = 8388608;
// @ts-ignore: decorator
@inline export const CL_CHILD_SETTID: u32 = 16777216;
// @ts-ignore: decorator
@inline export const CL_SETTLS: u32 = 33554432;
// @ts-ignore: decorator
@inline export const CL_STOPPED: u32 = 67108864;
// @ts-ignore: decorator
@inline export const CL_VFORK: u32 = 134217728;
// @ts-ignore: decorator
@inline export const CL_NEWCGROUP: u32 = 268435456;
// @ts-ignore: decorator
@inline export const CL_CHILD_IN_PIDNS: u32 = 536870912;

// futex_operations
// @ts-ignore: decorator
@inline export const FFUTEX_CLOCK_REALTIME: u32 = 256;
// @ts-ignore: decorator
@inline export const FFUTEX_PRIVATE_FLAG: u32 = 128;
// @ts-ignore: decorator
@inline export const FFUTEX_CMP_REQUEUE_PI: u32 = 12;
// @ts-ignore: decorator
@inline export const FFUTEX_WAIT_REQUEUE_PI: u32 = 11;
// @ts-ignore: decorator
@inline export const FFUTEX_WAKE_BITSET: u32 = 10;
// @ts-ignore: decorator
@inline export const FFUTEX_WAIT_BITSET: u32 = 9;
// @ts-ignore: decorator
@inline export const FFUTEX_TRYLOCK_PI: u32 = 8;
// @ts-ignore: decorator
@inline export const FFUTEX_UNLOCK_PI: u32 = 7;
// @ts-ignore: decorator
@inline export const FFUTEX_LOCK_PI: u32 = 6;
// @ts-ignore: decorator
@inline export const FFUTEX_WAKE_OP: u32 = 5;
// @ts-ignore: decorator
@inline export const FFUTEX_CMP_REQUEUE: u32 = 4;
// @ts-ignore: decorator
@inline export const FFUTEX_REQUEUE: u32 = 3;
// @ts-ignore: decorator
@inline export const FFUTEX_FD: u32 = 2;
// @ts-ignore: decorator
@inline export const FFUTEX_WAKE: u32 = 1;
// @ts-ignore: decorator
@inline export const FFUTEX_WAIT: u32 = 0;

// poll_flags
// @ts-ignore: decorator
@inline export const FPOLL_IN: u32 = 1;
// @ts-ignore: decorator
@inline export const FPOLL_PRI: u32 = 2;
// @ts-ignore: decorator
@inline export const FPOLL_OUT: u32 = 4;
// @ts-ignore: decorator
@inline export const FPOLL_RDHUP: u32 = 8;
// @ts-ignore: decorator
@inline export const FPOLL_ERR: u32 = 16;
// @ts-ignore: decorator
@inline export const FPOLL_HUP: u32 = 32;
// @ts-ignore: decorator
@inline export const FPOLL_NVAL: u32 = 64;
// @ts-ignore: decorator
@inline export const FPOLL_RDNORM: u32 = 128;
// @ts-ignore: decorator
@inline export const FPOLL_RDBAND: u32 = 256;
// @ts-ignore: decorator
@inline export const FPOLL_WRNORM: u32 = 512;
// @ts-ignore: decorator
@inline export const FPOLL_WRBAND: u32 = 1024;

// mount_flags
// @ts-ignore: decorator
@inline export const FMOUNT_RDONLY: u32 = 1;
// @ts-ignore: decorator
@inline export const FMOUNT_NOSUID: u32 = 2;
// @ts-ignore: decorator
@inline export const FMOUNT_NODEV: u32 = 4;
// @ts-ignore: decorator
@inline export const FMOUNT_NOEXEC: u32 = 8;
// @ts-ignore: decorator
@inline export const FMOUNT_SYNCHRONOUS: u32 = 16;
// @ts-ignore: decorator
@inline export const FMOUNT_REMOUNT: u32 = 32;
// @ts-ignore: decorator
@inline export const FMOUNT_MANDLOCK: u32 = 64;
// @ts-ignore: decorator
@inline export const FMOUNT_DIRSYNC: u32 = 128;
// @ts-ignore: decorator
@inline export const FMOUNT_NOATIME: u32 = 1024;
// @ts-ignore: decorator
@inline export const FMOUNT_NODIRATIME: u32 = 2048;
// @ts-ignore: decorator
@inline export const FMOUNT_BIND: u32 = 4096;
// @ts-ignore: decorator
@inline export const FMOUNT_MOVE: u32 = 8192;
// @ts-ignore: decorator
@inline export const FMOUNT_REC: u32 = 16384;
// @ts-ignore: decorator
@inline export const FMOUNT_SILENT: u32 = 32768;
// @ts-ignore: decorator
@inline export const FMOUNT_POSIXACL: u32 = 65536;
// @ts-ignore: decorator
@inline export const FMOUNT_UNBINDABLE: u32 = 131072;
// @ts-ignore: decorator
@inline export const FMOUNT_PRIVATE: u32 = 262144;
// @ts-ignore: decorator
@inline export const FMOUNT_SLAVE: u32 = 524288;
// @ts-ignore: decorator
@inline export const FMOUNT_SHARED: u32 = 1048576;
// @ts-ignore: decorator
@inline export const FMOUNT_RELATIME: u32 = 2097152;
// @ts-ignore: decorator
@inline export const FMOUNT_KERNMOUNT: u32 = 4194304;
// @ts-ignore: decorator
@inline export const FMOUNT_I_VERSION: u32 = 8388608;
// @ts-ignore: decorator
@inline export const FMOUNT_STRICTATIME: u32 = 16777216;
// @ts-ignore: decorator
@inline export const FMOUNT_LAZYTIME: u32 = 33554432;
// @ts-ignore: decorator
@inline export const FMOUNT_NOSEC: u32 = 268435456;
// @ts-ignore: decorator
@inline export const FMOUNT_BORN: u32 = 536870912;
// @ts-ignore: decorator
@inline export const FMOUNT_ACTIVE: u32 = 1073741824;
// @ts-ignore: decorator
@inline export const FMOUNT_NOUSER: u32 = 2147483648;

// umount_flags
// @ts-ignore: decorator
@inline export const FUMOUNT_FORCE: u32 = 1;
// @ts-ignore: decorator
@inline export const FUMOUNT_DETACH: u32 = 2;
// @ts-ignore: decorator
@inline export const FUMOUNT_EXPIRE: u32 = 4;
// @ts-ignore: decorator
@inline export const FUMOUNT_NOFOLLOW: u32 = 8;

// lseek_whence
// @ts-ignore: decorator
@inline export const FSEEK_END: u32 = 2;
// @ts-ignore: decorator
@inline export const FSEEK_CUR: u32 = 1;
// @ts-ignore: decorator
@inline export const FSEEK_SET: u32 = 0;

// shutdown_how
// @ts-ignore: decorator
@inline export const FSHUT_UNKNOWN: u32 = 65535;
// @ts-ignore: decorator
@inline export const FSHUT_RDWR: u32 = 2;
// @ts-ignore: decorator
@inline export const FSHUT_WR: u32 = 1;
// @ts-ignore: decorator
@inline export const FSHUT_RD: u32 = 0;

// rlimit_resources
// @ts-ignore: decorator
@inline export const FRLIMIT_UNKNOWN: u32 = 255;
// @ts-ignore: decorator
@inline export const FRLIMIT_RTTIME: u32 = 15;
// @ts-ignore: decorator
@inline export const FRLIMIT_RTPRIO: u32 = 14;
// @ts-ignore: decorator
@inline export const FRLIMIT_NICE: u32 = 13;
// @ts-ignore: decorator
@inline export const FRLIMIT_MSGQUEUE: u32 = 12;
// @ts-ignore: decorator
@inline export const FRLIMIT_SIGPENDING: u32 = 11;
// @ts-ignore: decorator
@inline export const FRLIMIT_LOCKS: u32 = 10;
// @ts-ignore: decorator
@inline export const FRLIMIT_AS: u32 = 9;
// @ts-ignore: decorator
@inline export const FRLIMIT_MEMLOCK: u32 = 8;
// @ts-ignore: decorator
@inline export const FRLIMIT_NOFILE: u32 = 7;
// @ts-ignore: decorator
@inline export const FRLIMIT_NPROC: u32 = 6;
// @ts-ignore: decorator
@inline export const FRLIMIT_RSS: u32 = 5;
// @ts-ignore: decorator
@inline export const FRLIMIT_CORE: u32 = 4;
// @ts-ignore: decorator
@inline export const FRLIMIT_STACK: u32 = 3;
// @ts-ignore: decorator
@inline export const FRLIMIT_DATA: u32 = 2;
// @ts-ignore: decorator
@inline export const FRLIMIT_FSIZE: u32 = 1;
// @ts-ignore: decorator
@inline export const FRLIMIT_CPU: u32 = 0;

// fcntl_commands
// @ts-ignore: decorator
@inline export const FCNTL_GETPIPE_SZ: u32 = 29;
// @ts-ignore: decorator
@inline export const FCNTL_SETPIPE_SZ: u32 = 28;
// @ts-ignore: decorator
@inline export const FCNTL_NOTIFY: u32 = 27;
// @ts-ignore: decorator
@inline export const FCNTL_DUPFD_CLOEXEC: u32 = 26;
// @ts-ignore: decorator
@inline export const FCNTL_CANCELLK: u32 = 25;
// @ts-ignore: decorator
@inline export const FCNTL_GETLEASE: u32 = 24;
// @ts-ignore: decorator
@inline export const FCNTL_SETLEASE: u32 = 23;
// @ts-ignore: decorator
@inline export const FCNTL_GETOWN_EX: u32 = 22;
// @ts-ignore: decorator
@inline export const FCNTL_SETOWN_EX: u32 = 21;
// @ts-ignore: decorator
@inline export const FCNTL_SETLKW64: u32 = 19;
// @ts-ignore: decorator
@inline export const FCNTL_SETLK64: u32 = 18;
// @ts-ignore: decorator
@inline export const FCNTL_GETLK64: u32 = 17;
// @ts-ignore: decorator
@inline export const FCNTL_GETSIG: u32 = 15;
// @ts-ignore: decorator
@inline export const FCNTL_SETSIG: u32 = 13;
// @ts-ignore: decorator
@inline export const FCNTL_GETOWN: u32 = 12;
// @ts-ignore: decorator
@inline export const FCNTL_SETOWN: u32 = 10;
// @ts-ignore: decorator
@inline export const FCNTL_SETLKW: u32 = 9;
// @ts-ignore: decorator
@inline export const FCNTL_SETLK: u32 = 8;
// @ts-ignore: decorator
@inline export const FCNTL_GETLK: u32 = 6;
// @ts-ignore: decorator
@inline export const FCNTL_SETFL: u32 = 5;
// @ts-ignore: decorator
@inline export const FCNTL_GETFL: u32 = 4;
// @ts-ignore: decorator
@inline export const FCNTL_SETFD: u32 = 3;
// @ts-ignore: decorator
@inline export const FCNTL_GETFD: u32 = 2;
// @ts-ignore: decorator
@inline export const FCNTL_DUPFD: u32 = 1;
// @ts-ignore: decorator
@inline export const FCNTL_OFD_GETLK: u32 = 30;
// @ts-ignore: decorator
@inline export const FCNTL_OFD_SETLK: u32 = 31;
// @ts-ignore: decorator
@inline export const FCNTL_OFD_SETLKW: u32 = 32;
// @ts-ignore: decorator
@inline export const FCNTL_UNKNOWN: u32 = 0;

// sockopt_levels
// @ts-ignore: decorator
@inline export const FSOL_SOCKET: u32 = 1;
// @ts-ignore: decorator
@inline export const FSOL_TCP: u32 = 2;
// @ts-ignore: decorator
@inline export const FSOL_UNKNOWN: u32 = 0;

// sockopt_options
// @ts-ignore: decorator
@inline export const FSO_COOKIE: u32 = 53;
// @ts-ignore: decorator
@inline export const FSO_MEMINFO: u32 = 52;
// @ts-ignore: decorator
@inline export const FSO_PEERGROUPS: u32 = 51;
// @ts-ignore: decorator
@inline export const FSO_ATTACH_BPF: u32 = 50;
// @ts-ignore: decorator
@inline export const FSO_INCOMING_CPU: u32 = 49;
// @ts-ignore: decorator
@inline export const FSO_BPF_EXTENSIONS: u32 = 48;
// @ts-ignore: decorator
@inline export const FSO_MAX_PACING_RATE: u32 = 47;
// @ts-ignore: decorator
@inline export const FSO_BUSY_POLL: u32 = 46;
// @ts-ignore: decorator
@inline export const FSO_SELECT_ERR_QUEUE: u32 = 45;
// @ts-ignore: decorator
@inline export const FSO_LOCK_FILTER: u32 = 44;
// @ts-ignore: decorator
@inline export const FSO_NOFCS: u32 = 43;
// @ts-ignore: decorator
@inline export const FSO_PEEK_OFF: u32 = 42;
// @ts-ignore: decorator
@inline export const FSO_WIFI_STATUS: u32 = 41;
// @ts-ignore: decorator
@inline export const FSO_RXQ_OVFL: u32 = 40;
// @ts-ignore: decorator
@inline export const FSO_DOMAIN: u32 = 39;
// @ts-ignore: decorator
@inline export const FSO_PROTOCOL: u32 = 38;
// @ts-ignore: decorator
@inline export const FSO_TIMESTAMPING: u32 = 37;
// @ts-ignore: decorator
@inline export const FSO_MARK: u32 = 36;
// @ts-ignore: decorator
@inline export const FSO_TIMESTAMPNS: u32 = 35;
// @ts-ignore: decorator
@inline export const FSO_PASSSEC: u32 = 34;
// @ts-ignore: decorator
@inline export const FSO_PEERSEC: u32 = 31;
// @ts-ignore: decorator
@inline export const FSO_ACCEPTCONN: u32 = 30;
// @ts-ignore: decorator
@inline export const FSO_TIMESTAMP: u32 = 29;
// @ts-ignore: decorator
@inline export const FSO_PEERNAME: u32 = 28;
// @ts-ignore: decorator
@inline export const FSO_DETACH_FILTER: u32 = 27;
// @ts-ignore: decorator
@inline export const FSO_ATTACH_FILTER: u32 = 26;
// @ts-ignore: decorator
@inline export const FSO_BINDTODEVICE: u32 = 25;
// @ts-ignore: decorator
@inline export const FSO_SECURITY_ENCRYPTION_NETWORK: u32 = 24;
// @ts-ignore: decorator
@inline export const FSO_SECURITY_ENCRYPTION_TRANSPORT: u32 = 23;
// @ts-ignore: decorator
@inline export const FSO_SECURITY_AUTHENTICATION: u32 = 22;
// @ts-ignore: decorator
@inline export const FSO_SNDTIMEO: u32 = 21;
// @ts-ignore: decorator
@inline export const FSO_RCVTIMEO: u32 = 20;
// @ts-ignore: decorator
@inline export const FSO_SNDLOWAT: u32 = 19;
// @ts-ignore: decorator
@inline export const FSO_RCVLOWAT: u32 = 18;
// @ts-ignore: decorator
@inline export const FSO_PEERCRED: u32 = 17;
// @ts-ignore: decorator
@inline export const FSO_PASSCRED: u32 = 16;
// @ts-ignore: decorator
@inline export const FSO_REUSEPORT: u32 = 15;
// @ts-ignore: decorator
@inline export const FSO_BSDCOMPAT: u32 = 14;
// @ts-ignore: decorator
@inline export const FSO_LINGER: u32 = 13;
// @ts-ignore: decorator
@inline export const FSO_PRIORITY: u32 = 12;
// @ts-ignore: decorator
@inline export const FSO_NO_CHECK: u32 = 11;
// @ts-ignore: decorator
@inline export const FSO_OOBINLINE: u32 = 10;
// @ts-ignore: decorator
@inline export const FSO_KEEPALIVE: u32 = 9;
// @ts-ignore: decorator
@inline export const FSO_RCVBUFFORCE: u32 = 33;
// @ts-ignore: decorator
@inline export const FSO_SNDBUFFORCE: u32 = 32;
// @ts-ignore: decorator
@inline export const FSO_RCVBUF: u32 = 8;
// @ts-ignore: decorator
@inline export const FSO_SNDBUF: u32 = 7;
// @ts-ignore: decorator
@inline export const FSO_BROADCAST: u32 = 6;
// @ts-ignore: decorator
@inline export const FSO_DONTROUTE: u32 = 5;
// @ts-ignore: decorator
@inline export const FSO_ERROR: u32 = 4;
// @ts-ignore: decorator
@inline export const FSO_TYPE: u32 = 3;
// @ts-ignore: decorator
@inline export const FSO_REUSEADDR: u32 = 2;
// @ts-ignore: decorator
@inline export const FSO_DEBUG: u32 = 1;
// @ts-ignore: decorator
@inline export const FSO_UNKNOWN: u32 = 0;

// ptrace_requests
// @ts-ignore: decorator
@inline export const FPTRACE_SINGLEBLOCK: u32 = 38;
// @ts-ignore: decorator
@inline export const FPTRACE_SYSEMU_SINGLESTEP: u32 = 37;
// @ts-ignore: decorator
@inline export const FPTRACE_SYSEMU: u32 = 36;
// @ts-ignore: decorator
@inline export const FPTRACE_ARCH_PRCTL: u32 = 35;
// @ts-ignore: decorator
@inline export const FPTRACE_SET_THREAD_AREA: u32 = 34;
// @ts-ignore: decorator
@inline export const FPTRACE_GET_THREAD_AREA: u32 = 33;
// @ts-ignore: decorator
@inline export const FPTRACE_OLDSETOPTIONS: u32 = 32;
// @ts-ignore: decorator
@inline export const FPTRACE_SETFPXREGS: u32 = 31;
// @ts-ignore: decorator
@inline export const FPTRACE_GETFPXREGS: u32 = 30;
// @ts-ignore: decorator
@inline export const FPTRACE_SETFPREGS: u32 = 29;
// @ts-ignore: decorator
@inline export const FPTRACE_GETFPREGS: u32 = 28;
// @ts-ignore: decorator
@inline export const FPTRACE_SETREGS: u32 = 27;
// @ts-ignore: decorator
@inline export const FPTRACE_GETREGS: u32 = 26;
// @ts-ignore: decorator
@inline export const FPTRACE_SETSIGMASK: u32 = 25;
// @ts-ignore: decorator
@inline export const FPTRACE_GETSIGMASK: u32 = 24;
// @ts-ignore: decorator
@inline export const FPTRACE_PEEKSIGINFO: u32 = 23;
// @ts-ignore: decorator
@inline export const FPTRACE_LISTEN: u32 = 22;
// @ts-ignore: decorator
@inline export const FPTRACE_INTERRUPT: u32 = 21;
// @ts-ignore: decorator
@inline export const FPTRACE_SEIZE: u32 = 20;
// @ts-ignore: decorator
@inline export const FPTRACE_SETREGSET: u32 = 19;
// @ts-ignore: decorator
@inline export const FPTRACE_GETREGSET: u32 = 18;
// @ts-ignore: decorator
@inline export const FPTRACE_SETSIGINFO: u32 = 17;
// @ts-ignore: decorator
@inline export const FPTRACE_GETSIGINFO: u32 = 16;
// @ts-ignore: decorator
@inline export const FPTRACE_GETEVENTMSG: u32 = 15;
// @ts-ignore: decorator
@inline export const FPTRACE_SETOPTIONS: u32 = 14;
// @ts-ignore: decorator
@inline export const FPTRACE_SYSCALL: u32 = 13;
// @ts-ignore: decorator
@inline export const FPTRACE_DETACH: u32 = 12;
// @ts-ignore: decorator
@inline export const FPTRACE_ATTACH: u32 = 11;
// @ts-ignore: decorator
@inline export const FPTRACE_SINGLESTEP: u32 = 10;
// @ts-ignore: decorator
@inline export const FPTRACE_KILL: u32 = 9;
// @ts-ignore: decorator
@inline export const FPTRACE_CONT: u32 = 8;
// @ts-ignore: decorator
@inline export const FPTRACE_POKEUSR: u32 = 7;
// @ts-ignore: decorator
@inline export const FPTRACE_POKEDATA: u32 = 6;
// @ts-ignore: decorator
@inline export const FPTRACE_POKETEXT: u32 = 5;
// @ts-ignore: decorator
@inline export const FPTRACE_PEEKUSR: u32 = 4;
// @ts-ignore: decorator
@inline export const FPTRACE_PEEKDATA: u32 = 3;
// @ts-ignore: decorator
@inline export const FPTRACE_PEEKTEXT: u32 = 2;
// @ts-ignore: decorator
@inline export const FPTRACE_TRACEME: u32 = 1;
// @ts-ignore: decorator
@inline export const FPTRACE_UNKNOWN: u32 = 0;

// prot_flags
// @ts-ignore: decorator
@inline export const FPROT_READ: u32 = 1;
// @ts-ignore: decorator
@inline export const FPROT_WRITE: u32 = 2;
// @ts-ignore: decorator
@inline export const FPROT_EXEC: u32 = 4;
// @ts-ignore: decorator
@inline export const FPROT_SEM: u32 = 8;
// @ts-ignore: decorator
@inline export const FPROT_GROWSDOWN: u32 = 16;
// @ts-ignore: decorator
@inline export const FPROT_GROWSUP: u32 = 32;
// @ts-ignore: decorator
@inline export const FPROT_SAO: u32 = 64;
// @ts-ignore: decorator
@inline export const FPROT_NONE: u32 = 0;

// mmap_flags
// @ts-ignore: decorator
@inline export const FMAP_SHARED: u32 = 1;
// @ts-ignore: decorator
@inline export const FMAP_PRIVATE: u32 = 2;
// @ts-ignore: decorator
@inline export const FMAP_FIXED: u32 = 4;
// @ts-ignore: decorator
@inline export const FMAP_ANONYMOUS: u32 = 8;
// @ts-ignore: decorator
@inline export const FMAP_32BIT: u32 = 16;
// @ts-ignore: decorator
@inline export const FMAP_RENAME: u32 = 32;
// @ts-ignore: decorator
@inline export const FMAP_NORESERVE: u32 = 64;
// @ts-ignore: decorator
@inline export const FMAP_POPULATE: u32 = 128;
// @ts-ignore: decorator
@inline export const FMAP_NONBLOCK: u32 = 256;
// @ts-ignore: decorator
@inline export const FMAP_GROWSDOWN: u32 = 512;
// @ts-ignore: decorator
@inline export const FMAP_DENYWRITE: u32 = 1024;
// @ts-ignore: decorator
@inline export const FMAP_EXECUTABLE: u32 = 2048;
// @ts-ignore: decorator
@inline export const FMAP_INHERIT: u32 = 4096;
// @ts-ignore: decorator
@inline export const FMAP_FILE: u32 = 8192;
// @ts-ignore: decorator
@inline export const FMAP_LOCKED: u32 = 16384;

// splice_flags
// @ts-ignore: decorator
@inline export const FSPLICE_MOVE: u32 = 1;
// @ts-ignore: decorator
@inline export const FSPLICE_NONBLOCK: u32 = 2;
// @ts-ignore: decorator
@inline export const FSPLICE_MORE: u32 = 4;
// @ts-ignore: decorator
@inline export const FSPLICE_GIFT: u32 = 8;

// quotactl_dqi_flags
// @ts-ignore: decorator
@inline export const FDQI_DQF_NONE: u32 = 1;
// @ts-ignore: decorator
@inline export const FDQI_V1_DQF_RSQUASH: u32 = 2;

// quotactl_cmds
// @ts-ignore: decorator
@inline export const FQ_QUOTAON: u32 = 1;
// @ts-ignore: decorator
@inline export const FQ_QUOTAOFF: u32 = 2;
// @ts-ignore: decorator
@inline export const FQ_GETFMT: u32 = 4;
// @ts-ignore: decorator
@inline export const FQ_GETINFO: u32 = 8;
// @ts-ignore: decorator
@inline export const FQ_SETINFO: u32 = 16;
// @ts-ignore: decorator
@inline export const FQ_GETQUOTA: u32 = 32;
// @ts-ignore: decorator
@inline export const FQ_SETQUOTA: u32 = 64;
// @ts-ignore: decorator
@inline export const FQ_SYNC: u32 = 128;
// @ts-ignore: decorator
@inline export const FQ_XQUOTAON: u32 = 256;
// @ts-ignore: decorator
@inline export const FQ_XQUOTAOFF: u32 = 512;
// @ts-ignore: decorator
@inline export const FQ_XGETQUOTA: u32 = 1024;
// @ts-ignore: decorator
@inline export const FQ_XSETQLIM: u32 = 2048;
// @ts-ignore: decorator
@inline export const FQ_XGETQSTAT: u32 = 4096;
// @ts-ignore: decorator
@inline export const FQ_XQUOTARM: u32 = 8192;
// @ts-ignore: decorator
@inline export const FQ_XQUOTASYNC: u32 = 16384;

// quotactl_types
// @ts-ignore: decorator
@inline export const FQTYPE_USRQUOTA: u32 = 1;
// @ts-ignore: decorator
@inline export const FQTYPE_GRPQUOTA: u32 = 2;

// quotactl_quota_fmts
// @ts-ignore: decorator
@inline export const FQFMT_NOT_USED: u32 = 1;
// @ts-ignore: decorator
@inline export const FQFMT_VFS_OLD: u32 = 2;
// @ts-ignore: decorator
@inline export const FQFMT_VFS_V0: u32 = 4;
// @ts-ignore: decorator
@inline export const FQFMT_VFS_V1: u32 = 8;

// semop_flags
// @ts-ignore: decorator
@inline export const FSEMOP_IPC_NOWAIT: u32 = 1;
// @ts-ignore: decorator
@inline export const FSEMOP_SEM_UNDO: u32 = 2;

// semget_flags
// @ts-ignore: decorator
@inline export const FSEMGET_EXCL: u32 = 16384;
// @ts-ignore: decorator
@inline export const FSEMGET_CREAT: u32 = 8192;

// semctl_commands
// @ts-ignore: decorator
@inline export const FSEMCTL_IPC_STAT: u32 = 1;
// @ts-ignore: decorator
@inline export const FSEMCTL_IPC_SET: u32 = 2;
// @ts-ignore: decorator
@inline export const FSEMCTL_IPC_RMID: u32 = 4;
// @ts-ignore: decorator
@inline export const FSEMCTL_IPC_INFO: u32 = 8;
// @ts-ignore: decorator
@inline export const FSEMCTL_SEM_INFO: u32 = 16;
// @ts-ignore: decorator
@inline export const FSEMCTL_SEM_STAT: u32 = 32;
// @ts-ignore: decorator
@inline export const FSEMCTL_GETALL: u32 = 64;
// @ts-ignore: decorator
@inline export const FSEMCTL_GETNCNT: u32 = 128;
// @ts-ignore: decorator
@inline export const FSEMCTL_GETPID: u32 = 256;
// @ts-ignore: decorator
@inline export const FSEMCTL_GETVAL: u32 = 512;
// @ts-ignore: decorator
@inline export const FSEMCTL_GETZCNT: u32 = 1024;
// @ts-ignore: decorator
@inline export const FSEMCTL_SETALL: u32 = 2048;
// @ts-ignore: decorator
@inline export const FSEMCTL_SETVAL: u32 = 4096;

// access_flags
// @ts-ignore: decorator
@inline export const FACCESS_F_OK: u32 = 0;
// @ts-ignore: decorator
@inline export const FACCESS_R_OK: u32 = 4;
// @ts-ignore: decorator
@inline export const FACCESS_W_OK: u32 = 2;
// @ts-ignore: decorator
@inline export const FACCESS_X_OK: u32 = 1;

// pf_flags
// @ts-ignore: decorator
@inline export const FPAGE_PROTECTION_VIOLATION: u32 = 1;
// @ts-ignore: decorator
@inline export const FPAGE_PAGE_NOT_PRESENT: u32 = 2;
// @ts-ignore: decorator
@inline export const FPAGE_WRITE_ACCESS: u32 = 4;
// @ts-ignore: decorator
@inline export const FPAGE_READ_ACCESS: u32 = 8;
// @ts-ignore: decorator
@inline export const FPAGE_USER_FAULT: u32 = 16;
// @ts-ignore: decorator
@inline export const FPAGE_SUPERVISOR_FAULT: u32 = 32;
// @ts-ignore: decorator
@inline export const FPAGE_RESERVED_PAGE: u32 = 64;
// @ts-ignore: decorator
@inline export const FPAGE_INSTRUCTION_FETCH: u32 = 128;

// unlinkat_flags
// @ts-ignore: decorator
@inline export const FUNLINKAT_REMOVEDIR: u32 = 512;

// linkat_flags
// @ts-ignore: decorator
@inline export const FLINKAT_SYMLINK_FOLLOW: u32 = 1024;
// @ts-ignore: decorator
@inline export const FLINKAT_EMPTY_PATH: u32 = 4096;

// newfstatat_flags
// @ts-ignore: decorator
@inline export const FSTATAT_EMPTY_PATH: u32 = 4096;
// @ts-ignore: decorator
@inline export const FSTATAT_NO_AUTOMOUNT: u32 = 2048;
// @ts-ignore: decorator
@inline export const FSTATAT_SYMLINK_NOFOLLOW: u32 = 256;

// chmod_mode
// @ts-ignore: decorator
@inline export const FMODE_IXOTH: u32 = 1;
// @ts-ignore: decorator
@inline export const FMODE_IWOTH: u32 = 2;
// @ts-ignore: decorator
@inline export const FMODE_IROTH: u32 = 4;
// @ts-ignore: decorator
@inline export const FMODE_IXGRP: u32 = 8;
// @ts-ignore: decorator
@inline export const FMODE_IWGRP: u32 = 16;
// @ts-ignore: decorator
@inline export const FMODE_IRGRP: u32 = 32;
// @ts-ignore: decorator
@inline export const FMODE_IXUSR: u32 = 64;
// @ts-ignore: decorator
@inline export const FMODE_IWUSR: u32 = 128;
// @ts-ignore: decorator
@inline export const FMODE_IRUSR: u32 = 256;
// @ts-ignore: decorator
@inline export const FMODE_ISVTX: u32 = 512;
// @ts-ignore: decorator
@inline export const FMODE_ISGID: u32 = 1024;
// @ts-ignore: decorator
@inline export const FMODE_ISUID: u32 = 2048;

// fchownat_flags
// @ts-ignore: decorator
@inline export const FCHOWNAT_SYMLINK_NOFOLLOW: u32 = 1024;
// @ts-ignore: decorator
@inline export const FCHOWNAT_EMPTY_PATH: u32 = 4096;

// renameat2_flags
// @ts-ignore: decorator
@inline export const FRENAME_NOREPLACE: u32 = 1;
// @ts-ignore: decorator
@inline export const FRENAME_EXCHANGE: u32 = 2;
// @ts-ignore: decorator
@inline export const FRENAME_WHITEOUT: u32 = 4;

// openat2_flags
// @ts-ignore: decorator
@inline export const FRESOLVE_BENEATH: u32 = 1;
// @ts-ignore: decorator
@inline export const FRESOLVE_IN_ROOT: u32 = 2;
// @ts-ignore: decorator
@inline export const FRESOLVE_NO_MAGICLINKS: u32 = 4;
// @ts-ignore: decorator
@inline export const FRESOLVE_NO_SYMLINKS: u32 = 8;
// @ts-ignore: decorator
@inline export const FRESOLVE_NO_XDEV: u32 = 16;
// @ts-ignore: decorator
@inline export const FRESOLVE_CACHED: u32 = 32;

// execve_flags
// @ts-ignore: decorator
@inline export const EXE_WRITABLE: u32 = 1;
// @ts-ignore: decorator
@inline export const EXE_UPPER_LAYER: u32 = 2;
// @ts-ignore: decorator
@inline export const EXE_FROM_MEMFD: u32 = 4;
// @ts-ignore: decorator
@inline export const EXE_LOWER_LAYER: u32 = 8;

// execveat_flags
// @ts-ignore: decorator
@inline export const FEXECVEAT_EMPTY_PATH: u32 = 1;
// @ts-ignore: decorator
@inline export const FEXECVEAT_SYMLINK_NOFOLLOW: u32 = 2;

// io_uring_setup_flags
// @ts-ignore: decorator
@inline export const FIORING_SETUP_IOPOLL: u32 = 1;
// @ts-ignore: decorator
@inline export const FIORING_SETUP_SQPOLL: u32 = 2;
// @ts-ignore: decorator
@inline export const FIORING_SQ_NEED_WAKEUP: u32 = 4;
// @ts-ignore: decorator
@inline export const FIORING_SETUP_SQ_AFF: u32 = 8;
// @ts-ignore: decorator
@inline export const FIORING_SETUP_CQSIZE: u32 = 16;
// @ts-ignore: decorator
@inline export const FIORING_SETUP_CLAMP: u32 = 32;
// @ts-ignore: decorator
@inline export const FIORING_SETUP_ATTACH_RW: u32 = 64;
// @ts-ignore: decorator
@inline export const FIORING_SETUP_R_DISABLED: u32 = 128;

// io_uring_setup_feats
// @ts-ignore: decorator
@inline export const FIORING_FEAT_SINGLE_MMAP: u32 = 1;
// @ts-ignore: decorator
@inline export const FIORING_FEAT_NODROP: u32 = 2;
// @ts-ignore: decorator
@inline export const FIORING_FEAT_SUBMIT_STABLE: u32 = 4;
// @ts-ignore: decorator
@inline export const FIORING_FEAT_RW_CUR_POS: u32 = 8;
// @ts-ignore: decorator
@inline export const FIORING_FEAT_CUR_PERSONALITY: u32 = 16;
// @ts-ignore: decorator
@inline export const FIORING_FEAT_FAST_POLL: u32 = 32;
// @ts-ignore: decorator
@inline export const FIORING_FEAT_POLL_32BITS: u32 = 64;
// @ts-ignore: decorator
@inline export const FIORING_FEAT_SQPOLL_NONFIXED: u32 = 128;
// @ts-ignore: decorator
@inline export const FIORING_FEAT_ENTER_EXT_ARG: u32 = 256;
// @ts-ignore: decorator
@inline export const FIORING_FEAT_NATIVE_WORKERS: u32 = 512;
// @ts-ignore: decorator
@inline export const FIORING_FEAT_RSRC_TAGS: u32 = 1024;

// io_uring_enter_flags
// @ts-ignore: decorator
@inline export const FIORING_ENTER_GETEVENTS: u32 = 1;
// @ts-ignore: decorator
@inline export const FIORING_ENTER_SQ_WAKEUP: u32 = 2;
// @ts-ignore: decorator
@inline export const FIORING_ENTER_SQ_WAIT: u32 = 4;
// @ts-ignore: decorator
@inline export const FIORING_ENTER_EXT_ARG: u32 = 8;

// io_uring_register_opcodes
// @ts-ignore: decorator
@inline export const FIORING_REGISTER_BUFFERS: u32 = 0;
// @ts-ignore: decorator
@inline export const FIORING_UNREGISTER_BUFFERS: u32 = 1;
// @ts-ignore: decorator
@inline export const FIORING_REGISTER_FILES: u32 = 2;
// @ts-ignore: decorator
@inline export const FIORING_UNREGISTER_FILES: u32 = 3;
// @ts-ignore: decorator
@inline export const FIORING_REGISTER_EVENTFD: u32 = 4;
// @ts-ignore: decorator
@inline export const FIORING_UNREGISTER_EVENTFD: u32 = 5;
// @ts-ignore: decorator
@inline export const FIORING_REGISTER_FILES_UPDATE: u32 = 6;
// @ts-ignore: decorator
@inline export const FIORING_REGISTER_EVENTFD_ASYNC: u32 = 7;
// @ts-ignore: decorator
@inline export const FIORING_REGISTER_PROBE: u32 = 8;
// @ts-ignore: decorator
@inline export const FIORING_REGISTER_PERSONALITY: u32 = 9;
// @ts-ignore: decorator
@inline export const FIORING_UNREGISTER_PERSONALITY: u32 = 10;
// @ts-ignore: decorator
@inline export const FIORING_REGISTER_RESTRICTIONS: u32 = 11;
// @ts-ignore: decorator
@inline export const FIORING_REGISTER_ENABLE_RINGS: u32 = 12;
// @ts-ignore: decorator
@inline export const FIORING_REGISTER_FILES2: u32 = 13;
// @ts-ignore: decorator
@inline export const FIORING_REGISTER_FILES_UPDATE2: u32 = 14;
// @ts-ignore: decorator
@inline export const FIORING_REGISTER_BUFFERS2: u32 = 15;
// @ts-ignore: decorator
@inline export const FIORING_REGISTER_BUFFERS_UPDATE: u32 = 16;
// @ts-ignore: decorator
@inline export const FIORING_REGISTER_IOWQ_AFF: u32 = 17;
// @ts-ignore: decorator
@inline export const FIORING_UNREGISTER_IOWQ_AFF: u32 = 18;
// @ts-ignore: decorator
@inline export const FIORING_REGISTER_IOWQ_MAX_WORKERS: u32 = 19;
// @ts-ignore: decorator
@inline export const FIORING_REGISTER_RING_FDS: u32 = 20;
// @ts-ignore: decorator
@inline export const FIORING_UNREGISTER_RING_FDS: u32 = 21;

// mlockall_flags
// @ts-ignore: decorator
@inline export const FMCL_CURRENT: u32 = 1;
// @ts-ignore: decorator
@inline export const FMCL_FUTURE: u32 = 2;
// @ts-ignore: decorator
@inline export const FMCL_ONFAULT: u32 = 4;

// mlock2_flags
// @ts-ignore: decorator
@inline export const FMLOCK_ONFAULT: u32 = 1;

// fsconfig_cmds
// @ts-ignore: decorator
@inline export const FFSCONFIG_SET_FLAG: u32 = 0;
// @ts-ignore: decorator
@inline export const FFSCONFIG_SET_STRING: u32 = 1;
// @ts-ignore: decorator
@inline export const FFSCONFIG_SET_BINARY: u32 = 2;
// @ts-ignore: decorator
@inline export const FFSCONFIG_SET_PATH: u32 = 3;
// @ts-ignore: decorator
@inline export const FFSCONFIG_SET_PATH_EMPTY: u32 = 4;
// @ts-ignore: decorator
@inline export const FFSCONFIG_SET_FD: u32 = 5;
// @ts-ignore: decorator
@inline export const FFSCONFIG_CMD_CREATE: u32 = 6;
// @ts-ignore: decorator
@inline export const FFSCONFIG_CMD_RECONFIGURE: u32 = 7;

// epoll_create1_flags
// @ts-ignore: decorator
@inline export const FEPOLL_CLOEXEC: u32 = 1;

// prctl_options
// @ts-ignore: decorator
@inline export const FPR_GET_DUMPABLE: u32 = 3;
// @ts-ignore: decorator
@inline export const FPR_SET_DUMPABLE: u32 = 4;
// @ts-ignore: decorator
@inline export const FPR_GET_KEEPCAPS: u32 = 7;
// @ts-ignore: decorator
@inline export const FPR_SET_KEEPCAPS: u32 = 8;
// @ts-ignore: decorator
@inline export const FPR_SET_NAME: u32 = 15;
// @ts-ignore: decorator
@inline export const FPR_GET_NAME: u32 = 16;
// @ts-ignore: decorator
@inline export const FPR_GET_SECCOMP: u32 = 21;
// @ts-ignore: decorator
@inline export const FPR_SET_SECCOMP: u32 = 22;
// @ts-ignore: decorator
@inline export const FPR_CAPBSET_READ: u32 = 23;
// @ts-ignore: decorator
@inline export const FPR_CAPBSET_DROP: u32 = 24;
// @ts-ignore: decorator
@inline export const FPR_GET_SECUREBITS: u32 = 27;
// @ts-ignore: decorator
@inline export const FPR_SET_SECUREBITS: u32 = 28;
// @ts-ignore: decorator
@inline export const FPR_MCE_KILL: u32 = 33;
// @ts-ignore: decorator
@inline export const FPR_SET_MM: u32 = 35;
// @ts-ignore: decorator
@inline export const FPR_SET_CHILD_SUBREAPER: u32 = 36;
// @ts-ignore: decorator
@inline export const FPR_GET_CHILD_SUBREAPER: u32 = 37;
// @ts-ignore: decorator
@inline export const FPR_SET_NO_NEW_PRIVS: u32 = 38;
// @ts-ignore: decorator
@inline export const FPR_GET_NO_NEW_PRIVS: u32 = 39;
// @ts-ignore: decorator
@inline export const FPR_GET_TID_ADDRESS: u32 = 40;
// @ts-ignore: decorator
@inline export const FPR_SET_THP_DISABLE: u32 = 41;
// @ts-ignore: decorator
@inline export const FPR_GET_THP_DISABLE: u32 = 42;
// @ts-ignore: decorator
@inline export const FPR_CAP_AMBIENT: u32 = 47;

// keyctl_operations
// @ts-ignore: decorator
@inline export const FKEYCTL_GET_KEYRING_ID: u32 = 0;
// @ts-ignore: decorator
@inline export const FKEYCTL_JOIN_SESSION_KEYRING: u32 = 1;
// @ts-ignore: decorator
@inline export const FKEYCTL_UPDATE: u32 = 2;
// @ts-ignore: decorator
@inline export const FKEYCTL_REVOKE: u32 = 3;
// @ts-ignore: decorator
@inline export const FKEYCTL_CHOWN: u32 = 4;
// @ts-ignore: decorator
@inline export const FKEYCTL_SETPERM: u32 = 5;
// @ts-ignore: decorator
@inline export const FKEYCTL_DESCRIBE: u32 = 6;
// @ts-ignore: decorator
@inline export const FKEYCTL_CLEAR: u32 = 7;
// @ts-ignore: decorator
@inline export const FKEYCTL_LINK: u32 = 8;
// @ts-ignore: decorator
@inline export const FKEYCTL_UNLINK: u32 = 9;
// @ts-ignore: decorator
@inline export const FKEYCTL_SEARCH: u32 = 10;
// @ts-ignore: decorator
@inline export const FKEYCTL_READ: u32 = 11;
// @ts-ignore: decorator
@inline export const FKEYCTL_INSTANTIATE: u32 = 12;
// @ts-ignore: decorator
@inline export const FKEYCTL_NEGATE: u32 = 13;
// @ts-ignore: decorator
@inline export const FKEYCTL_SET_REQKEY_KEYRING: u32 = 14;
// @ts-ignore: decorator
@inline export const FKEYCTL_SET_TIMEOUT: u32 = 15;
// @ts-ignore: decorator
@inline export const FKEYCTL_ASSUME_AUTHORITY: u32 = 16;
// @ts-ignore: decorator
@inline export const FKEYCTL_GET_SECURITY: u32 = 17;
// @ts-ignore: decorator
@inline export const FKEYCTL_SESSION_TO_PARENT: u32 = 18;
// @ts-ignore: decorator
@inline export const FKEYCTL_REJECT: u32 = 19;
// @ts-ignore: decorator
@inline export const FKEYCTL_INSTANTIATE_IOV: u32 = 20;
// @ts-ignore: decorator
@inline export const FKEYCTL_INVALIDATE: u32 = 21;
// @ts-ignore: decorator
@inline export const FKEYCTL_GET_PERSISTENT: u32 = 22;
// @ts-ignore: decorator
@inline export const FKEYCTL_DH_COMPUTE: u32 = 23;
// @ts-ignore: decorator
@inline export const FKEYCTL_PKEY_QUERY: u32 = 24;
// @ts-ignore: decorator
@inline export const FKEYCTL_PKEY_ENCRYPT: u32 = 25;
// @ts-ignore: decorator
@inline export const FKEYCTL_PKEY_DECRYPT: u32 = 26;
// @ts-ignore: decorator
@inline export const FKEYCTL_PKEY_SIGN: u32 = 27;
// @ts-ignore: decorator
@inline export const FKEYCTL_PKEY_VERIFY: u32 = 28;
// @ts-ignore: decorator
@inline export const FKEYCTL_RESTRICT_KEYRING: u32 = 29;
// @ts-ignore: decorator
@inline export const FKEYCTL_MOVE: u32 = 30;
// @ts-ignore: decorator
@inline export const FKEYCTL_CAPABILITIES: u32 = 31;
// @ts-ignore: decorator
@inline export const FKEYCTL_WATCH_KEY: u32 = 32;

// memfd_create_flags
// @ts-ignore: decorator
@inline export const FMFD_CLOEXEC: u32 = 1;
// @ts-ignore: decorator
@inline export const FMFD_ALLOW_SEALING: u32 = 2;
// @ts-ignore: decorator
@inline export const FMFD_HUGETLB: u32 = 4;

// pidfd_open_flags
// @ts-ignore: decorator
@inline export const FPIDFD_NONBLOCK: u32 = 1;

// mknod_mode
// @ts-ignore: decorator
@inline export const FMKNOD_IXOTH: u32 = 1;
// @ts-ignore: decorator
@inline export const FMKNOD_IWOTH: u32 = 2;
// @ts-ignore: decorator
@inline export const FMKNOD_IROTH: u32 = 4;
// @ts-ignore: decorator
@inline export const FMKNOD_IXGRP: u32 = 8;
// @ts-ignore: decorator
@inline export const FMKNOD_IWGRP: u32 = 16;
// @ts-ignore: decorator
@inline export const FMKNOD_IRGRP: u32 = 32;
// @ts-ignore: decorator
@inline export const FMKNOD_IXUSR: u32 = 64;
// @ts-ignore: decorator
@inline export const FMKNOD_IWUSR: u32 = 128;
// @ts-ignore: decorator
@inline export const FMKNOD_IRUSR: u32 = 256;
// @ts-ignore: decorator
@inline export const FMKNOD_ISVTX: u32 = 512;
// @ts-ignore: decorator
@inline export const FMKNOD_ISGID: u32 = 1024;
// @ts-ignore: decorator
@inline export const FMKNOD_ISUID: u32 = 2048;
// @ts-ignore: decorator
@inline export const FMKNOD_IFREG: u32 = 32768;
// @ts-ignore: decorator
@inline export const FMKNOD_IFCHR: u32 = 8192;
// @ts-ignore: decorator
@inline export const FMKNOD_IFBLK: u32 = 24576;
// @ts-ignore: decorator
@inline export const FMKNOD_IFIFO: u32 = 4096;
// @ts-ignore: decorator
@inline export const FMKNOD_IFSOCK: u32 = 49152;

// bpf_commands
// @ts-ignore: decorator
@inline export const FBPF_MAP_CREATE: u32 = 0;
// @ts-ignore: decorator
@inline export const FBPF_MAP_LOOKUP_ELEM: u32 = 1;
// @ts-ignore: decorator
@inline export const FBPF_MAP_UPDATE_ELEM: u32 = 2;
// @ts-ignore: decorator
@inline export const FBPF_MAP_DELETE_ELEM: u32 = 3;
// @ts-ignore: decorator
@inline export const FBPF_MAP_GET_NEXT_KEY: u32 = 4;
// @ts-ignore: decorator
@inline export const FBPF_PROG_LOAD: u32 = 5;
// @ts-ignore: decorator
@inline export const FBPF_OBJ_PIN: u32 = 6;
// @ts-ignore: decorator
@inline export const FBPF_OBJ_GET: u32 = 7;
// @ts-ignore: decorator
@inline export const FBPF_PROG_ATTACH: u32 = 8;
// @ts-ignore: decorator
@inline export const FBPF_PROG_DETACH: u32 = 9;
// @ts-ignore: decorator
@inline export const FBPF_PROG_TEST_RUN: u32 = 10;
// @ts-ignore: decorator
@inline export const FBPF_PROG_RUN: u32 = 10;
// @ts-ignore: decorator
@inline export const FBPF_PROG_GET_NEXT_ID: u32 = 11;
// @ts-ignore: decorator
@inline export const FBPF_MAP_GET_NEXT_ID: u32 = 12;
// @ts-ignore: decorator
@inline export const FBPF_PROG_GET_FD_BY_ID: u32 = 13;
// @ts-ignore: decorator
@inline export const FBPF_MAP_GET_FD_BY_ID: u32 = 14;
// @ts-ignore: decorator
@inline export const FBPF_OBJ_GET_INFO_BY_FD: u32 = 15;
// @ts-ignore: decorator
@inline export const FBPF_PROG_QUERY: u32 = 16;
// @ts-ignore: decorator
@inline export const FBPF_RAW_TRACEPOINT_OPEN: u32 = 17;
// @ts-ignore: decorator
@inline export const FBPF_BTF_LOAD: u32 = 18;
// @ts-ignore: decorator
@inline export const FBPF_BTF_GET_FD_BY_ID: u32 = 19;
// @ts-ignore: decorator
@inline export const FBPF_TASK_FD_QUERY: u32 = 20;
// @ts-ignore: decorator
@inline export const FBPF_MAP_LOOKUP_AND_DELETE_ELEM: u32 = 21;
// @ts-ignore: decorator
@inline export const FBPF_MAP_FREEZE: u32 = 22;
// @ts-ignore: decorator
@inline export const FBPF_BTF_GET_NEXT_ID: u32 = 23;
// @ts-ignore: decorator
@inline export const FBPF_MAP_LOOKUP_BATCH: u32 = 24;
// @ts-ignore: decorator
@inline export const FBPF_MAP_LOOKUP_AND_DELETE_BATCH: u32 = 25;
// @ts-ignore: decorator
@inline export const FBPF_MAP_UPDATE_BATCH: u32 = 26;
// @ts-ignore: decorator
@inline export const FBPF_MAP_DELETE_BATCH: u32 = 27;
// @ts-ignore: decorator
@inline export const FBPF_LINK_CREATE: u32 = 28;
// @ts-ignore: decorator
@inline export const FBPF_LINK_UPDATE: u32 = 29;
// @ts-ignore: decorator
@inline export const FBPF_LINK_GET_FD_BY_ID: u32 = 30;
// @ts-ignore: decorator
@inline export const FBPF_LINK_GET_NEXT_ID: u32 = 31;
// @ts-ignore: decorator
@inline export const FBPF_ENABLE_STATS: u32 = 32;
// @ts-ignore: decorator
@inline export const FBPF_ITER_CREATE: u32 = 33;
// @ts-ignore: decorator
@inline export const FBPF_LINK_DETACH: u32 = 34;
// @ts-ignore: decorator
@inline export const FBPF_PROG_BIND_MAP: u32 = 35;

// delete_module_flags
// @ts-ignore: decorator
@inline export const FDELMOD_NONBLOCK: u32 = 2;
// @ts-ignore: decorator
@inline export const FDELMOD_TRUNC: u32 = 1;

// close_range_flags
// @ts-ignore: decorator
@inline export const FCLOSERANGE_UNSHARE: u32 = 2;
// @ts-ignore: decorator
@inline export const FCLOSERANGE_CLOEXEC: u32 = 4;

// finit_module_flags
// @ts-ignore: decorator
@inline export const FMODULE_IGNORE_MODVERSIONS: u32 = 1;
// @ts-ignore: decorator
@inline export const FMODULE_IGNORE_VERMAGIC: u32 = 2;
// @ts-ignore: decorator
@inline export const FMODULE_COMPRESSED_FILE: u32 = 4;

// anon_inode_fd_types
// @ts-ignore: decorator
@inline export const FANON_UNKNOWN: u32 = 0;
// @ts-ignore: decorator
@inline export const FANON_EVENTFD: u32 = 1;
// @ts-ignore: decorator
@inline export const FANON_EVENTPOLL: u32 = 2;
// @ts-ignore: decorator
@inline export const FANON_INOTIFY: u32 = 3;
// @ts-ignore: decorator
@inline export const FANON_SIGNALFD: u32 = 4;
// @ts-ignore: decorator
@inline export const FANON_TIMERFD: u32 = 5;
// @ts-ignore: decorator
@inline export const FANON_IO_URING: u32 = 6;
// @ts-ignore: decorator
@inline export const FANON_USERFAULTFD: u32 = 7;
// @ts-ignore: decorator
@inline export const FANON_PIDFD: u32 = 8;
// @ts-ignore: decorator
@inline export const FANON_BPF_MAP: u32 = 9;
// @ts-ignore: decorator
@inline export const FANON_BPF_PROG: u32 = 10;
// @ts-ignore: decorator
@inline export const FANON_BPF_LINK: u32 = 11;
// @ts-ignore: decorator
@inline export const FANON_BPF_ITER: u32 = 12;
// @ts-ignore: decorator
@inline export const FANON_PERF_EVENT: u32 = 13;

// Values that are never printed by name.
// @ts-ignore: decorator
@inline export const FAT_FDCWD: i64 = -100;
// @ts-ignore: decorator
@inline export const CL_ACTIVE: u32 = 524288;
// @ts-ignore: decorator
@inline export const CL_PIPE_SRC: u32 = 2097152;
// @ts-ignore: decorator
@inline export const CL_PIPE_DST: u32 = 4194304;
// @ts-ignore: decorator
@inline export const CL_IS_MAIN_THREAD: u32 = 1073741824;
// @ts-ignore: decorator
@inline export const SOCKOPT_IDX_UNKNOWN: u32 = 0;
// @ts-ignore: decorator
@inline export const SOCKOPT_IDX_ERRNO: u32 = 1;
// @ts-ignore: decorator
@inline export const SOCKOPT_IDX_UINT32: u32 = 2;
// @ts-ignore: decorator
@inline export const SOCKOPT_IDX_UINT64: u32 = 3;
// @ts-ignore: decorator
@inline export const SOCKOPT_IDX_TIMEVAL: u32 = 4;
// @ts-ignore: decorator
@inline export const PTRACE_IDX_UINT64: u32 = 0;
// @ts-ignore: decorator
@inline export const PTRACE_IDX_SIGTYPE: u32 = 1;
// @ts-ignore: decorator
@inline export const KEYCTL_IDX_INT64: u32 = 0;
// @ts-ignore: decorator
@inline export const KEYCTL_IDX_CHARBUF: u32 = 1;
