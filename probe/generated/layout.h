// Generated from schema/ by scripts/compile.ts; do not edit.
#pragma once

#define MAX_CPUS 512
#define MAX_SYSCALLS 512
#define MAX_RINGS 512
#define EVENT_HEADER_BYTES 26
#define MAX_EVENT_BYTES 65536
#define MAX_PATH_BYTES 4096
#define MAX_ARGS_BYTES 4096
#define INTEREST_EXIT 1
#define INTEREST_ENTER 2
#define INTEREST_IA32_EXIT 4
#define INTEREST_IA32_ENTER 8
#define INTEREST_REALPATH_SHIFT 4
#define CANARY_MAGIC 262258890
#define CANARY_CODE 64028
#define CANARY_SLOT 511
#define FORK_CODE 64029
#define FD_CODE 64030
#define MARKED_EVENT 2147483648
#define FILTER_BITS 16384
#define BEGINNING_BITS_LOG 12
#define FILTER_KEYS 4096
#define CALL_NOTES 8192
#define KEPT_FILES 16384
#define FILE_MARKS_LOG 15
#define DIRECTORY_NOTES_LOG 12
#define WORKING_DIRECTORIES 4096
#define FILTER_OPENS 1
#define FILTER_FCNTL 2
#define FILTER_FAILED_UNCLEAN 4
#define FILTER_DIRECTORIES 8
#define NAMED_AS_OPENED 65536
#define NAMED_IF_UNKNOWN 131072
#define PLAIN_READS_CALL 262261335
#define SHADOW_MODE 2
#define SOCKET_BOUND 128
#define KIND_FILE 0
#define KIND_PIPE 1
#define KIND_ANONYMOUS 2
#define KIND_UNIX 3
#define KIND_NETLINK 4
#define KIND_TCP 5
#define KIND_UDP 6
#define KIND_OTHER 31
#define SPARED_KINDS 255
#define SPARES_FAILED 256
#define SPARES_ALL 512
#define FD_IS_RESULT 1024
#define PASSES_FDS 2048
#define SPARES_UNKNOWN 16384
#define CONNECTS_BY_SHIFT 12
#define CLAUSE_SHIFT 16
#define SECOND_CLAUSE 32768
#define ARGUMENT_CLAUSES 64
#define ARGUMENT_VALUES 8
#define LISTED_SPARED 8

/* Value of the per-CPU map `counters`. */
struct probe_counters {
	__u64 reported;
	__u64 drops_buffer_clone_fork;
	__u64 drops_buffer_execve;
	__u64 drops_buffer_connect;
	__u64 drops_buffer_open;
	__u64 drops_buffer_dir_file;
	__u64 drops_buffer_close;
	__u64 drops_buffer_proc_exit;
	__u64 drops_buffer_other;
	__u64 drops_scratch;
	__u64 page_faults;
	__u64 tail_call_failed;
};

/* Value of the map `.rodata.settings`. */
struct probe_settings {
	__u64 boot_epoch_ns;
	__u64 own_mark;
	__u64 cpus_per_ring;
	__u64 wakeup_bytes;
	__u64 wakeup_interval_ns;
	__u64 snaplen;
	__u64 drop_failed;
	__u64 ring_bytes;
	__u64 by_perf;
	__u64 plain_reads;
	__u64 kernel_filter;
};
