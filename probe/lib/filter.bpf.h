// The kernel's part of the push-down: whether any rule can match the open of a file, and whether anybody asks about its fd.
// In: the plan of the loaded rules (rules/kernel_filter/plan.ts), written by sources/live. Out: decisions for syscalls/.
// What cannot be decided is reported: a path that is relative, long or to be shortened, an open whose entry was not seen.
// Files are regular files and devices; all else that an open can give is state and always reported.
//
// An open is decided at its entry, by the text that the kernel is about to read. If nothing can match, the event at entry is
// not written but noted with the thread; at return it is written after all when the open has given no file.
#pragma once

#include "lib/event.bpf.h"
#include "lib/fd_kind.bpf.h"
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
	u32 matches; /* it is left out only if it fails */
	s32 directory;
	u32 length; /* 0: the text was not in memory */
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

static __always_inline void count_left_out(u32 number)
{
	u32 zero = 0;
	struct calls_left_out *all = bpf_map_lookup_elem(&left_out, &zero);
	if (all)
		all->by_number[BOUNDED(number, MAX_SYSCALLS - 1)]++;
}

/* In shadow mode the event of a call that would be left out is written, with a mark. */
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

static __always_inline bool has_unasked_kinds(void)
{
	struct filter_plan *plan = plan_of(active_slot());
	return plan && plan->unasked;
}

/* Whether files of this one's kind can be unknown to the reader: nobody asks about them. */
static __always_inline bool is_of_unasked_kind(struct file *file)
{
	struct filter_plan *plan = plan_of(active_slot());
	return plan && plan->unasked && has_kind(plan->unasked, kind_of_file(file, plan->unasked));
}

/* The reader gets to know the file. */
static __always_inline void keep_file(struct file *file)
{
	u64 key = (u64)file;
	u32 value = 1;
	if (file && is_of_unasked_kind(file))
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
	return file && is_of_unasked_kind(file) && !bpf_map_lookup_elem(&kept_files, &key);
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

/* Returns its length with the 0, or a negative number where the text is not in memory. */
static __always_inline long read_noted_text(struct scratch *s, u64 path)
{
	return bpf_probe_read_user_str(s->work + NOTED_AT, NOTED_TEXT_BYTES, (const void *)path);
}

/* Whether an open by the text that has been read is left out, be it only if it fails. */
static __always_inline bool spares_text(struct call_note *note, struct filter_plan *plan, u32 slot, u32 kind)
{
	u64 found = may_match(NOTED_AT, slot, kind) ? scan_path(NOTED_AT, slot) : 0;
	bool is_unclean = found & UNTESTABLE;
	bool matches = is_unclean || (plan->any_path | PATH_KINDS(found, 0)) & kind;
	note->kinds = kind | (PATH_KINDS(found, 16) & kind) << 16;
	note->matches = matches;
	return !(matches && (is_unclean ? plan->flags & FILTER_FAILED_UNCLEAN : plan->failed & kind));
}

/*
 * At the entry of an open. True: nothing can match by this text, so the event at entry is not to be written now. A text in a page
 * that is not in memory, as is usual in a program that has just begun, is looked at when the kernel has fetched it.
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
	if (!path || plan->any_path & plan->failed & kind)
		return false;
	long length = read_noted_text(s, path);
	if (length < 0) {
		note->kinds = kind;
		length = 0;
	} else if (length <= 1 || length >= NOTED_TEXT_BYTES || !spares_text(note, plan, slot, kind)) {
		return false;
	}
	note->number = number;
	note->generation = plan->generation;
	note->flags = flags;
	note->mode = mode;
	note->directory = directory;
	note->length = length;
	bpf_probe_read_kernel(note->text, NOTED_TEXT_BYTES, s->work + NOTED_AT);
	note->path = path;
	return !shadows();
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
