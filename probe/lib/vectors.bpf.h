// Data that a call passes in several chunks (iovec), as a parameter.
// Out: the first bytes of the data, up to a limit, and the size of all chunks together.
#pragma once

#include "lib/caller.bpf.h"
#include "lib/text.bpf.h"

#define VECTORS_READ 32 /* chunks that are looked at */
#define VECTORS_AT_ONCE 8

static __always_inline bool read_vector(struct scratch *s, u64 vectors, u32 index, struct io_vector *to)
{
	struct io_vector_32 narrow;
	if (!s->is_32bit)
		return bpf_probe_read_user(to, sizeof(*to), (const struct io_vector *)vectors + index) == 0;
	if (bpf_probe_read_user(&narrow, sizeof(narrow), (const struct io_vector_32 *)vectors + index))
		return false;
	to->base = narrow.base;
	to->length = narrow.length;
	return true;
}

/* Copies some of the chunks, from the one with this number on, to s->at and moves it. Returns whether there may be more. */
CHECKED_ONCE int write_some_vectors(u64 vectors, u64 count, u32 index)
{
	struct scratch *s = scratch_of_cpu();
	if (!s)
		return 0;
	volatile u32 *at = &s->at;
	u64 total = s->vectors.total;
	u32 end = s->vectors.end, more = 1;
	for (u32 i = 0; i < VECTORS_AT_ONCE; i++) {
		struct io_vector vector;
		if (index + i >= count || !read_vector(s, vectors, index + i, &vector)) {
			more = 0;
			break;
		}
		total += vector.length;
		u32 room = end - *at;
		u64 size = vector.length < room ? vector.length : room;
		if (!size)
			continue;
		size = BOUNDED(size, 0xffff);
		if (bpf_probe_read_user(s->bytes + (*at & (MAX_EVENT_BYTES - 1)), size, (const void *)vector.base))
			end = *at;
		else
			*at += size;
	}
	s->vectors.total = total;
	s->vectors.end = end;
	return more;
}

/* At most `limit` bytes; returns the size of all chunks. A chunk that cannot be read ends the copying. */
static __always_inline u64 put_vectors(struct event *e, u64 vectors, u64 count, u32 limit)
{
	volatile u32 *at = &e->s->at;
	u32 start = e->at;
	*at = start;
	e->s->vectors.total = 0;
	e->s->vectors.end = start + limit;
	for (u32 i = 0; i < VECTORS_READ; i += VECTORS_AT_ONCE) {
		if (!write_some_vectors(vectors, count, i))
			break;
	}
	e->at = *at;
	put_length(e, e->at - start);
	return e->s->vectors.total;
}
