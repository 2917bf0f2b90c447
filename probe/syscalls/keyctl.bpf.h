// keyctl: an operation with up to four arguments, each a number or a text, depending on the operation.
#pragma once

#include "lib/program.bpf.h"

/* How many arguments an operation has (low 4 bits) and which of them are texts (bit 4 + n for argument n). */
#define ARGUMENTS(count) (count)
#define TEXT(n) (1 << (4 + (n)))

const u8 keyctl_operations[64] = {
	[FKEYCTL_GET_KEYRING_ID] = ARGUMENTS(2), [FKEYCTL_JOIN_SESSION_KEYRING] = ARGUMENTS(1) | TEXT(0),
	[FKEYCTL_UPDATE] = ARGUMENTS(3), [FKEYCTL_REVOKE] = ARGUMENTS(1), [FKEYCTL_CHOWN] = ARGUMENTS(3),
	[FKEYCTL_SETPERM] = ARGUMENTS(2), [FKEYCTL_DESCRIBE] = ARGUMENTS(3), [FKEYCTL_CLEAR] = ARGUMENTS(1),
	[FKEYCTL_LINK] = ARGUMENTS(2), [FKEYCTL_UNLINK] = ARGUMENTS(2),
	[FKEYCTL_SEARCH] = ARGUMENTS(4) | TEXT(1) | TEXT(2), [FKEYCTL_READ] = ARGUMENTS(3),
	[FKEYCTL_INSTANTIATE] = ARGUMENTS(4), [FKEYCTL_NEGATE] = ARGUMENTS(3),
	[FKEYCTL_SET_REQKEY_KEYRING] = ARGUMENTS(1), [FKEYCTL_SET_TIMEOUT] = ARGUMENTS(2),
	[FKEYCTL_ASSUME_AUTHORITY] = ARGUMENTS(1), [FKEYCTL_GET_SECURITY] = ARGUMENTS(3),
	[FKEYCTL_SESSION_TO_PARENT] = ARGUMENTS(0), [FKEYCTL_REJECT] = ARGUMENTS(4),
	[FKEYCTL_INSTANTIATE_IOV] = ARGUMENTS(4), [FKEYCTL_INVALIDATE] = ARGUMENTS(1),
	[FKEYCTL_GET_PERSISTENT] = ARGUMENTS(2), [FKEYCTL_DH_COMPUTE] = ARGUMENTS(4),
	[FKEYCTL_PKEY_QUERY] = ARGUMENTS(3) | TEXT(2), [FKEYCTL_PKEY_ENCRYPT] = ARGUMENTS(4) | TEXT(1),
	[FKEYCTL_PKEY_DECRYPT] = ARGUMENTS(4) | TEXT(1), [FKEYCTL_PKEY_SIGN] = ARGUMENTS(4) | TEXT(1),
	[FKEYCTL_PKEY_VERIFY] = ARGUMENTS(4) | TEXT(1), [FKEYCTL_RESTRICT_KEYRING] = ARGUMENTS(3) | TEXT(1) | TEXT(2),
	[FKEYCTL_MOVE] = ARGUMENTS(4), [FKEYCTL_CAPABILITIES] = ARGUMENTS(2), [FKEYCTL_WATCH_KEY] = ARGUMENTS(3),
};

static __always_inline void put_keyctl_argument(struct event *e, u32 description, u32 n, u64 value)
{
	if (description & TEXT(n)) {
		long length = 0;
		APPEND(u8, e, KEYCTL_IDX_CHARBUF);
		if (value)
			length = bpf_probe_read_user_str(event_byte(e, e->at), MAX_PATH_BYTES, (const void *)value);
		if (length < 0)
			length = 0;
		put_length(e, 1 + length);
		event_advance(e, length);
	} else {
		APPEND(u8, e, KEYCTL_IDX_INT64);
		APPEND(s64, e, n < (description & 15) ? value : 0);
		put_length(e, 9);
		event_advance(e, 0);
	}
}

EXIT_PROGRAM(x_keyctl)
{
	u32 operation = ARG(0);
	u32 description = operation < 64 ? keyctl_operations[BOUNDED(operation, 63)] : 0;
	BEGIN(KEYCTL_X);
	put_u32(&e, operation);
	put_keyctl_argument(&e, description, 0, ARG(1));
	put_keyctl_argument(&e, description, 1, ARG(2));
	put_keyctl_argument(&e, description, 2, ARG(3));
	put_keyctl_argument(&e, description, 3, ARG(4));
	return event_end(&e);
}
