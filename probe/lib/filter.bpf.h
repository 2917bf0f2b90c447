// The kernel's part of the push-down: whether any rule can match the open of a file, and whether anybody asks about its fd.
// In: the plan of the loaded rules (rules/kernel_filter/plan.ts), written by sources/live. Out: decisions for syscalls/.
// What cannot be decided is reported: a path that is long, to be shortened, or relative to a directory that was reported, an open
// whose entry was not seen. Files are regular files and devices; all else but directories that an open can give is state and always reported.
//
// An open is decided at its entry, by the text that the kernel is about to read. If nothing can match, the event at entry is
// not written but noted with the thread; at return it is written after all when the open has given no file.
#pragma once

#include <linux/fcntl.h>

#include "lib/event.bpf.h"
#include "lib/fd_kind.bpf.h"
#include "lib/file_mark.bpf.h"
#include "lib/filter_plan.bpf.h"
#include "lib/flags.bpf.h"

/* What the beginning of an open leaves for its end. */
struct call_note {
	u32 claims; /* threads that have taken it or are about to: it is theirs who finds that there is no other */
	u32 thread; /* whose it is; 0: nobody's */
	u64 path; /* where the text lies */
	u32 number;
	u32 generation;
	u32 kinds; /* the bit of its kind; << 16 where the text matches what the resolved path would have to */
	u32 flags, mode;
	u32 matches; /* it is left out only if it fails */
	s32 directory;
	u32 length; /* 0: the text was not in memory */
	struct path_base base;
	u64 text[NOTED_TEXT_BYTES / sizeof(u64)];
};

/* By the last bits of the thread's number. Where two would need the same place at a time, the open of one is reported. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, CALL_NOTES);
	__type(key, u32);
	__type(value, struct call_note);
} call_notes SEC(".maps");

/* Pipes, sockets and fds of no file that the reader knows although others like them are left out: their closes are reported. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, KEPT_FILES);
	__type(key, u64);
	__type(value, u32);
} kept_files SEC(".maps");

static __always_inline void count_left_out(u32 number)
{
	u32 zero = 0;
	struct calls_left_out *all = bpf_map_lookup_elem(&left_out, &zero);
	if (all)
		all->by_number[BOUNDED(number, MAX_SYSCALLS - 1)]++;
}

/* Of a call that nobody needs: whether it is left out. In shadow mode its event gets a mark instead. */
static __always_inline bool passes_over(struct scratch *s)
{
	count_left_out(s->number);
	if (shadows())
		s->mark = MARKED_EVENT;
	return !shadows();
}

/* The note that the thread has made; NULL: none. */
static __always_inline struct call_note *note_of_thread(u32 thread)
{
	u32 place = thread & (CALL_NOTES - 1);
	struct call_note *note = bpf_map_lookup_elem(&call_notes, &place);
	return note && *(volatile u32 *)&note->thread == thread ? note : NULL;
}

/* Additions are the one thing that every kernel does in one step: the second of two threads sees that it is not alone. */
static __always_inline struct call_note *claim_note(u32 thread)
{
	u32 place = thread & (CALL_NOTES - 1);
	struct call_note *note = bpf_map_lookup_elem(&call_notes, &place);
	if (!note || *(volatile u32 *)&note->thread == thread)
		return note;
	__sync_fetch_and_add(&note->claims, 1);
	if (*(volatile u32 *)&note->claims != 1) {
		__sync_fetch_and_add(&note->claims, -1);
		return NULL;
	}
	note->thread = thread;
	return note;
}

static __always_inline void give_back_note(struct call_note *note)
{
	*(volatile u32 *)&note->thread = 0;
	__sync_fetch_and_add(&note->claims, -1);
}

#define NUMBER_OF_OPEN 2
#define NUMBER_OF_OPENAT 257
#define OF_FILES (1 << KIND_FILE)

/* Of other fds than files it is known by the kind alone that nobody asks about them. */
static __always_inline bool is_of_unasked_kind(struct file *file, const struct filter_plan *plan)
{
	u32 kinds = plan->unasked & ~OF_FILES;
	return kinds && has_kind(kinds, kind_of_file(file, kinds));
}

