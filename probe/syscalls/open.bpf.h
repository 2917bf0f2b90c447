// open, openat, openat2, creat, open_by_handle_at, at return.
// Elsewhere: the same calls at entry (enter.bpf.h).
#pragma once

#include "lib/path.bpf.h"
#include "lib/program.bpf.h"
#include "syscalls/enter.bpf.h"
#include "syscalls/fd_facts.bpf.h"

/* Begins an event that may have the resolved path after its parameters; `own` is 1 where the rules ask for it. */
#define BEGIN_WITH_REALPATH(name)                                                                          \
	struct event e;                                                                                    \
	u32 own = interest[BOUNDED(s->number, MAX_SYSCALLS - 1)] >> INTEREST_REALPATH_SHIFT & 1;           \
	event_begin(&e, s, EVT_##name, NPARAMS_##name + REALPATH_FOLLOWS_##name * own);                    \
	put_s64(&e, ret)

static __always_inline void put_realpath(struct event *e, u32 own, struct file *file)
{
	if (!own)
		return;
	if (file)
		put_copied_path(e);
	else
		put_empty(e);
	event_advance(e, 0);
}

static __always_inline u32 flags_with_facts(u32 flags, struct file_facts facts)
{
	u32 result = open_flags(flags) | (facts.created ? FO_F_CREATED : 0);
	if (facts.layer == LAYER_UPPER)
		result |= FO_FD_UPPER_LAYER;
	if (facts.layer == LAYER_LOWER)
		result |= FO_FD_LOWER_LAYER;
	return result;
}

static __always_inline void know_opened(struct file *file)
{
	forget_directory(file);
	keep_file(file);
}

/* An open that is reported: its event at entry, if that was put off; its file is known from here on. */
#define REPORT_OPEN(text, enter)				\
	struct call_note *note = note_of_open(s, text);		\
	if (note) {						\
		if (!shadows())					\
			enter(s, note);				\
		give_back_note(note);				\
	}							\
	if (!s->mark)						\
		know_opened(file)

EXIT_PROGRAM(x_open)
{
	struct file *file = made_file(s, ret);
	REPORT_OPEN(ARG(0), enter_noted_open);
	struct file_facts facts = facts_of_file(s, file);
	BEGIN_WITH_REALPATH(OPEN_X);
	put_user_text(&e, ARG(0));
	put_u32(&e, flags_with_facts(ARG(1), facts));
	put_u32(&e, open_mode(ARG(1), ARG(2)));
	put_u32(&e, facts.device);
	put_u64(&e, facts.inode);
	put_realpath(&e, own, file);
	return event_end(&e);
}

EXIT_PROGRAM(x_openat)
{
	struct file *file = made_file(s, ret);
	REPORT_OPEN(ARG(1), enter_noted_openat);
	introduce_directory(ARG(0));
	struct file_facts facts = facts_of_file(s, file);
	BEGIN_WITH_REALPATH(OPENAT_X);
	put_int(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_u32(&e, flags_with_facts(ARG(2), facts));
	put_u32(&e, open_mode(ARG(2), ARG(3)));
	put_u32(&e, facts.device);
	put_u64(&e, facts.inode);
	put_realpath(&e, own, file);
	return event_end(&e);
}

EXIT_PROGRAM(x_openat2)
{
	struct file *file = made_file(s, ret);
	introduce_directory(ARG(0));
	know_opened(file);
	struct file_facts facts = facts_of_file(s, file);
	struct open_how how = {};
	bpf_probe_read_user(&how, sizeof(how), (const void *)ARG(2));
	BEGIN_WITH_REALPATH(OPENAT2_X);
	put_int(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_u32(&e, flags_with_facts(how.flags, facts));
	put_u32(&e, open_mode(how.flags, how.mode));
	put_u32(&e, resolve_flags(how.resolve));
	put_u32(&e, facts.device);
	put_u64(&e, facts.inode);
	put_realpath(&e, own, file);
	return event_end(&e);
}

EXIT_PROGRAM(x_creat)
{
	struct file *file = made_file(s, ret);
	know_opened(file);
	struct file_facts facts = facts_of_file(s, file);
	BEGIN_WITH_REALPATH(CREAT_X);
	put_user_text(&e, ARG(0));
	put_u32(&e, open_mode(O_CREAT, ARG(1)));
	put_u32(&e, facts.device);
	put_u64(&e, facts.inode);
	put_u16(&e, facts.layer == LAYER_UPPER	 ? FC_UPPER_LAYER_CREAT
		    : facts.layer == LAYER_LOWER ? FC_LOWER_LAYER_CREAT
						 : 0);
	put_realpath(&e, own, file);
	return event_end(&e);
}

EXIT_PROGRAM(x_open_by_handle_at)
{
	struct file *file = made_file(s, ret);
	introduce_directory(ARG(0));
	know_opened(file);
	struct file_facts facts = facts_of_file(s, file);
	BEGIN(OPEN_BY_HANDLE_AT_X);
	put_int(&e, ARG(0));
	put_u32(&e, flags_with_facts(ARG(2), facts));
	if (file)
		put_copied_path(&e);
	else
		put_empty(&e);
	put_u32(&e, facts.device);
	put_u64(&e, facts.inode);
	return event_end(&e);
}
