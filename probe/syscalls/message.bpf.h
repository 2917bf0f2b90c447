// Data over sockets: sendto, recvfrom, sendmsg, recvmsg, sendmmsg, recvmmsg, with the two ends of the socket.
// Elsewhere: plain reads and writes of sockets (io.bpf.h).
#pragma once

#include "syscalls/fd_facts.bpf.h"
#include "syscalls/io.bpf.h"
#include "lib/socket_tuple.bpf.h"

#define MESSAGES_READ 16 /* of one sendmmsg or recvmmsg, an event each */

EXIT_PROGRAM(x_sendto)
{
	BEGIN(SENDTO_X);
	put_data_written(&e, ARG(1), ARG(2), ret);
	put_int(&e, ARG(0));
	put_u32(&e, ARG(2));
	if (ret >= 0)
		put_tuple(&e, file_of_fd(ARG(0)), OUTBOUND, GIVEN(ARG(4), ARG(5)));
	else
		put_empty(&e);
	return event_end(&e);
}

EXIT_PROGRAM(x_recvfrom)
{
	BEGIN(RECVFROM_X);
	put_data_read(&e, ARG(1), ret);
	if (ret >= 0)
		put_tuple(&e, file_of_fd(ARG(0)), INBOUND, GIVEN(ARG(4), 0));
	else
		put_empty(&e);
	put_int(&e, ARG(0));
	put_u32(&e, ARG(2));
	return event_end(&e);
}

EXIT_PROGRAM(x_sendmsg)
{
	struct message_header header = {};
	bool readable = read_message_header(s, ARG(1), &header);
	BEGIN(SENDMSG_X);
	if (readable) {
		u32 size = put_vectors_written(&e, header.vectors, header.vector_count, ret);
		put_int(&e, ARG(0));
		put_u32(&e, size);
	} else {
		put_empty(&e);
		put_int(&e, ARG(0));
		put_empty(&e);
	}
	if (readable && ret >= 0)
		put_tuple(&e, file_of_fd(ARG(0)), OUTBOUND, GIVEN(header.name, header.name_length));
	else
		put_empty(&e);
	return event_end(&e);
}

static __always_inline void put_control(struct event *e, const struct message_header *header)
{
	put_user_bytes(e, header->control, header->control_length <= 0xffff ? header->control_length : 0);
}

EXIT_PROGRAM(x_recvmsg)
{
	struct message_header header = {};
	BEGIN(RECVMSG_X);
	if (ret >= 0) {
		read_message_header(s, ARG(1), &header);
		put_u32(&e, ret);
		put_vectors(&e, header.vectors, header.vector_count, kept_bytes(ret));
		put_tuple(&e, file_of_fd(ARG(0)), INBOUND, GIVEN(header.name, header.name_length));
		put_control(&e, &header);
	} else {
		put_u32(&e, 0);
		put_empty(&e);
		put_empty(&e);
		put_empty(&e);
	}
	put_int(&e, ARG(0));
	event_end(&e);
	if (ret >= 0 && header.control)
		report_passed_fds(header.control, header.control_length);
	return 0;
}

static __always_inline u32 message_header_bytes(const struct scratch *s)
{
	return s->is_32bit ? sizeof(struct message_header_32) : sizeof(struct message_header);
}

/* Where one message of several begins: with its header, which its length follows. */
static __always_inline u64 message_at(const struct scratch *s, u32 index)
{
	return s->args[1] + (u64)index * (message_header_bytes(s) + (s->is_32bit ? 4 : 8));
}

CHECKED_ONCE int report_message(u32 index, u32 is_sent)
{
	struct scratch *s = scratch_of_cpu();
	if (!s)
		return 0;
	struct message_header header = {};
	u32 header_bytes = message_header_bytes(s);
	u64 at = message_at(s, index);
	u32 length = 0;
	read_message_header(s, at, &header);
	bpf_probe_read_user(&length, sizeof(length), (const void *)(at + header_bytes));

	struct event e;
	if (is_sent)
		event_begin(&e, s, EVENT(SENDMMSG_X));
	else
		event_begin(&e, s, EVENT(RECVMMSG_X));
	put_s64(&e, length);
	put_int(&e, ARG(0));
	put_u32(&e, length); /* of sendmmsg Falco gives the size of the chunks: the same unless cut short */
	put_vectors(&e, header.vectors, header.vector_count, kept_bytes(length));
	put_tuple(&e, file_of_fd(ARG(0)), is_sent ? OUTBOUND : INBOUND, GIVEN(header.name, header.name_length));
	if (!is_sent)
		put_control(&e, &header);
	event_end(&e);
	return 0;
}

/*
 * The fds that came with one message of several, after the message itself. Not called by report_message: on kernels before
 * 6.8 the stack of all functions that are called in each other would be more than the 512 bytes that there are.
 */
CHECKED_ONCE int report_fds_of_message(u32 index)
{
	struct scratch *s = scratch_of_cpu();
	struct message_header header = {};
	if (s && read_message_header(s, message_at(s, index), &header) && header.control)
		report_passed_fds(header.control, header.control_length);
	return 0;
}

EXIT_PROGRAM(x_sendmmsg)
{
	for (u32 i = 0; i < MESSAGES_READ; i++) {
		if (i >= ret)
			break;
		report_message(i, true);
	}
	if (ret > 0)
		return 0;
	BEGIN(SENDMMSG_X);
	put_int(&e, ARG(0));
	put_u32(&e, 0);
	put_empty(&e);
	put_empty(&e);
	return event_end(&e);
}

EXIT_PROGRAM(x_recvmmsg)
{
	for (u32 i = 0; i < MESSAGES_READ; i++) {
		if (i >= ret)
			break;
		report_message(i, false);
		report_fds_of_message(i);
	}
	if (ret > 0)
		return 0;
	BEGIN(RECVMMSG_X);
	put_int(&e, ARG(0));
	put_u32(&e, 0);
	put_empty(&e);
	put_empty(&e);
	put_empty(&e);
	return event_end(&e);
}
