// What events about processes say about a task, in the order of their parameters: arguments, ids, memory, name, groups.
// Shared by execve, execveat and the clone family. Elsewhere: where the values come from (task.bpf.h, cgroup.bpf.h).
#pragma once

#include "lib/caller.bpf.h"
#include "lib/cgroup.bpf.h"
#include "lib/program.bpf.h"

#define ARGUMENTS_READ 64 /* of a call that failed: each is read by a step of its own */
#define ARGUMENTS_AT_ONCE 8

/* A region of texts such as the kernel laid out for argv; its last byte becomes the end of the last text. */
static __always_inline void put_texts(struct event *e, u64 start, u64 end, u32 limit)
{
	u64 size = end - start;
	if (end <= start)
		size = 0;
	if (put_user_bytes(e, start, size < limit ? size : limit))
		STORE(u8, e, e->at - 1, 0);
}

/* argv[0] and the other arguments, as the task has them in its memory now. */
static __always_inline void put_arguments(struct event *e, struct mm_struct *mm)
{
	u64 start = BPF_CORE_READ(mm, arg_start), end = BPF_CORE_READ(mm, arg_end);
	u32 length = put_user_text_up_to(e, start, MAX_ARGS_BYTES);
	put_texts(e, start + length, end, MAX_ARGS_BYTES - (length & (MAX_ARGS_BYTES - 1)));
}

/* Some of the texts that an array of pointers leads to, from element `index` on, at s->at, up to `end`. Returns 0 at their end. */
CHECKED_ONCE int write_some_texts(u64 array, u32 index, u32 end)
{
	struct scratch *s = scratch_of_cpu();
	if (!s)
		return 0;
	volatile u32 *at = &s->at;
	for (u32 i = 0; i < ARGUMENTS_AT_ONCE; i++) {
		u64 from;
		if (!read_pointer(s, array, index + i, &from) || !from)
			return 0;
		void *to = s->bytes + (*at & (MAX_EVENT_BYTES - 1));
		long length = bpf_probe_read_user_str(to, MAX_ARGS_BYTES, (const void *)from);
		if (length > 0)
			*at += length;
		if (*at >= end) {
			*at = end;
			s->bytes[(end - 1) & (MAX_EVENT_BYTES - 1)] = 0;
			return 0;
		}
	}
	return 1;
}

static __always_inline void write_texts(u64 array, u32 index, u32 end)
{
	for (u32 i = 0; i < ARGUMENTS_READ; i += ARGUMENTS_AT_ONCE) {
		if (!write_some_texts(array, index + i, end))
			break;
	}
}

static __always_inline void put_pointed_texts(struct event *e, u64 array, u32 index, u32 limit)
{
	volatile u32 *at = &e->s->at;
	u32 start = e->at;
	*at = start;
	if (array && limit)
		write_texts(array, index, start + limit);
	e->at = *at;
	put_length(e, e->at - start);
}

/* The same two parameters of a call that failed: the task has its old memory, the new argv is an argument. */
static __always_inline void put_intended_arguments(struct event *e, u64 argv)
{
	u64 first = 0;
	if (!argv) {
		STORE(u8, e, e->at, 0);
		put_length(e, 1);
		e->at++;
		put_empty(e);
		return;
	}
	read_pointer(e->s, argv, 0, &first);
	u32 length = put_user_text_up_to(e, first, MAX_ARGS_BYTES);
	/* a null pointer ends the array; something else follows */
	put_pointed_texts(e, first ? argv : 0, 1, MAX_ARGS_BYTES - (length & (MAX_ARGS_BYTES - 1)));
}

/* tid … cgroups: twelve parameters that execve and clone have in common. */
static __always_inline void put_process(struct event *e, struct task_struct *task)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	put_s64(e, (s32)e->s->thread);
	put_s64(e, e->s->thread >> 32);
	put_s64(e, parent_id(task));
	put_empty(e); /* cwd: the reader follows chdir, as with Falco */
	put_u64(e, open_files_limit(task));
	put_u64(e, BPF_CORE_READ(task, maj_flt));
	put_u64(e, BPF_CORE_READ(task, min_flt));
	put_u32(e, KIB_OF_PAGES(BPF_CORE_READ(mm, total_vm)));
	put_u32(e, resident_kib(mm));
	put_u32(e, KIB_OF_PAGES(pages_of(mm, PAGES_SWAP)));
	put_kernel_text(e, &task->comm, 16);
	put_cgroups(e, task);
}
