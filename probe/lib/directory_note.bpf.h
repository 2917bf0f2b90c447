// Directories of which the open was left out, each with the path by which it was opened, which the reader would have: paths relative
// to it are decided by both together, and an event that needs its name has a record of it in front (syscalls/fd_facts.bpf.h).
// In: a file of the kernel's, the path. Out: the path of a relative name. Elsewhere: which directories are left out (file_filter.bpf.h).
//
// As with marks (file_mark.bpf.h) the note belongs to the open file, and its place follows from the file's address. But what is lost
// here nobody else knows: a place is taken only from a file that is no longer open, and a directory that finds none is reported.
#pragma once

#include "lib/file.bpf.h"
#include "lib/known_path.bpf.h"

#define DIRECTORY_NOTES (1 << DIRECTORY_NOTES_LOG)

struct directory_note {
	u64 dentry;
	u32 claims; /* as of call notes, while it is written */
	u32 is_passed; /* a process may have got it under another name */
	struct known_path path; /* its owner is the file */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, DIRECTORY_NOTES);
	__type(key, u32);
	__type(value, struct directory_note);
} directory_notes SEC(".maps");

static __always_inline u64 dentry_of(struct file *file)
{
	return (u64)READ_OF(struct file, file, f_path.dentry);
}

static __always_inline struct directory_note *place_of_directory(struct file *file)
{
	u32 index = (u64)file * 0x9e3779b97f4a7c15 >> (64 - DIRECTORY_NOTES_LOG);
	return bpf_map_lookup_elem(&directory_notes, &index);
}

/* NULL where the reader knows it, or nobody. */
static __always_inline struct directory_note *note_of_directory(struct file *file)
{
	struct directory_note *note = file ? place_of_directory(file) : NULL;
	return note && *(volatile u64 *)&note->path.owner == (u64)file && note->dentry == dentry_of(file) ? note : NULL;
}

/* The reader gets to know a file that has just been opened. Of one that is open, nobody else takes the place. */
static __always_inline void forget_directory(struct file *file)
{
	struct directory_note *note = settings.kernel_filter ? note_of_directory(file) : NULL;
	if (note)
		*(volatile u64 *)&note->path.owner = 0;
}

/* A process gets to know it by the kernel's path. */
static __always_inline void pass_directory(struct file *file)
{
	struct directory_note *note = settings.kernel_filter ? note_of_directory(file) : NULL;
	if (note)
		note->is_passed = 1;
}

/* Whether the file that was there when the place was taken is open still. The memory may be anything by now. */
static __always_inline bool is_still_open(struct file *file, u64 dentry)
{
	struct file___since_6_13 *newer = (void *)file;
	struct file___until_6_12 *older = (void *)file;
	if (dentry_of(file) != dentry)
		return false;
	if (bpf_core_field_exists(newer->f_ref))
		return (u64)BPF_CORE_READ(newer, f_ref.refcnt.counter) < FILE_REFERENCES_RELEASED;
	if (bpf_core_field_exists(older->f_count))
		return BPF_CORE_READ(older, f_count.counter) > 0;
	return true;
}

/* Keeps the path of `length` bytes that is at OTHER_AT. Returns 0 where there is no place for it. */
CHECKED_ONCE int note_directory(u64 address, u32 length)
{
	struct scratch *s = scratch_of_cpu();
	struct file *file = (void *)address;
	struct directory_note *note = place_of_directory(file);
	if (!s || !note || length < 2)
		return 0;
	__sync_fetch_and_add(&note->claims, 1);
	struct file *holder = (void *)*(volatile u64 *)&note->path.owner;
	bool is_free = *(volatile u32 *)&note->claims == 1 &&
		       (!holder || holder == file || !is_still_open(holder, *(volatile u64 *)&note->dentry));
	if (is_free) {
		*(volatile u64 *)&note->path.owner = 0;
		keep_path(s, &note->path, length);
		note->is_passed = 0;
		*(volatile u64 *)&note->dentry = dentry_of(file);
		*(volatile u64 *)&note->path.owner = address;
	}
	__sync_fetch_and_add(&note->claims, -1);
	return is_free;
}
