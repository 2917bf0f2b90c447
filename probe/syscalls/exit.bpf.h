// The end of a thread: procexit, with the thread that inherits its children.
// The search for the heir follows the kernel's (find_new_reaper): another thread of the process, else the nearest
// ancestor that has declared itself a subreaper, else the first process of the pid namespace. It is bounded; where
// the bound is reached the answer is -1, and the matcher uses what it knows itself.
#pragma once

#include "lib/filter.bpf.h"
#include "lib/program.bpf.h"
#include "lib/task.bpf.h"

#define HEIR_UNKNOWN (-1)
#define HEIR_NONE 0
#define THREADS_SEARCHED 32
#define ANCESTORS_SEARCHED 64
#define ANCESTORS_AT_ONCE 8

/* A thread of the process that is not exiting; HEIR_NONE when all are. */
CHECKED_ONCE s32 living_thread(u64 process_address)
{
	struct task_struct *process = (void *)process_address;
	struct signal_struct *signal = BPF_CORE_READ(process, signal);
	u64 head = (u64)signal + bpf_core_field_offset(struct signal_struct, thread_head);
	u64 link = (u64)BPF_CORE_READ(signal, thread_head.next);
	for (u32 i = 0; i < THREADS_SEARCHED; i++) {
		if (link == head)
			return HEIR_NONE;
		struct task_struct *thread = (void *)(link - bpf_core_field_offset(struct task_struct, thread_node));
		if (!(BPF_CORE_READ(thread, flags) & TASK_FLAG_EXITING))
			return BPF_CORE_READ(thread, pid);
		link = (u64)BPF_CORE_READ(thread, thread_node.next);
	}
	return HEIR_UNKNOWN;
}

/* The answer where it is known; else the ancestor to go on from is in s->ancestor. */
CHECKED_ONCE s32 living_subreaper(u64 first_address)
{
	struct scratch *s = scratch_of_cpu();
	if (!s)
		return HEIR_UNKNOWN;
	struct task_struct *first = (void *)first_address, *ancestor = (void *)s->ancestor;
	s32 first_id = BPF_CORE_READ(first, pid);
	u32 level = s->level;
	for (u32 i = 0; i < ANCESTORS_AT_ONCE; i++) {
		if (ancestor == first || BPF_CORE_READ(ancestor, thread_pid, level) != level)
			return first_id;
		struct signal_struct *signal = BPF_CORE_READ(ancestor, signal);
		if (BPF_CORE_READ_BITFIELD_PROBED(signal, is_child_subreaper)) {
			s32 heir = living_thread((u64)ancestor);
			if (heir != HEIR_NONE)
				return heir;
		}
		ancestor = BPF_CORE_READ(ancestor, real_parent);
	}
	s->ancestor = (u64)ancestor;
	return HEIR_NONE;
}

static __always_inline s32 heir_of(struct scratch *s, struct task_struct *task)
{
	s32 heir = living_thread((u64)task);
	if (heir != HEIR_NONE)
		return heir;
	struct pid_namespace *namespace = pid_namespace_of(pid_of(task, PID_OF_THREAD));
	struct task_struct *first = BPF_CORE_READ(namespace, child_reaper);
	if (first == task)
		return HEIR_NONE; /* the namespace dies with it */
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	if (!BPF_CORE_READ_BITFIELD_PROBED(signal, has_child_subreaper))
		return BPF_CORE_READ(first, pid);

	s->level = BPF_CORE_READ(task, thread_pid, level);
	s->ancestor = (u64)BPF_CORE_READ(task, real_parent);
	for (u32 i = 0; i < ANCESTORS_SEARCHED; i += ANCESTORS_AT_ONCE) {
		heir = living_subreaper((u64)first);
		if (heir != HEIR_NONE)
			return heir;
	}
	return HEIR_UNKNOWN;
}

/* Attached, for every thread; the kernel's own threads included, since the process list has them too. */
SEC("sched_process_exit") int process_exit(u64 *ctx)
{
	(void)ctx;
	struct task_struct *task = current_task(); /* which is the one that exits */
	u64 thread = bpf_get_current_pid_tgid();
	struct scratch *s = scratch_of_cpu();
	if (!s || thread >> 32 == own_tgid)
		return LET_OTHERS_SEE;
	begin_thread(s, thread, current_task());
	struct call_note *note = settings.kernel_filter ? note_of_thread(thread) : NULL;
	if (note) /* it has died in an open */
		give_back_note(note);

	s32 code = BPF_CORE_READ(task, exit_code);
	u64 children = (u64)task + bpf_core_field_offset(struct task_struct, children);
	bool has_children = (u64)BPF_CORE_READ(task, children.next) != children;
	struct event e;
	event_begin(&e, s, EVENT(PROCEXIT_E));
	put_s64(&e, code);
	put_s64(&e, code >> 8 & 0xff);
	put_u8(&e, code & 0x7f); /* 0x7f itself means stopped, which an exit cannot be */
	put_u8(&e, code >> 7 & 1);
	put_s64(&e, has_children ? heir_of(s, task) : HEIR_NONE);
	event_end(&e);
	return LET_OTHERS_SEE;
}
