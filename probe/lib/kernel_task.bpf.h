// Kernel structs around a task: only the members that the probe reads.
// The names are the kernel's; sizes and offsets here mean nothing. libbpf finds the real ones in the kernel's
// BTF when it loads the object (preserve_access_index), so one object serves every kernel. A suffix after ___
// is a flavour: another layout of the same struct, which the probe tests for with bpf_core_field_exists.
// Elsewhere: files and mounts (kernel_file.bpf.h), sockets (kernel_net.bpf.h).
#pragma once

#include <linux/bpf.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;

/*
 * A function that is neither inlined nor static: the verifier checks it once, for any arguments, and not again at
 * each call with each state that leads there. For loops this is the difference between milliseconds and a second at
 * every start. Its arguments can only be numbers (until Linux 5.13), so pointers travel as u64.
 */
#define CHECKED_ONCE __attribute__((noinline))

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct list_head {
	struct list_head *next, *prev;
};

struct pt_regs {
	unsigned long bp, bx, r10, r9, r8, cx, dx, si, di, orig_ax;
};

struct thread_info {
	u32 status;
};

typedef struct {
	u32 val;
} kernel_id;

/* One u64 since Linux 6.3, two u32 (low word first) before: 8 bytes with the same meaning on little endian. */
struct capability_set {
	u64 bits;
};

struct uid_gid_extent {
	u32 first, lower_first, count;
};

struct uid_gid_map {
	u32 nr_extents;
	struct uid_gid_extent extent[5];
};

struct user_namespace {
	struct uid_gid_map uid_map, gid_map;
};

struct group_info {
	int ngroups;
	kernel_id gid[];
};

struct cred {
	kernel_id euid, egid, fsuid, fsgid;
	struct capability_set cap_inheritable, cap_permitted, cap_effective;
	struct user_namespace *user_ns;
	struct group_info *group_info;
};

struct pid_namespace;

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	unsigned int level;
	struct upid numbers[1];
};

struct pid_namespace {
	struct task_struct *child_reaper;
	unsigned int level;
};

struct nsproxy {
	struct pid_namespace *pid_ns_for_children;
};

struct tty_driver {
	int major, minor_start;
};

struct tty_struct {
	int index;
	struct tty_driver *driver;
};

struct rlimit {
	unsigned long rlim_cur, rlim_max;
};

struct signal_struct {
	int nr_threads;
	struct list_head thread_head;
	/* bit fields, read with BPF_CORE_READ_BITFIELD_PROBED */
	unsigned int is_child_subreaper : 1;
	unsigned int has_child_subreaper : 1;
	struct pid *pids[4];
	struct tty_struct *tty;
	struct rlimit rlim[16];
};

/* Counters of resident pages: an array of percpu_counter since Linux 6.2, of atomics in a struct before. */
struct percpu_counter {
	s64 count;
};

struct page_atomic {
	s64 counter;
};

struct mm_rss_stat {
	struct page_atomic count[4];
};

struct mm_struct {
	unsigned long total_vm;
	unsigned long arg_start, arg_end, env_start, env_end;
	struct percpu_counter rss_stat[4];
	struct file *exe_file;
};

struct mm_struct___before_6_2 {
	struct mm_rss_stat rss_stat;
};

struct kernfs_node {
	struct kernfs_node *parent; /* until Linux 6.14 */
	const char *name;
};

struct kernfs_node___since_6_15 {
	struct kernfs_node *__parent;
};

struct cgroup_root;

struct cgroup {
	int level;
	struct kernfs_node *kn;
	struct cgroup_root *root;
};

struct cgroup___since_6_1 {
	struct cgroup *ancestors[0];
};

struct cgroup_subsys {
	const char *name;
};

struct cgroup_subsys_state {
	struct cgroup *cgroup;
	struct cgroup_subsys *ss;
};

struct css_set {
	struct cgroup_subsys_state *subsys[16];
	struct cgroup *dfl_cgrp;
};

/* Which controllers a kernel has, and their positions, differ: only the names are meant here. */
enum cgroup_subsys_id {
	cpuset_cgrp_id,
	cpu_cgrp_id,
	cpuacct_cgrp_id,
	io_cgrp_id,
	memory_cgrp_id,
};

struct fs_struct;
struct files_struct;

struct task_struct {
	struct thread_info thread_info;
	unsigned int flags;
	struct mm_struct *mm;
	int exit_code;
	int pid, tgid;
	struct task_struct *real_parent, *group_leader;
	struct list_head children, sibling;
	struct pid *thread_pid;
	struct list_head thread_node;
	unsigned long nvcsw, nivcsw;
	u64 start_time;
	unsigned long min_flt, maj_flt;
	struct cred *cred;
	char comm[16];
	struct fs_struct *fs;
	struct files_struct *files;
	struct nsproxy *nsproxy;
	struct signal_struct *signal;
	kernel_id loginuid;
	struct css_set *cgroups;
};

/* Container-Optimized OS keeps the login uid in a struct of its own. */
struct audit_task_info {
	kernel_id loginuid;
};

struct task_struct___cos {
	struct audit_task_info *audit;
};

struct linux_binprm {
	const char *filename;
};

/* What perf's tracepoints pass. */
struct trace_event_raw_sched_process_exec {
	u32 __data_loc_filename;
};

struct trace_event_raw_sched_process_fork {
	s32 child_pid;
};

struct pcpu_hot {
	int preempt_count;
};

#pragma clang attribute pop

/* Indexes of signal_struct.pids and of rss_stat, the same in every kernel that the probe supports. */
enum pid_kind { PID_OF_THREAD = 0, PID_OF_GROUP_LEADER = 1, PID_OF_PROCESS_GROUP = 2, PID_OF_SESSION = 3 };
enum page_kind { PAGES_FILE = 0, PAGES_ANONYMOUS = 1, PAGES_SWAP = 2, PAGES_SHARED = 3 };

/*
 * TS_COMPAT in thread_info.status: the call came by a 32-bit entry (a 32-bit program, or int 0x80 from a 64-bit one).
 * Its number means another call then.
 */
#define TASK_IS_32BIT_CALL 2
#define TASK_FLAG_EXITING 0x4 /* PF_EXITING */
#define RESOURCE_NOFILE 7 /* RLIMIT_NOFILE */
