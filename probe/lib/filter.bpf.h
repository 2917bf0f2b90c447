// The kernel's part of the push-down: whether any rule can match the open of a file, and whether anybody asks about its fd.
// In: the plan of the loaded rules (rules/kernel_filter/plan.ts), written by sources/live. Out: decisions for syscalls/.
// What cannot be decided is reported: a path that is relative, long or to be shortened, an open whose entry was not seen.
// Files are regular files and devices; all else that an open can give is state and always reported.
//
// An open is decided at its entry, by the text that the kernel is about to read. If nothing can match, the event at entry is
// not written but noted with the thread; at return it is written after all when the open has given no file.
#pragma once

#include "lib/event.bpf.h"
#include "lib/file.bpf.h"
#include "lib/filter_plan.bpf.h"
#include "lib/flags.bpf.h"

#define NOTED_AT 0 /* in the work area, of which nothing else is in use when a call begins */

/* What the beginning of a call leaves for its end. */
struct call_note {
	u64 path; /* of an open that has been decided: where its text lies; 0: none */
	u32 number;
	u32 generation;
	u32 kinds; /* the bit of its kind; << 16 where the text matches what the resolved path would have to */
	u32 flags, mode;
	s32 directory;
	u32 length;
	u8 text[NOTED_TEXT_BYTES];
};

/* By thread; those of threads that have ended are removed (syscalls/exit.bpf.h). */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, CALL_NOTES);
	__type(key, u32);
	__type(value, struct call_note);
} call_notes SEC(".maps");

/* Files that the reader knows although others like them are left out: their closes are reported. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, KEPT_FILES);
	__type(key, u64);
	__type(value, u32);
} kept_files SEC(".maps");

const struct call_note no_note = {};

#define ANONYMOUS_MAGIC 0x09041934
#define PIDFS_MAGIC 0x50494446
#define NAMESPACES_MAGIC 0x6e736673
#define MODE_REGULAR 0100000
#define MODE_CHARACTERS 0020000
#define MODE_BLOCKS 0060000

/* Before the event of a call that is left out is not written: in shadow mode it is, with a mark. */
static __always_inline bool is_shadowed(void)
{
	return filters(FILTER_SHADOW);
}

static __always_inline void count_left_out(u32 number)
{
	u32 zero = 0;
	struct calls_left_out *all = bpf_map_lookup_elem(&left_out, &zero);
	if (all)
		all->by_number[BOUNDED(number, MAX_SYSCALLS - 1)]++;
}

static __always_inline void mark_event(struct event *e, bool is_left_out, u32 count)
{
	if (is_left_out)
		STORE(u32, e, 22, count | MARKED_EVENT);
}

static __always_inline struct call_note *note_of_thread(struct scratch *s, bool make)
{
	u32 tid = s->thread;
	struct call_note *note = bpf_map_lookup_elem(&call_notes, &tid);
	if (note || !make)
		return note;
	bpf_map_update_elem(&call_notes, &tid, &no_note, BPF_NOEXIST);
	return bpf_map_lookup_elem(&call_notes, &tid);
}

/* A regular file or a device, and not one of the kernel's own objects that look like files. */
static __always_inline bool is_plain(struct file *file)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	u32 kind = BPF_CORE_READ(inode, i_mode) & MODE_KIND;
	if (kind != MODE_REGULAR && kind != MODE_CHARACTERS && kind != MODE_BLOCKS)
		return false;
	u64 magic = BPF_CORE_READ(inode, i_sb, s_magic);
	return magic != ANONYMOUS_MAGIC && magic != PIDFS_MAGIC && magic != NAMESPACES_MAGIC;
}

/* The reader gets to know the file. */
static __always_inline void keep_file(struct file *file)
{
	u64 key = (u64)file;
	u32 value = 1;
	if (file && filters(FILTER_OPENS))
		bpf_map_update_elem(&kept_files, &key, &value, BPF_ANY);
}

/* The kernel has put a file that is left out where one that was kept had been. */
static __always_inline void forget_file(struct file *file)
{
	u64 key = (u64)file;
	/* there seldom is one, and to look costs a third of a removal */
	if (file && bpf_map_lookup_elem(&kept_files, &key))
		bpf_map_delete_elem(&kept_files, &key);
}

/* Whether the fd refers to a file that the reader does not know and nobody asks about. */
static __always_inline bool is_unasked(struct file *file)
{
	u64 key = (u64)file;
	return file && filters(FILTER_OPENS) && is_plain(file) && !bpf_map_lookup_elem(&kept_files, &key);
}

/* The bit of an open's kind; see rules/kernel_filter/plan.ts. */
static __always_inline u32 open_kind(u32 flags, u32 mode)
{
	u32 access = (flags & O_ACCMODE) + 1;
	u32 reads = access & 4 ? 1 : access & 3;
	u32 creates = flags & (O_CREAT | O_TMPFILE) ? 4 : 0; /* O_DIRECTORY is part of the latter, as for the mode */
	u32 executable = creates && mode & 0111 ? 8 : 0;
	return 1U << (reads | creates | executable);
}

/*
 * At the entry of an open. True: nothing can match by this text, so the event at entry is not to be written now.
 */
static __always_inline bool put_off_open(struct scratch *s, u32 number, u64 path, s32 directory, u32 flags, u32 mode)
{
	u32 slot = active_slot();
	struct filter_plan *plan = plan_of(slot);
	if (!plan || !(plan->flags & FILTER_OPENS) || s->is_32bit)
		return false;
	struct call_note *note = note_of_thread(s, true);
	if (!note)
		return false;
	note->path = 0;
	u32 kind = open_kind(flags, mode);
	if (plan->any_path & kind)
		return false;
	long length = bpf_probe_read_user_str(s->work + NOTED_AT, NOTED_TEXT_BYTES, (const void *)path);
	if (length <= 1 || length >= NOTED_TEXT_BYTES)
		return false;
	u64 found = 0;
	if (may_match(NOTED_AT, slot, kind)) {
		found = scan_path(NOTED_AT, slot);
		if (found & UNTESTABLE || PATH_KINDS(found, 0) & kind)
			return false;
	}
	note->number = number;
	note->generation = plan->generation;
	note->kinds = kind | (PATH_KINDS(found, 16) & kind) << 16;
	note->flags = flags;
	note->mode = mode;
	note->directory = directory;
	note->length = length;
	bpf_probe_read_kernel(note->text, NOTED_TEXT_BYTES, s->work + NOTED_AT);
	note->path = path;
	return !(plan->flags & FILTER_SHADOW);
}

/* What the entry of this open has left. */
static __always_inline struct call_note *take_open_note(struct scratch *s, u64 path)
{
	if (!active_slot() || s->is_32bit)
		return NULL;
	struct call_note *note = note_of_thread(s, false);
	if (!note || !path || note->path != path || note->number != s->number)
		return NULL;
	note->path = 0;
	return note;
}
