// Directories of which the open was left out, each with the path by which it was opened, which the reader would have: paths relative
// to it are decided by both together, and an event that needs its name has a record of it in front (syscalls/fd_facts.bpf.h).
// In: a file of the kernel's, the path. Out: the path of a relative name. Elsewhere: which directories are left out (file_filter.bpf.h).
//
// As with marks (file_mark.bpf.h) the note belongs to the open file, and its place follows from the file's address. But what is lost
// here nobody else knows: a place is taken only from a file that is no longer open, and a directory that finds none is reported.
#pragma once

#include "lib/file.bpf.h"

#define NOTED_TEXT_BYTES 256 /* a longer path is not decided */
#define NOTED_AT 0 /* a path in the work area, of which nothing else is in use when a call begins */
#define OTHER_AT 512 /* another one: what completes it, or is kept */
#define DIRECTORY_NOTES (1 << DIRECTORY_NOTES_LOG)

struct directory_note {
	u64 file; /* 0: nobody's */
	u64 dentry;
	u32 claims; /* as of call notes, while it is written */
	u32 version; /* of the text */
	u32 length; /* with the 0 at its end */
	u32 is_passed; /* a process may have got it under another name */
	u64 text[NOTED_TEXT_BYTES / sizeof(u64)];
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
	return note && *(volatile u64 *)&note->file == (u64)file && note->dentry == dentry_of(file) ? note : NULL;
}

/* The reader gets to know a file that has just been opened. Of one that is open, nobody else takes the place. */
static __always_inline void forget_directory(struct file *file)
{
	struct directory_note *note = settings.kernel_filter ? note_of_directory(file) : NULL;
	if (note)
		*(volatile u64 *)&note->file = 0;
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

/* Keeps the path of `length` bytes that is at OTHER_AT. Returns 0 where there is no place. */
CHECKED_ONCE int note_directory(u64 address, u32 length)
{
	struct scratch *s = scratch_of_cpu();
	struct file *file = (void *)address;
	struct directory_note *note = place_of_directory(file);
	if (!s || !note || length < 2)
		return 0;
	__sync_fetch_and_add(&note->claims, 1);
	struct file *holder = (void *)*(volatile u64 *)&note->file;
	bool is_free = *(volatile u32 *)&note->claims == 1 &&
		       (!holder || holder == file || !is_still_open(holder, *(volatile u64 *)&note->dentry));
	if (is_free) {
		*(volatile u64 *)&note->file = 0;
		*(volatile u32 *)&note->version += 1;
		u8 *bytes = (u8 *)note->text;
		bpf_probe_read_kernel(bytes, BOUNDED(length, NOTED_TEXT_BYTES - 1), s->work + OTHER_AT);
		/* the reader leaves a slash at the end out */
		if (length > 2 && bytes[BOUNDED(length - 2, NOTED_TEXT_BYTES - 1)] == '/')
			bytes[BOUNDED(--length - 1, NOTED_TEXT_BYTES - 1)] = 0;
		note->length = length;
		note->is_passed = 0;
		*(volatile u64 *)&note->dentry = dentry_of(file);
		*(volatile u64 *)&note->file = address;
	}
	__sync_fetch_and_add(&note->claims, -1);
	return is_free;
}

#define IS_HERE(text) (((text) & 0xffff) == '.')
#define IS_ABOVE(text) (((text) & 0xffffff) == ('.' | '.' << 8))

/* Where the last part of the path of `bytes` bytes at NOTED_AT begins, without the slash; the root is its own parent. */
CHECKED_ONCE u32 end_of_parent(u32 bytes)
{
	struct scratch *s = scratch_of_cpu();
	u64 end = 0;
	if (!s)
		return 0;
	for (u32 i = 0; i < NOTED_TEXT_BYTES; i++) {
		/* without branches, of which the verifier would follow each at every byte: all bits where there is a slash */
		u64 differs = s->work[NOTED_AT + i] ^ '/', is_slash = (differs - 1 & (u64)i - bytes) >> 63;
		end ^= (end ^ i) & -BOUNDED(is_slash, 1);
	}
	return end ?: 1;
}

/*
 * Makes the path of a relative one of `length` bytes, which is at OTHER_AT, at NOTED_AT: as the reader puts both together. Returns
 * its length; 0 where the directory's is not known. After it comes, if need be, what the program passed.
 */
CHECKED_ONCE u32 complete_path(s32 directory, u32 length)
{
	struct scratch *s = scratch_of_cpu();
	struct file *file = file_of_fd(directory);
	struct directory_note *note = s ? note_of_directory(file) : NULL;
	if (!note || note->is_passed)
		return 0;
	u32 version = *(volatile u32 *)&note->version, base = BOUNDED(note->length - 1, NOTED_TEXT_BYTES - 1);
	u32 passed = *(u32 *)(s->work + OTHER_AT);
	bool is_above = IS_ABOVE(passed), is_name = !is_above && !IS_HERE(passed);
	bpf_probe_read_kernel(s->work + NOTED_AT, NOTED_TEXT_BYTES, note->text);
	if (is_above)
		base = end_of_parent(base);
	if (base != 1 || !is_name)
		s->work[NOTED_AT + BOUNDED(base++, NOTED_TEXT_BYTES - 1)] = is_name ? '/' : 0;
	if (base + length >= NOTED_TEXT_BYTES)
		return 0;
	bpf_probe_read_kernel(s->work + NOTED_AT + BOUNDED(base, NOTED_TEXT_BYTES - 1), BOUNDED(length, NOTED_TEXT_BYTES - 1),
			      s->work + OTHER_AT);
	/* the file may have been closed meanwhile, and another one have got its place */
	if (*(volatile u64 *)&note->file != (u64)file || *(volatile u32 *)&note->version != version)
		return 0;
	s->base.file = (u64)file;
	s->base.version = version;
	s->base.passed_at = base;
	return is_name ? base + length : base;
}

/* Whether the directory has still the path that a relative one was completed by. */
static __always_inline bool is_same_directory(struct file *file, const struct path_base *base)
{
	struct directory_note *note = (u64)file == base->file ? note_of_directory(file) : NULL;
	return note && !note->is_passed && *(volatile u32 *)&note->version == base->version;
}
