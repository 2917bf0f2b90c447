// socket, socketpair, getsockopt, setsockopt, getsockname, getpeername.
// Elsewhere: connections (connect.bpf.h), data (message.bpf.h).
#pragma once

#include "syscalls/fd.bpf.h"
#include "lib/socket_address.bpf.h"

EXIT_PROGRAM(x_socket)
{
	BEGIN(SOCKET_X);
	put_u32(&e, socket_family(ARG(0)));
	put_u32(&e, ARG(1));
	put_u32(&e, ARG(2));
	put_u32(&e, fd_flags(ARG(1)));
	return event_end(&e);
}

EXIT_PROGRAM(x_socketpair)
{
	struct fd_pair pair = {-1, -1};
	struct unix_sock *source = NULL;
	struct sock *peer = NULL;
	if (ret == 0) {
		pair = read_fd_pair(ARG(3));
		source = (void *)sock_of_fd(pair.first);
		peer = BPF_CORE_READ(source, peer);
	}
	BEGIN(SOCKETPAIR_X);
	put_s64(&e, pair.first);
	put_s64(&e, pair.second);
	put_u64(&e, (u64)source);
	put_u64(&e, (u64)peer);
	put_u32(&e, socket_family(ARG(0)));
	put_u32(&e, ARG(1));
	put_u32(&e, ARG(2));
	return event_end(&e);
}

/* Options of the socket level that are not one 32-bit number; the rest of those up to LAST_PLAIN are. */
enum socket_option {
	OPTION_ERROR = 4,
	OPTION_LINGER = 13,
	OPTION_PEER_CREDENTIALS = 17,
	OPTION_RECEIVE_TIMEOUT = 20,
	OPTION_SEND_TIMEOUT = 21,
	OPTION_ATTACH_FILTER = 26,
	OPTION_PEER_NAME = 28,
	OPTION_LAST_PLAIN = 49,
	OPTION_ATTACH_BPF = 50,
	OPTION_MEMORY_INFO = 55,
	OPTION_COOKIE = 57,
	OPTION_PEER_GROUPS = 59,
	OPTION_RECEIVE_TIMEOUT_64 = 66,
	OPTION_SEND_TIMEOUT_64 = 67,
};

#define LEVEL_SOCKET 1
#define LEVEL_TCP 6

/* Falco's numbers of options: the kernel's as far as they go without a gap. */
static __always_inline u8 option_number(u32 level, u32 option)
{
	if (level != LEVEL_SOCKET)
		return FSO_UNKNOWN;
	switch (option) {
	case OPTION_MEMORY_INFO: return FSO_MEMINFO;
	case OPTION_COOKIE: return FSO_COOKIE;
	case OPTION_PEER_GROUPS: return FSO_PEERGROUPS;
	case OPTION_RECEIVE_TIMEOUT_64: return FSO_RCVTIMEO;
	case OPTION_SEND_TIMEOUT_64: return FSO_SNDTIMEO;
	default: return option <= OPTION_ATTACH_BPF ? option : FSO_UNKNOWN;
	}
}

static __always_inline u64 read_timeout(struct scratch *s, u32 option, u64 from)
{
	u64 wide[2] = {};
	u32 narrow[2] = {};
	if (s->is_32bit && option < OPTION_RECEIVE_TIMEOUT_64) {
		bpf_probe_read_user(narrow, sizeof(narrow), (const void *)from);
		return narrow[0] * 1000000000ULL + narrow[1] * 1000ULL;
	}
	bpf_probe_read_user(wide, sizeof(wide), (const void *)from);
	return wide[0] * 1000000000ULL + wide[1] * 1000ULL;
}

/* The value of an option: one byte that says what follows, then a number or the bytes as they are. */
static __always_inline void put_option_value(struct event *e, u32 level, u32 option, u64 from, u32 length)
{
	u64 number = 0;
	u32 start = e->at;
	if (level == LEVEL_SOCKET && option == OPTION_ERROR) {
		bpf_probe_read_user(&number, sizeof(s32), (const void *)from);
		APPEND(u8, e, SOCKOPT_IDX_ERRNO);
		APPEND(s64, e, -(s64)(s32)number);
	} else if (level == LEVEL_SOCKET &&
		   (option == OPTION_RECEIVE_TIMEOUT || option == OPTION_SEND_TIMEOUT ||
		    option == OPTION_RECEIVE_TIMEOUT_64 || option == OPTION_SEND_TIMEOUT_64)) {
		APPEND(u8, e, SOCKOPT_IDX_TIMEVAL);
		APPEND(u64, e, read_timeout(e->s, option, from));
	} else if (level == LEVEL_SOCKET && option == OPTION_COOKIE) {
		bpf_probe_read_user(&number, sizeof(u64), (const void *)from);
		APPEND(u8, e, SOCKOPT_IDX_UINT64);
		APPEND(u64, e, number);
	} else if (level == LEVEL_SOCKET && option && option <= OPTION_LAST_PLAIN && option != OPTION_LINGER &&
		   option != OPTION_PEER_CREDENTIALS && option != OPTION_ATTACH_FILTER && option != OPTION_PEER_NAME) {
		bpf_probe_read_user(&number, sizeof(u32), (const void *)from);
		APPEND(u8, e, SOCKOPT_IDX_UINT32);
		APPEND(u32, e, number);
	} else {
		APPEND(u8, e, SOCKOPT_IDX_UNKNOWN);
		u32 size = from ? BOUNDED(length, 0xffff) : 0;
		if (size && bpf_probe_read_user(event_byte(e, e->at), size, (const void *)from))
			size = 0;
		put_length(e, 1 + size);
		event_advance(e, size);
		return;
	}
	put_length(e, e->at - start);
	event_advance(e, 0);
}

static __always_inline void put_option(struct event *e, u32 level, u32 option, u64 value, u32 length)
{
	put_u8(e, level == LEVEL_SOCKET ? FSOL_SOCKET : level == LEVEL_TCP ? FSOL_TCP : FSOL_UNKNOWN);
	put_u8(e, option_number(level, option));
	put_option_value(e, level, option, value, length);
	put_u32(e, length);
}

EXIT_PROGRAM(x_setsockopt)
{
	BEGIN(SETSOCKOPT_X);
	put_int(&e, ARG(0));
	put_option(&e, ARG(1), ARG(2), ARG(3), (u16)ARG(4));
	return event_end(&e);
}

EXIT_PROGRAM(x_getsockopt)
{
	u32 length = 0;
	bpf_probe_read_user(&length, sizeof(length), (const void *)ARG(4));
	BEGIN(GETSOCKOPT_X);
	put_int(&e, ARG(0));
	put_option(&e, ARG(1), ARG(2), ARG(3), length);
	return event_end(&e);
}

/* Without parameters, as Falco has them. */
EXIT_PROGRAM(x_getsockname)
{
	(void)ret;
	struct event e;
	event_begin(&e, s, EVENT(GETSOCKNAME_X));
	return event_end(&e);
}

EXIT_PROGRAM(x_getpeername)
{
	(void)ret;
	struct event e;
	event_begin(&e, s, EVENT(GETPEERNAME_X));
	return event_end(&e);
}
