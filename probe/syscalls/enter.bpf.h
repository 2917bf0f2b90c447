// open, openat, openat2, creat and connect at entry.
// At return the caller (or another thread of it) may have changed the text that the kernel read; the text from
// before the call shows the reader that it did. As in Falco only these calls are reported twice.
#pragma once

#include <linux/openat2.h>

#include "lib/call_filter.bpf.h"
#include "lib/socket_address.bpf.h"

ENTER_PROGRAM(open, 3)
{
	struct event e;
	event_begin(&e, s, EVENT(OPEN_E));
	put_user_text(&e, ARG(0));
	put_u32(&e, open_flags(ARG(1)));
	put_u32(&e, open_mode(ARG(1), ARG(2)));
	return event_end(&e);
}

/* An event that was put off. */
static __always_inline void put_noted_text(struct event *e, struct call_note *note)
{
	u32 length = note->length ? BOUNDED(note->base.passed_bytes, NOTED_TEXT_BYTES - 1) : 0;
	if (!length)
		COUNT(page_faults);
	bpf_probe_read_kernel(event_byte(e, e->at), length, (u8 *)note->text + note->base.passed_at);
	put_length(e, length);
	event_advance(e, length);
}

static __always_inline void enter_noted_open(struct scratch *s, struct call_note *note)
{
	struct event e;
	event_begin(&e, s, EVENT(OPEN_E));
	put_noted_text(&e, note);
	put_u32(&e, open_flags(note->flags));
	put_u32(&e, open_mode(note->flags, note->mode));
	event_end(&e);
}

static __always_inline void enter_noted_openat(struct scratch *s, struct call_note *note)
{
	struct event e;
	event_begin(&e, s, EVENT(OPENAT_E));
	put_s64(&e, note->directory);
	put_noted_text(&e, note);
	put_u32(&e, open_flags(note->flags));
	put_u32(&e, open_mode(note->flags, note->mode));
	event_end(&e);
}

ENTER_PROGRAM(creat, 2)
{
	struct event e;
	event_begin(&e, s, EVENT(CREAT_E));
	put_user_text(&e, ARG(0));
	put_u32(&e, open_mode(O_CREAT, ARG(1)));
	return event_end(&e);
}

ENTER_PROGRAM(openat, 4)
{
	struct event e;
	event_begin(&e, s, EVENT(OPENAT_E));
	put_int(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_u32(&e, open_flags(ARG(2)));
	put_u32(&e, open_mode(ARG(2), ARG(3)));
	return event_end(&e);
}

ENTER_PROGRAM(openat2, 3)
{
	struct open_how how = {};
	bpf_probe_read_user(&how, sizeof(how), (const void *)ARG(2));
	struct event e;
	event_begin(&e, s, EVENT(OPENAT2_E));
	put_int(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_u32(&e, open_flags(how.flags));
	put_u32(&e, open_mode(how.flags, how.mode));
	put_u32(&e, resolve_flags(how.resolve));
	return event_end(&e);
}

ENTER_PROGRAM(connect, 3)
{
	struct event e;
	event_begin(&e, s, EVENT(CONNECT_E));
	put_int(&e, ARG(0));
	put_address(&e, ARG(1), ARG(2));
	return event_end(&e);
}