/* The reader gets to know the file. */
static __always_inline void keep_file(struct file *file)
{
	struct filter_plan *plan = plan_of(active_slot());
	u64 key = (u64)file;
	u32 value = 1;
	if (!plan || !file)
		return;
	unmark_file(file, plan);
	if (is_of_unasked_kind(file, plan))
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
	struct filter_plan *plan = plan_of(active_slot());
	u64 key = (u64)file;
	if (!plan || !file)
		return false;
	return is_marked(file, plan) || (is_of_unasked_kind(file, plan) && !bpf_map_lookup_elem(&kept_files, &key));
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

#define WORDS_OF_MOST_TEXTS 8

struct noted_text {
	u64 words[NOTED_TEXT_BYTES / sizeof(u64)];
};

/* Most are short, and a few moves cost less than a call. `length` is that of the text, with the 0 at its end. */
static __always_inline void copy_text(void *to, const struct noted_text *from, u32 length)
{
	if (length > WORDS_OF_MOST_TEXTS * sizeof(u64)) {
		bpf_probe_read_kernel(to, BOUNDED(length, NOTED_TEXT_BYTES - 1), from);
		return;
	}
#pragma clang loop unroll(full)
	for (u32 i = 0; i < WORDS_OF_MOST_TEXTS; i++)
		((u64 *)to)[i] = from->words[i];
}

static __always_inline bool is_whole_text(long length)
{
	return length > 1 && length < NOTED_TEXT_BYTES;
}

/*
 * Returns its length with the 0, or a negative number where the text is not in memory. To the stack: before the kernel copies
 * what a program has to anywhere else it finds out what lies there, which takes as long as the rest.
 */
static __always_inline long read_noted_text(struct scratch *s, struct noted_text *text, u64 path)
{
	long length = bpf_probe_read_user_str(text, sizeof(*text), (const void *)path);
	if (is_whole_text(length))
		copy_text(s->work + NOTED_AT, text, length);
	return length;
}

static __always_inline bool is_relative(const struct noted_text *text)
{
	return (text->words[0] & 0xff) != '/';
}

/*
 * The path of an open, at NOTED_AT; returns as read_noted_text(). A relative one is completed where it is known by what: s->base. A
 * function, whose stack is free again when it has read the text.
 */
CHECKED_ONCE int read_open_path(u64 from, s32 directory)
{
	struct noted_text text;
	struct scratch *s = scratch_of_cpu();
	if (!settings.kernel_filter || !s)
		return 0;
	long length = read_noted_text(s, &text, from);
	s->base.version = 0;
	s->base.passed_at = 0;
	s->base.passed_bytes = length;
	if (!is_whole_text(length) || !is_relative(&text))
		return length;
	copy_text(s->work + OTHER_AT, &text, length);
	u32 completed = complete_path(base_of(directory), length);
	if (!completed)
		copy_text(s->work + NOTED_AT, &text, length);
	return completed ?: length;
}

/* What the text of an open says about it. */
struct text_verdict {
	u32 kinds, matches; /* as in a note */
	bool is_spared; /* it is left out, be it only if it fails */
};

/* About the text that has been read. */
static __always_inline struct text_verdict evaluate_text(struct filter_plan *plan, u32 slot, u32 kind)
{
	u64 found = may_match(NOTED_AT, slot, kind) ? scan_path(NOTED_AT, slot) : 0;
	bool is_unclean = found & UNTESTABLE;
	bool matches = is_unclean || (plan->any_path | PATH_KINDS(found, 0)) & kind;
	bool by_failure = is_unclean ? plan->flags & FILTER_FAILED_UNCLEAN : plan->failed & kind;
	return (struct text_verdict){
		.kinds = kind | (PATH_KINDS(found, 16) & kind) << 16,
		.matches = matches,
		.is_spared = !(matches && by_failure),
	};
}

/*
 * At the entry of an open. True: nothing can match by this text, so the event at entry is not to be written now. A text in a page
 * that is not in memory, as is usual in a program that has just begun, is looked at when the kernel has fetched it.
 */
static __always_inline bool put_off_open(struct scratch *s)
{
	u32 first = s->number == NUMBER_OF_OPENAT;
	u64 path = s->args[first];
	s32 directory = first ? s->args[0] : AT_FDCWD;
	u32 flags = s->args[first + 1], mode = s->args[first + 2];
	u32 slot = active_slot();
	struct filter_plan *plan = plan_of(slot);
	if (!plan || !(plan->flags & FILTER_OPENS) || s->is_32bit || !path)
		return false;
	u32 kind = open_kind(flags, mode);
	if (plan->any_path & plan->failed & kind)
		return false;
	long length = read_open_path(path, directory);
	struct text_verdict verdict = {.kinds = kind, .is_spared = true};
	if (length >= 0) {
		if (!is_whole_text(length))
			return false;
		verdict = evaluate_text(plan, slot, kind);
	}
	struct call_note *note = verdict.is_spared ? claim_note(s->thread) : NULL;
	if (!note)
		return false;
	note->path = path;
	note->number = s->number;
	note->generation = plan->generation;
	note->kinds = verdict.kinds;
	note->flags = flags;
	note->mode = mode;
	note->matches = verdict.matches;
	note->directory = directory;
	note->length = length < 0 ? 0 : length;
	note->base = s->base;
	if (note->base.version)
		bpf_probe_read_kernel(note->text, NOTED_TEXT_BYTES, s->work + NOTED_AT);
	else if (length > 0)
		copy_text(note->text, (const struct noted_text *)(s->work + NOTED_AT), length);
	return !shadows();
}

/* What the entry of this open has left; NULL where its event has been written. */
static __always_inline struct call_note *note_of_open(struct scratch *s, u64 path)
{
	if (!settings.kernel_filter || s->is_32bit)
		return NULL;
	struct call_note *note = note_of_thread(s->thread);
	return note && note->path == path && note->number == s->number ? note : NULL;
}
