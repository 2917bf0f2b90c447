// connect, bind, listen, accept, accept4, shutdown: calls that make and end connections.
// Elsewhere: sockets themselves and their options (socket.bpf.h), data over them (message.bpf.h).
#pragma once

#include "lib/call_filter.bpf.h"
#include "lib/socket_tuple.bpf.h"
#include "syscalls/fd_facts.bpf.h"

/* Of a socket over IP of which nothing has been reported, the event says itself what it was. */
static __always_inline bool tells_of_socket(struct file *file)
{
	struct filter_plan *plan = plan_of(active_slot());
	u32 kinds = plan && !shadows() ? plan->unasked & KINDS_OVER_IP : 0;
	return kinds && has_kind(kinds, kind_of_file(file, kinds));
}

EXIT_PROGRAM(x_connect)
{
	struct file *file = file_of_fd(ARG(0));
	bool is_connected = ret == 0 || ret == -ERROR_IN_PROGRESS, tells = tells_of_socket(file);
	struct caller_address address = read_address(ARG(1), ARG(2));
	struct given_address given = GIVEN(ARG(1), ARG(2));
	given.read = &address;
	struct event e;
	event_begin(&e, s, EVT_CONNECT_X, NPARAMS_CONNECT_X + (tells ? FD_FACTS : 0));
	put_s64(&e, ret);
	if (is_connected)
		put_tuple(&e, file, OUTBOUND, given);
	else
		put_empty(&e);
	put_int(&e, ARG(0));
	put_read_address(&e, address, ARG(1), ARG(2));
	if (tells)
		put_connecting_facts(&e, file, is_connected);
	return event_end(&e);
}

EXIT_PROGRAM(x_bind)
{
	BEGIN(BIND_X);
	put_address(&e, ARG(1), ARG(2));
	put_int(&e, ARG(0));
	return event_end(&e);
}

EXIT_PROGRAM(x_listen)
{
	BEGIN(LISTEN_X);
	put_int(&e, ARG(0));
	put_s32(&e, ARG(1));
	return event_end(&e);
}

/* The peer, and how full the listening socket's queue is: per cent, connections, room for. */
static __always_inline void put_accepted(struct event *e, s64 fd, s32 listening_fd)
{
	u32 length = 0, room = 0;
	if (fd >= 0) {
		put_tuple(e, file_of_fd(fd), INBOUND, NOT_GIVEN);
		struct sock *sock = sock_of_fd(listening_fd);
		length = BPF_CORE_READ(sock, sk_ack_backlog);
		room = BPF_CORE_READ(sock, sk_max_ack_backlog);
	} else {
		put_empty(e);
	}
	put_u8(e, room ? (u64)length * 100 / room : 0);
	put_u32(e, length);
	put_u32(e, room);
}

EXIT_PROGRAM(x_accept)
{
	BEGIN(ACCEPT_X);
	put_accepted(&e, ret, ARG(0));
	return event_end(&e);
}

EXIT_PROGRAM(x_accept4)
{
	BEGIN(ACCEPT4_X);
	put_accepted(&e, ret, ARG(0));
	put_s32(&e, fd_flags(ARG(3)));
	return event_end(&e);
}

EXIT_PROGRAM(x_shutdown)
{
	BEGIN(SHUTDOWN_X);
	put_int(&e, ARG(0));
	put_u8(&e, ARG(1) <= 2 ? ARG(1) : (u8)FSHUT_UNKNOWN); /* the kernel's numbers */
	return event_end(&e);
}
