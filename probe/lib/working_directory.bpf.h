// Where processes are, by the path that the reader has for it: paths relative to it are decided by both together.
// In: what chdir and its relatives say, forks. Out: the note of a process. Elsewhere: where they are moved (syscalls/path.bpf.h).
//
// There is a note only where all is sure: from a move of a process of one thread on, and where the reader's path is the kernel's. A process
// without one has its relative paths reported, so a note may be lost: that which has not been used for longest is.
#pragma once

#include <linux/fcntl.h>

#include "lib/file.bpf.h"
#include "lib/known_path.bpf.h"
#include "lib/path.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, WORKING_DIRECTORIES);
	__type(key, u32); /* of a process; the owner of the path is when it began */
	__type(value, struct known_path);
} working_directories SEC(".maps");

static __always_inline struct known_path *own_directory(struct scratch *s)
{
	u32 process = s->thread >> 32;
	struct known_path *path = bpf_map_lookup_elem(&working_directories, &process);
	return path && *(volatile u64 *)&path->owner == READ_OF(struct task_struct, current_task(), group_leader, start_time) ? path
																: NULL;
}

/* Keeps the path of `length` bytes that is at OTHER_AT for a process. */
CHECKED_ONCE int note_working_directory(u32 process, u64 started, u32 length)
{
	struct scratch *s = scratch_of_cpu();
	if (!s)
		return 0;
	struct known_path *path = (struct known_path *)(s->work + NOTED_AT);
	path->owner = started;
	path->version = bpf_ktime_get_ns() >> 3 | 1; /* another one each time */
	keep_path(s, path, length);
	return !bpf_map_update_elem(&working_directories, &process, path, BPF_ANY);
}

/* A child is where its parent is, to the reader as well. */
CHECKED_ONCE int inherit_directory(u32 child, u64 started)
{
	struct scratch *s = scratch_of_cpu();
	struct known_path *path = s ? own_directory(s) : NULL;
	if (!path)
		return 0;
	u32 version = *(volatile u32 *)&path->version, length = path->length;
	bpf_probe_read_kernel(s->work + OTHER_AT, NOTED_TEXT_BYTES, path->text);
	if (*(volatile u32 *)&path->version != version || own_directory(s) != path)
		return 0;
	return note_working_directory(child, started, length);
}

static __always_inline void forget_working_directory(struct scratch *s)
{
	u32 process = s->thread >> 32;
	bpf_map_delete_elem(&working_directories, &process);
}

/* Whether up to eight of `left` bytes from `at` on are the same at NOTED_AT and OTHER_AT. */
CHECKED_ONCE u32 are_same_bytes(u32 at, u32 left)
{
	struct scratch *s = scratch_of_cpu();
	if (!s)
		return 0;
	at = BOUNDED(at, NOTED_TEXT_BYTES - 1);
	u64 differ = *(u64 *)(s->work + NOTED_AT + at) ^ *(u64 *)(s->work + OTHER_AT + at);
	return !(left < 8 ? differ & ((1ULL << 8 * left) - 1) : differ);
}

/* Whether the first `length` bytes at NOTED_AT and OTHER_AT are the same. */
CHECKED_ONCE u32 are_same_paths(u32 length)
{
	for (u32 at = 0; at < NOTED_TEXT_BYTES; at += 8) {
		if (at >= length)
			return 1;
		if (!are_same_bytes(at, length - at))
			return 0;
	}
	return 0;
}

/* The process has moved, for the reader to the path of `length` bytes at NOTED_AT; 0: nobody knows. */
CHECKED_ONCE int move_process(u32 length)
{
	struct scratch *s = scratch_of_cpu();
	if (!s)
		return 0;
	forget_working_directory(s);
	struct task_struct *task = current_task();
	if (length < 2 || length >= NOTED_TEXT_BYTES)
		return 0;
	u32 start = write_path((u64)BPF_CORE_READ(task, fs, pwd.dentry), (u64)BPF_CORE_READ(task, fs, pwd.mnt));
	u32 found = PATH_END - start;
	if (!start || start > PATH_END - 1 || found >= NOTED_TEXT_BYTES)
		return 0;
	/* the root has no name */
	if (found == 1)
		*(u16 *)(s->work + OTHER_AT) = '/', found = 2;
	else
		bpf_probe_read_kernel(s->work + OTHER_AT, NOTED_TEXT_BYTES, s->work + (start & (WORK_BYTES / 2 - 1)));
	if (length > 2 && s->work[NOTED_AT + BOUNDED(length - 2, NOTED_TEXT_BYTES - 1)] == '/')
		s->work[NOTED_AT + BOUNDED(--length - 1, NOTED_TEXT_BYTES - 1)] = 0;
	if (found != length || !are_same_paths(length))
		return 0;
	return note_working_directory(s->thread >> 32, BPF_CORE_READ(task, group_leader, start_time), length);
}

/* Whether what the process does next can be followed. Of several threads each can move the process, and falco does not tell their order. */
static __always_inline bool is_followed(struct scratch *s, s64 ret)
{
	if (!settings.kernel_filter || ret < 0)
		return false;
	if (BPF_CORE_READ(current_task(), signal, nr_threads) == 1)
		return true;
	forget_working_directory(s);
	return false;
}
