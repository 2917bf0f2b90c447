// Calls that wait: poll, ppoll, select, epoll_wait, nanosleep, futex; and System V semaphores.
#pragma once

#include "lib/program.bpf.h"

#define POLLED_FDS 16 /* of one call, in the event */

struct polled_fd {
	s32 fd;
	u16 wanted, got;
};

/* poll's bits below POLLRDHUP have Falco's order except for POLLRDHUP itself, which Falco puts in fourth place. */
static __always_inline u16 poll_bits(u32 bits)
{
	return (bits & 7) | MOVE_BIT(bits, 0x2000, FPOLL_RDHUP) | MOVE_BIT(bits, 0x008, FPOLL_ERR) |
	       MOVE_BIT(bits, 0x010, FPOLL_HUP) | MOVE_BIT(bits, 0x020, FPOLL_NVAL) |
	       MOVE_BIT(bits, 0x040, FPOLL_RDNORM) | MOVE_BIT(bits, 0x080, FPOLL_RDBAND) |
	       MOVE_BIT(bits, 0x100, FPOLL_WRNORM) | MOVE_BIT(bits, 0x200, FPOLL_WRBAND);
}

/* u16 count, then an fd and the events it has, for each of the first fds. */
static __always_inline void put_polled_fds(struct event *e, u64 fds, u32 count)
{
	volatile u32 *at = &e->s->at;
	u32 start = e->at, written = 0;
	*at = start + 2;
	for (u32 i = 0; i < POLLED_FDS; i++) {
		struct polled_fd polled;
		if (i >= count || bpf_probe_read_user(&polled, sizeof(polled), (const struct polled_fd *)fds + i))
			break;
		STORE(s64, e, *at, polled.fd);
		STORE(u16, e, *at + 8, poll_bits(polled.got));
		*at += 10;
		written++;
	}
	STORE(u16, e, start, written);
	e->at = *at;
	put_length(e, e->at - start);
}

static __always_inline u64 read_duration(u64 from, bool is_32bit)
{
	u64 wide[2] = {};
	u32 narrow[2] = {};
	if (is_32bit) {
		bpf_probe_read_user(narrow, sizeof(narrow), (const void *)from);
		return narrow[0] * 1000000000ULL + narrow[1];
	}
	bpf_probe_read_user(wide, sizeof(wide), (const void *)from);
	return wide[0] * 1000000000ULL + wide[1];
}

EXIT_PROGRAM(x_poll)
{
	BEGIN(POLL_X);
	put_polled_fds(&e, ARG(0), ARG(1));
	put_s64(&e, (u32)ARG(2)); /* milliseconds; "for ever" is 4294967295, as in Falco */
	return event_end(&e);
}

EXIT_PROGRAM(x_ppoll)
{
	u32 mask = 0;
	bpf_probe_read_user(&mask, sizeof(mask), (const void *)ARG(3));
	BEGIN(PPOLL_X);
	put_polled_fds(&e, ARG(0), ARG(1));
	put_u64(&e, read_duration(ARG(2), s->is_32bit));
	put_u32(&e, mask);
	return event_end(&e);
}

EXIT_PROGRAM(x_select)
{
	BEGIN(SELECT_X);
	return event_end(&e);
}

EXIT_PROGRAM(x_epoll_wait)
{
	BEGIN(EPOLL_WAIT_X);
	put_int(&e, ARG(2));
	return event_end(&e);
}

EXIT_PROGRAM(x_nanosleep)
{
	BEGIN(NANOSLEEP_X);
	put_u64(&e, read_duration(ARG(0), s->is_32bit));
	return event_end(&e);
}

EXIT_PROGRAM(x_futex)
{
	BEGIN(FUTEX_X);
	put_u64(&e, ARG(0));
	/* Falco has the kernel's numbers of operations and flags; those that it does not know count as 0 */
	u32 operation = ARG(1) & 127;
	put_u16(&e, (operation <= FFUTEX_CMP_REQUEUE_PI ? operation : 0) |
			    (ARG(1) & (FFUTEX_PRIVATE_FLAG | FFUTEX_CLOCK_REALTIME)));
	put_u64(&e, ARG(2));
	return event_end(&e);
}

struct semaphore_operation {
	u16 number;
	s16 operation;
	s16 flags;
};

static __always_inline void put_semaphore_operation(struct event *e, struct semaphore_operation given)
{
	put_u16(e, given.number);
	put_s16(e, given.operation);
	put_u16(e, MOVE_BIT(given.flags, 04000, FSEMOP_IPC_NOWAIT) | MOVE_BIT(given.flags, 0x1000, FSEMOP_SEM_UNDO));
}

EXIT_PROGRAM(x_semop)
{
	struct semaphore_operation given[2] = {};
	if (ret == 0 && (u32)ARG(2) == 1)
		bpf_probe_read_user(given, sizeof(given[0]), (const void *)ARG(1));
	else if (ret == 0 && ARG(2))
		bpf_probe_read_user(given, sizeof(given), (const void *)ARG(1));
	BEGIN(SEMOP_X);
	put_u32(&e, ARG(2));
	put_semaphore_operation(&e, given[0]);
	put_semaphore_operation(&e, given[1]);
	put_s32(&e, ARG(0));
	return event_end(&e);
}

EXIT_PROGRAM(x_semget)
{
	BEGIN(SEMGET_X);
	put_s32(&e, ARG(0));
	put_s32(&e, ARG(1));
	put_u32(&e, MOVE_BIT(ARG(2), 01000, FSEMGET_CREAT) | MOVE_BIT(ARG(2), 02000, FSEMGET_EXCL));
	return event_end(&e);
}

/* Commands of semctl by the kernel's number; Falco gives each a bit. */
const u16 semctl_commands[32] = {
	[0] = FSEMCTL_IPC_RMID, [1] = FSEMCTL_IPC_SET, [2] = FSEMCTL_IPC_STAT, [3] = FSEMCTL_IPC_INFO,
	[11] = FSEMCTL_GETPID, [12] = FSEMCTL_GETVAL, [13] = FSEMCTL_GETALL, [14] = FSEMCTL_GETNCNT,
	[15] = FSEMCTL_GETZCNT, [16] = FSEMCTL_SETVAL, [17] = FSEMCTL_SETALL, [18] = FSEMCTL_SEM_STAT,
	[19] = FSEMCTL_SEM_INFO,
};

EXIT_PROGRAM(x_semctl)
{
	u32 command = (u16)ARG(2);
	u32 number = command < 32 ? semctl_commands[BOUNDED(command, 31)] : 0;
	BEGIN(SEMCTL_X);
	put_s32(&e, ARG(0));
	put_s32(&e, ARG(1));
	put_u16(&e, number);
	put_s32(&e, number == FSEMCTL_SETVAL ? ARG(3) : 0);
	return event_end(&e);
}
