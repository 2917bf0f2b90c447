// Structs in the caller's memory as the calls' documentation has them, for 64-bit and 32-bit callers.
// Out: a struct in the 64-bit layout; zeros (and `false`) where memory cannot be read.
#pragma once

#include "lib/maps.bpf.h"

struct io_vector {
	u64 base, length;
};

struct io_vector_32 {
	u32 base, length;
};

struct message_header {
	u64 name;
	u32 name_length, pad;
	u64 vectors, vector_count, control, control_length;
	u64 flags;
};

struct message_header_32 {
	u32 name, name_length, vectors, vector_count, control, control_length, flags;
};

struct limits {
	u64 soft, hard;
};

static __always_inline bool read_message_header(struct scratch *s, u64 from, struct message_header *to)
{
	if (!s->is_32bit)
		return bpf_probe_read_user(to, sizeof(*to), (const void *)from) == 0;
	struct message_header_32 narrow;
	if (bpf_probe_read_user(&narrow, sizeof(narrow), (const void *)from))
		return false;
	to->name = narrow.name;
	to->name_length = narrow.name_length;
	to->vectors = narrow.vectors;
	to->vector_count = narrow.vector_count;
	to->control = narrow.control;
	to->control_length = narrow.control_length;
	to->flags = narrow.flags;
	return true;
}

/* An element of an array of pointers, such as argv. */
static __always_inline bool read_pointer(struct scratch *s, u64 array, u32 index, u64 *to)
{
	*to = 0;
	if (s->is_32bit)
		return bpf_probe_read_user(to, sizeof(u32), (const u32 *)array + index) == 0;
	return bpf_probe_read_user(to, sizeof(u64), (const u64 *)array + index) == 0;
}
