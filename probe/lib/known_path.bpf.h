// Paths that the probe knows as the reader has them: of directories, and of where processes are.
// In: a path in the work area. Out: the note of it. Elsewhere: whose they are (directory_note.bpf.h, working_directory.bpf.h), what
// is made of them (relative_path.bpf.h).
#pragma once

#include "lib/maps.bpf.h"

#define NOTED_TEXT_BYTES 256 /* a longer path is not decided */
#define NOTED_AT 0 /* a path in the work area, of which nothing else is in use when a call begins */
#define OTHER_AT 512 /* another one: what completes it, or is kept */

/* Absolute, and without what falco would leave out. */
struct known_path {
	u64 owner; /* 0: nobody's */
	u32 version; /* of the text */
	u32 length; /* with the 0 at its end */
	u64 text[NOTED_TEXT_BYTES / sizeof(u64)];
};

/* The path of `length` bytes that is at OTHER_AT. Who reads the note meanwhile finds another version. */
static __always_inline void keep_path(struct scratch *s, struct known_path *path, u32 length)
{
	u8 *bytes = (u8 *)path->text;
	*(volatile u32 *)&path->version += 1;
	bpf_probe_read_kernel(bytes, BOUNDED(length, NOTED_TEXT_BYTES - 1), s->work + OTHER_AT);
	/* the reader leaves a slash at the end out */
	if (length > 2 && bytes[BOUNDED(length - 2, NOTED_TEXT_BYTES - 1)] == '/')
		bytes[BOUNDED(--length - 1, NOTED_TEXT_BYTES - 1)] = 0;
	path->length = length;
}
