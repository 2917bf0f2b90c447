// Whether an open or a close is left out: decided at its return, by what its beginning has left, before its program is reached.
// In: the note of an open (filter.bpf.h), the plan. Out: decisions for call_filter.bpf.h; a file of which the open is left
// out gets its mark.
#pragma once

#include "lib/filter.bpf.h"
#include "lib/path.bpf.h"

#define NUMBER_OF_CLOSE 3
#define ERROR_BAD_FD 9 /* nothing was closed */

/* The file that a call made, NULL where it failed. */
static __always_inline struct file *made_file(struct scratch *s, s64 ret)
{
	return ret < 0 ? NULL : find_file(s, ret);
}

/* Whether the path that the kernel has resolved matches. */
static __always_inline bool matches_resolved(struct file *file, u32 slot, u32 kind)
{
	u32 start = write_path((u64)BPF_CORE_READ(file, f_path.dentry), (u64)BPF_CORE_READ(file, f_path.mnt));
	if (!start || start >= PATH_END - 1)
		return true;
	if (!may_match(start, slot, kind))
		return false;
	u64 found = scan_path(start, slot);
	return found & UNTESTABLE || PATH_KINDS(found, 16) & kind;
}

static __always_inline bool is_folder(struct file *file)
{
	return (READ_OF(struct file, file, f_inode, i_mode) & MODE_KIND) == MODE_FOLDER;
}

/* To the reader a directory is one if it was opened as such, else a file. */
static __always_inline bool is_left_out_kind(struct file *file, const struct filter_plan *plan, u32 flags)
{
	if (is_folder(file))
		return !(flags & O_DIRECTORY) || plan->flags & FILTER_DIRECTORIES;
	return kind_of_file(file, OF_FILES) == KIND_FILE;
}

/* A text that was not in memory at the entry has been fetched by the kernel. Returns whether it can be decided by. */
static __always_inline bool read_late(struct scratch *s, struct call_note *note, struct filter_plan *plan, u32 slot,
				      struct text_verdict *verdict, u32 *length)
{
	long read = read_open_path(note->path, note->directory);
	if (!is_whole_text(read))
		return false;
	*length = read;
	bpf_probe_read_kernel(note->text, NOTED_TEXT_BYTES, s->work + NOTED_AT);
	*verdict = evaluate_text(plan, slot, note->kinds & 0xffff);
	return verdict->is_spared;
}

/* By what the entry has noted. */
static __always_inline bool spares_open(struct scratch *s, struct call_note *note, struct filter_plan *plan, u32 slot,
					struct file *file, s64 ret)
{
	u32 kind = note->kinds & 0xffff, length = note->length;
	struct text_verdict verdict = {.kinds = note->kinds, .matches = note->matches};
	if (note->generation != plan->generation)
		return false;
	if (!length && !read_late(s, note, plan, slot, &verdict, &length))
		return false;
	if (note->base.version && (base_of(note->directory) != note->base.file || !is_same_path(note->base.file, note->base.version)))
		return false;
	if (ret < 0)
		return verdict.matches || !(plan->failed & kind & verdict.kinds >> 16);
	if (verdict.matches || !is_left_out_kind(file, plan, note->flags))
		return false;
	if (plan->resolved & kind && matches_resolved(file, slot, kind))
		return false;
	if (!is_folder(file))
		return true;
	bpf_probe_read_kernel(s->work + OTHER_AT, NOTED_TEXT_BYTES, note->text);
	return note_directory((u64)file, length);
}

static __always_inline bool leaves_out_open(struct scratch *s, struct filter_plan *plan, u32 slot, s64 ret)
{
	struct call_note *note = note_of_open(s, s->number == NUMBER_OF_OPEN ? s->args[0] : s->args[1]);
	if (!note)
		return false;
	struct file *file = made_file(s, ret);
	if (!spares_open(s, note, plan, slot, file, ret))
		return false;
	give_back_note(note);
	mark_file(file, plan);
	return true;
}

/*
 * At the beginning of a close the file is still there: notes that nobody asks about it. Another thread can put something else
 * under the number before the kernel looks; then one entry stays until the number is used again. The note lies with the CPU:
 * a thread that has left it meanwhile does not find it, and the close is reported.
 */
static __always_inline void note_close(struct scratch *s)
{
	u32 fd = s->args[0];
	bool unasked = is_unasked(find_file(s, fd));
	s->closing = unasked ? fd + 1 : 0;
	if (unasked) {
		s->closing_thread = s->thread;
		s->closing_switches = switches_of_task(s);
	}
}

static __always_inline bool leaves_out_close(struct scratch *s, struct filter_plan *plan, s64 ret)
{
	bool unasked = s->closing == (u32)s->args[0] + 1 && s->closing_thread == s->thread &&
		       s->closing_switches == switches_of_task(s);
	s->closing = 0;
	return plan->unasked && (unasked || ret == -ERROR_BAD_FD);
}
