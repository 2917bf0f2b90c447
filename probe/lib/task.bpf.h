// Facts about a task: ids as the host and as its own namespace see them, credentials, memory, terminal.
// Out: plain values; unreadable memory gives 0 (the helpers clear what they cannot read).
// Elsewhere: control groups (cgroup.bpf.h), the executable (executable.bpf.h), arguments (process_image.bpf.h).
#pragma once

#include "lib/kernel_task.bpf.h"

#define KIB_OF_PAGES(pages) ((pages) << 2)

/* Since Linux 5.11 the current task comes with its type, and its members can be loaded without a call. */
#define HAS_TYPED_TASK bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf)

static __always_inline struct task_struct *current_task(void)
{
	return (struct task_struct *)bpf_get_current_task();
}

/* What every call is looked at for; `status` has TASK_IS_32BIT_CALL when it came by a 32-bit entry. */
struct caller_ids {
	u64 thread; /* tgid << 32 | tid */
	struct task_struct *task;
	u32 status;
};

static __always_inline struct caller_ids caller_ids(void)
{
	if (HAS_TYPED_TASK) {
		struct task_struct *task = bpf_get_current_task_btf();
		return (struct caller_ids){(u64)task->tgid << 32 | (u32)task->pid, task, task->thread_info.status};
	}
	struct task_struct *task = current_task();
	return (struct caller_ids){bpf_get_current_pid_tgid(), task, BPF_CORE_READ(task, thread_info.status)};
}

static __always_inline struct pid *pid_of(struct task_struct *task, enum pid_kind kind)
{
	if (kind == PID_OF_THREAD)
		return BPF_CORE_READ(task, thread_pid);
	return BPF_CORE_READ(task, signal, pids[kind]);
}

/* A pid has one number per namespace that it is seen in: `numbers`, level + 1 of them, the host's first. */
static __always_inline struct upid *number_at(struct pid *pid, u32 level)
{
	u64 first = (u64)pid + bpf_core_field_offset(struct pid, numbers);
	return (struct upid *)(first + level * bpf_core_type_size(struct upid));
}

static __always_inline struct upid *innermost_number(struct pid *pid)
{
	u32 level = BPF_CORE_READ(pid, level);
	return number_at(pid, level);
}

/* Namespace in which the pid was made. */
static __always_inline struct pid_namespace *pid_namespace_of(struct pid *pid)
{
	struct upid *number = innermost_number(pid);
	return BPF_CORE_READ(number, ns);
}

/* The id in the task's own namespace: what it sees itself. */
static __always_inline s32 inner_id(struct task_struct *task, enum pid_kind kind)
{
	struct upid *number = innermost_number(pid_of(task, kind));
	return BPF_CORE_READ(number, nr);
}

/* The id in the host's namespace. */
static __always_inline s32 host_id(struct task_struct *task, enum pid_kind kind)
{
	struct upid *number = number_at(pid_of(task, kind), 0);
	return BPF_CORE_READ(number, nr);
}

/* Time after boot at which the first process of the task's pid namespace was started. */
static __always_inline u64 pid_namespace_start(struct task_struct *task)
{
	struct pid_namespace *namespace = pid_namespace_of(pid_of(task, PID_OF_GROUP_LEADER));
	return BPF_CORE_READ(namespace, child_reaper, start_time);
}

static __always_inline s32 parent_id(struct task_struct *task)
{
	return BPF_CORE_READ(task, real_parent, pid);
}

#define capability_bits(task, set)                                                      \
	({                                                                              \
		struct cred *cred_ = BPF_CORE_READ(task, cred);                   \
		u64 bits_ = 0;                                                          \
		bpf_core_read(&bits_, sizeof(bits_), &cred_->set);                      \
		bits_ & ((1ULL << 41) - 1); /* those that have a name: up to CHECKPOINT_RESTORE */ \
	})

static __always_inline u32 effective_uid(struct task_struct *task)
{
	return BPF_CORE_READ(task, cred, euid.val);
}

static __always_inline u32 effective_gid(struct task_struct *task)
{
	return BPF_CORE_READ(task, cred, egid.val);
}

static __always_inline u32 login_uid(struct task_struct *task)
{
	if (bpf_core_field_exists(task->loginuid))
		return BPF_CORE_READ(task, loginuid.val);
	struct task_struct___cos *cos = (void *)task;
	if (bpf_core_field_exists(cos->audit))
		return BPF_CORE_READ(cos, audit, loginuid.val);
	return -1;
}

static __always_inline u64 open_files_limit(struct task_struct *task)
{
	return BPF_CORE_READ(task, signal, rlim[RESOURCE_NOFILE].rlim_cur);
}

/* A device number as user space has it: the kernel's own has 12 bits of major and 20 of minor. */
static __always_inline u32 user_device(u32 kernel_device)
{
	u32 major = kernel_device >> 20, minor = kernel_device & 0xfffff;
	return (minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12);
}

/* Device number of the controlling terminal, 0 without one. */
static __always_inline u32 terminal(struct task_struct *task)
{
	struct tty_struct *tty = BPF_CORE_READ(task, signal, tty);
	if (!tty)
		return 0;
	struct tty_driver *driver = BPF_CORE_READ(tty, driver);
	u32 minor = BPF_CORE_READ(driver, minor_start) + BPF_CORE_READ(tty, index);
	return user_device((BPF_CORE_READ(driver, major) << 20) + minor);
}

static __always_inline u64 pages_of(struct mm_struct *mm, enum page_kind kind)
{
	s64 pages = 0;
	u32 at;
	/* The kernel's atomics are nameless structs that cannot be looked up: only the array gives their offset. */
	if (bpf_core_type_exists(struct mm_rss_stat))
		at = bpf_core_field_offset(struct mm_struct___before_6_2, rss_stat) +
		     bpf_core_field_offset(struct mm_rss_stat, count) + kind * sizeof(pages);
	/* Only the shared part of the counter: what the CPUs hold back (some pages each) is not added. */
	else
		at = bpf_core_field_offset(struct mm_struct, rss_stat) + kind * bpf_core_type_size(struct percpu_counter) +
		     bpf_core_field_offset(struct percpu_counter, count);
	bpf_probe_read_kernel(&pages, sizeof(pages), (u8 *)mm + at);
	return pages;
}

static __always_inline u32 resident_kib(struct mm_struct *mm)
{
	return KIB_OF_PAGES(pages_of(mm, PAGES_FILE) + pages_of(mm, PAGES_ANONYMOUS) + pages_of(mm, PAGES_SHARED));
}
