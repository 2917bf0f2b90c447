// A relative path, completed by that of the directory: as falco puts both together.
// In: what a program passes to a call. Out: the path of the file, where what it is relative to is known. Elsewhere: what is known
// (directory_note.bpf.h, working_directory.bpf.h), what is decided by it (filter.bpf.h).
#pragma once

#include "lib/directory_note.bpf.h"
#include "lib/working_directory.bpf.h"

#define NO_FILE 1

/* Of a directory, or with 0 of where the process is. */
static __always_inline struct known_path *find_path(struct scratch *s, u64 file)
{
	if (!file)
		return own_directory(s);
	struct directory_note *note = file == NO_FILE ? NULL : note_of_directory((void *)file);
	return note && !note->is_passed ? &note->path : NULL;
}

#define IS_HERE(text) (((text) & 0xffff) == '.')
#define IS_ABOVE(text) (((text) & 0xffffff) == ('.' | '.' << 8))

#define BEGINS_HERE(text) (((text) & 0xffff) == ('.' | '/' << 8))

static __always_inline void copy_passed(struct scratch *s, u32 to, u32 from, u32 length)
{
	bpf_probe_read_kernel(s->work + NOTED_AT + BOUNDED(to, NOTED_TEXT_BYTES - 1), BOUNDED(length, NOTED_TEXT_BYTES - 1),
			      s->work + OTHER_AT + from);
}

#define SEARCHED_AT_ONCE 16 /* a loop of loops, as in filter_plan.bpf.h: the whole loop was half of the verifier's work at a start */

/* Where the last slash is among SEARCHED_AT_ONCE bytes from `at` on, of a path of `bytes` bytes at NOTED_AT; else `end`. */
CHECKED_ONCE u32 last_slash(u32 at, u32 bytes, u32 end)
{
	struct scratch *s = scratch_of_cpu();
	if (!s)
		return end;
	const u8 *text = s->work + NOTED_AT + BOUNDED(at, NOTED_TEXT_BYTES - 1);
	for (u32 i = 0; i < SEARCHED_AT_ONCE; i++) {
		/* without branches, of which the verifier would follow each at every byte: all bits where there is a slash */
		u64 place = (u64)at + i, differs = text[i] ^ '/', is_slash = (differs - 1 & place - bytes) >> 63;
		end ^= (end ^ place) & -BOUNDED(is_slash, 1);
	}
	return end;
}

/* Where the last part of the path of `bytes` bytes at NOTED_AT begins, without the slash; the root is its own parent. */
static __always_inline u32 end_of_parent(u32 bytes)
{
	u32 end = 0;
	for (u32 at = 0; at < NOTED_TEXT_BYTES; at += SEARCHED_AT_ONCE)
		end = last_slash(at, bytes, end);
	return end ?: 1;
}

/* The path that was fetched, of `base` bytes, or that of its parent where the path that the program passed begins there. */
CHECKED_ONCE u32 climb_path(u32 base)
{
	struct scratch *s = scratch_of_cpu();
	return s && base && IS_ABOVE(*(u32 *)(s->work + OTHER_AT)) ? end_of_parent(base) : base;
}

/* The file of what paths are relative to; 0: where the process is. */
static __always_inline u64 base_of(s32 directory)
{
	return directory == AT_FDCWD ? 0 : address_of_file(directory) ?: NO_FILE;
}

/* Puts what is known at NOTED_AT and into s->base. Returns the length without the 0; 0: nothing. */
CHECKED_ONCE u32 fetch_path(u64 file)
{
	struct scratch *s = scratch_of_cpu();
	struct known_path *known = s ? find_path(s, file) : NULL;
	if (!known)
		return 0;
	u64 owner = *(volatile u64 *)&known->owner;
	u32 version = *(volatile u32 *)&known->version, length = known->length - 1;
	bpf_probe_read_kernel(s->work + NOTED_AT, NOTED_TEXT_BYTES, known->text);
	/* somebody else may have got the place meanwhile */
	if (*(volatile u64 *)&known->owner != owner || *(volatile u32 *)&known->version != version)
		return 0;
	s->base.file = file;
	s->base.version = version;
	return BOUNDED(length, NOTED_TEXT_BYTES - 1);
}

/* The rest of complete_path(), with the length of what it begins with. */
CHECKED_ONCE u32 append_path(u32 base, u32 length)
{
	struct scratch *s = scratch_of_cpu();
	if (!s || !base)
		return 0;
	u32 passed = *(u32 *)(s->work + OTHER_AT);
	bool is_above = IS_ABOVE(passed), is_name = !is_above && !IS_HERE(passed);
	u32 skipped = BEGINS_HERE(passed) && length > 3 ? 2 : 0;
	if (base != 1 || !is_name)
		s->work[NOTED_AT + BOUNDED(base++, NOTED_TEXT_BYTES - 1)] = is_name ? '/' : 0;
	if (base + 2 * length >= NOTED_TEXT_BYTES) {
		s->base.version = 0;
		return 0;
	}
	if (is_name)
		copy_passed(s, base, skipped, length - skipped), base += length - skipped;
	copy_passed(s, base, 0, length);
	s->base.passed_at = base;
	return base;
}

/*
 * Makes the path of a relative one of `length` bytes, which is at OTHER_AT, at NOTED_AT: as the reader puts both together. Returns
 * its length; 0 where the path of the file is not known, or there is no room. After it comes what the program passed.
 */
static __always_inline u32 complete_path(u64 file, u32 length)
{
	return append_path(climb_path(fetch_path(file)), length);
}

/* Whether the file, or the process, has still the path that a relative one was completed by. */
CHECKED_ONCE u32 is_same_path(u64 file, u32 version)
{
	struct scratch *s = scratch_of_cpu();
	struct known_path *known = s ? find_path(s, file) : NULL;
	return known && *(volatile u32 *)&known->version == version;
}
