// Texts and buffers as parameters: from the caller's memory or from the kernel's.
// As in Falco's traces, a null pointer and memory that cannot be read both give an empty parameter; a text
// has its terminating 0, so an empty text has length 1. Unreadable memory of the caller is counted.
#pragma once

#include "lib/event.bpf.h"

static __always_inline u32 put_user_text_up_to(struct event *e, u64 from, u32 limit)
{
	long length = 0;
	if (from) {
		length = bpf_probe_read_user_str(event_byte(e, e->at), limit, (const void *)from);
		if (length < 0) {
			COUNT(page_faults);
			length = 0;
		}
	}
	put_length(e, length);
	event_advance(e, length);
	return length;
}

static __always_inline void put_user_text(struct event *e, u64 from)
{
	put_user_text_up_to(e, from, MAX_PATH_BYTES);
}

static __always_inline void put_kernel_text(struct event *e, const void *from, u32 limit)
{
	long length = 0;
	if (from)
		length = bpf_probe_read_kernel_str(event_byte(e, e->at), limit, from);
	if (length < 0)
		length = 0;
	put_length(e, length);
	event_advance(e, length);
}

/* Bytes of our own memory, such as a text that was put together there; far cheaper than a text of unknown length. */
static __always_inline void put_kernel_bytes(struct event *e, const void *from, u32 size)
{
	u32 length = BOUNDED(size, 0xffff);
	bpf_probe_read_kernel(event_byte(e, e->at), length, from);
	put_length(e, length);
	event_advance(e, length);
}

/* Raw bytes. The mask shows the verifier that the size fits into the second half of the buffer. */
static __always_inline u32 put_user_bytes(struct event *e, u64 from, u32 size)
{
	u32 length = from ? BOUNDED(size, 0xffff) : 0;
	if (length && bpf_probe_read_user(event_byte(e, e->at), length, (const void *)from)) {
		COUNT(page_faults);
		length = 0;
	}
	put_length(e, length);
	event_advance(e, length);
	return length;
}

/* How many bytes of a buffer of this size are kept. */
static __always_inline u32 kept_bytes(u64 size)
{
	return size < settings.snaplen ? size : (settings.snaplen & 0xffff);
}
