// fork, vfork, clone, clone3: one event in the parent (result: the child's id) and one in the child (result 0).
// The child's return from the call passes the same tracepoint with the parent's registers, so both come from here;
// the child's event is the one that has everything about the new task.
// Before both comes a record from the moment at which the kernel has made the child and before it runs: by it the matcher
// makes the child from its parent as that is now. By the time of the two events the parent may have closed files or ended.
#pragma once

#include "lib/process_image.bpf.h"

#define CALL_CLONE 56

static __always_inline int report_clone(struct scratch *s, s64 ret, u16 code, u32 count, u64 kernel_flags)
{
	struct task_struct *task = current_task();
	struct pid_namespace *namespace = pid_namespace_of(pid_of(task, PID_OF_THREAD));
	u32 flags = clone_flags(kernel_flags);
	/* in the parent: its children go to another namespace than its own */
	if (BPF_CORE_READ(namespace, level) || BPF_CORE_READ(task, nsproxy, pid_ns_for_children) != namespace)
		flags |= CL_CHILD_IN_PIDNS;

	struct event e;
	event_begin(&e, s, code, count);
	put_s64(&e, ret);
	if (ret >= 0) {
		put_arguments(&e, BPF_CORE_READ(task, mm));
	} else {
		put_empty(&e);
		put_empty(&e);
	}
	put_process(&e, task);
	put_u32(&e, flags);
	put_u32(&e, effective_uid(task));
	put_u32(&e, effective_gid(task));
	put_s64(&e, inner_id(task, PID_OF_THREAD));
	put_s64(&e, inner_id(task, PID_OF_GROUP_LEADER));
	put_u64(&e, ret ? 0 : pid_namespace_start(task));
	return event_end(&e);
}

EXIT_PROGRAM(x_fork)
{
	return report_clone(s, ret, EVENT(FORK_X), 0);
}

/* No flags either, although the kernel's vfork is a clone with two: so Falco has it. */
EXIT_PROGRAM(x_vfork)
{
	return report_clone(s, ret, EVENT(VFORK_X), 0);
}

EXIT_PROGRAM(x_clone)
{
	return report_clone(s, ret, EVENT(CLONE_X), ARG(0));
}

EXIT_PROGRAM(x_clone3)
{
	u64 flags = 0; /* the first member of struct clone_args */
	bpf_probe_read_user(&flags, sizeof(flags), (const void *)ARG(0));
	return report_clone(s, ret, EVENT(CLONE3_X), flags);
}

#define NEWEST_SEARCHED 16

/* The task with this tid among the last of a list of tasks; 0 when it is not there. */
CHECKED_ONCE u64 newest_task(u64 head, u64 link_offset, s32 tid)
{
	struct list_head *link = (struct list_head *)head;
	for (u32 i = 0; i < NEWEST_SEARCHED; i++) {
		link = BPF_CORE_READ(link, prev);
		if (!link || (u64)link == head)
			break;
		struct task_struct *task = (void *)((u64)link - link_offset);
		if (BPF_CORE_READ(task, pid) == tid)
			return (u64)task;
	}
	return 0;
}

/*
 * The new task. Perf's record has only its number, so it is looked for where the kernel has just put it: at the end of
 * the process's threads, of the caller's children or, with CLONE_PARENT, of its parent's.
 */
static __always_inline struct task_struct *new_task(u64 *ctx)
{
	if (!settings.by_perf)
		return (struct task_struct *)CONTEXT_WORD(ctx, 1);
	struct trace_event_raw_sched_process_fork *record = (void *)ctx;
	struct task_struct *caller = current_task();
	struct signal_struct *signal = BPF_CORE_READ(caller, signal);
	s32 tid = BPF_CORE_READ(record, child_pid);
	u64 sibling = bpf_core_field_offset(struct task_struct, sibling);
	u64 children = bpf_core_field_offset(struct task_struct, children);
	u64 found = newest_task((u64)caller + children, sibling, tid);
	if (!found)
		found = newest_task((u64)signal + bpf_core_field_offset(struct signal_struct, thread_head),
				    bpf_core_field_offset(struct task_struct, thread_node), tid);
	if (!found)
		found = newest_task((u64)BPF_CORE_READ(caller, real_parent) + children, sibling, tid);
	return (struct task_struct *)found;
}

/*
 * Attached: every new thread, in the thread that makes it. Parameters: the child's tid and pid, its parent, the ids in its
 * own namespace, all others the host's; CL_THREAD and CL_FILES as the kernel has done it.
 */
SEC("sched_process_fork") int process_fork(u64 *ctx)
{
	u64 thread = bpf_get_current_pid_tgid();
	if (!(interest[CALL_CLONE] & INTEREST_EXIT) || thread >> 32 == own_tgid)
		return LET_OTHERS_SEE;
	struct scratch *s = scratch_of_cpu();
	struct task_struct *child = new_task(ctx);
	if (!s || !child)
		return LET_OTHERS_SEE;
	begin_thread(s, thread, current_task());
	u32 pid = BPF_CORE_READ(child, tgid);
	u32 flags = pid == thread >> 32 ? CL_THREAD : 0;
	if (BPF_CORE_READ(child, files) == BPF_CORE_READ(current_task(), files))
		flags |= CL_FILES;
	struct event e;
	event_begin(&e, s, FORK_CODE, 6);
	put_s64(&e, BPF_CORE_READ(child, pid));
	put_s64(&e, pid);
	put_s64(&e, parent_id(child));
	put_s64(&e, inner_id(child, PID_OF_THREAD));
	put_s64(&e, inner_id(child, PID_OF_GROUP_LEADER));
	put_u32(&e, flags);
	event_end(&e);
	if (settings.kernel_filter && !(flags & CL_THREAD))
		inherit_directory(pid, BPF_CORE_READ(child, start_time));
	return LET_OTHERS_SEE;
}
