// Calls that make fds which are neither files of a path, pipes nor sockets.
// Elsewhere: userfaultfd and bpf, which also make fds (security.bpf.h).
#pragma once

#include "lib/caller.bpf.h"
#include "lib/program.bpf.h"

EXIT_PROGRAM(x_memfd_create)
{
	BEGIN(MEMFD_CREATE_X);
	put_user_text(&e, ARG(0));
	put_u32(&e, ARG(1) & (FMFD_CLOEXEC | FMFD_ALLOW_SEALING | FMFD_HUGETLB)); /* the kernel's bits */
	return event_end(&e);
}

EXIT_PROGRAM(x_eventfd)
{
	BEGIN(EVENTFD_X);
	put_u64(&e, ARG(0));
	put_u32(&e, 0);
	return event_end(&e);
}

EXIT_PROGRAM(x_eventfd2)
{
	BEGIN(EVENTFD2_X);
	put_u16(&e, fd_flags(ARG(1)));
	put_u64(&e, (u32)ARG(0));
	return event_end(&e);
}

EXIT_PROGRAM(x_signalfd)
{
	BEGIN(SIGNALFD_X);
	put_int(&e, ARG(0));
	put_u32(&e, 0); /* the mask, which Falco does not read */
	put_u8(&e, 0);
	return event_end(&e);
}

EXIT_PROGRAM(x_signalfd4)
{
	BEGIN(SIGNALFD4_X);
	put_u16(&e, fd_flags(ARG(3)));
	put_int(&e, ARG(0));
	put_u32(&e, 0);
	return event_end(&e);
}

EXIT_PROGRAM(x_timerfd_create)
{
	BEGIN(TIMERFD_CREATE_X);
	put_u8(&e, ARG(0));
	put_u8(&e, fd_flags(ARG(1))); /* 8 bits hold O_NONBLOCK only, as in Falco */
	return event_end(&e);
}

EXIT_PROGRAM(x_inotify_init)
{
	BEGIN(INOTIFY_INIT_X);
	put_u8(&e, 0);
	return event_end(&e);
}

EXIT_PROGRAM(x_inotify_init1)
{
	BEGIN(INOTIFY_INIT1_X);
	put_u16(&e, fd_flags(ARG(0)));
	return event_end(&e);
}

EXIT_PROGRAM(x_epoll_create)
{
	BEGIN(EPOLL_CREATE_X);
	put_s32(&e, ARG(0));
	return event_end(&e);
}

EXIT_PROGRAM(x_epoll_create1)
{
	BEGIN(EPOLL_CREATE1_X);
	put_u32(&e, MOVE_BIT(ARG(0), O_CLOEXEC, FEPOLL_CLOEXEC));
	return event_end(&e);
}

/* The first words of struct io_uring_params. */
struct ring_parameters {
	u32 sq_entries, cq_entries, flags, sq_thread_cpu, sq_thread_idle, features;
};

EXIT_PROGRAM(x_io_uring_setup)
{
	struct ring_parameters given = {};
	bpf_probe_read_user(&given, sizeof(given), (const void *)ARG(1));
	/* the kernel's first seven flags; Falco has one more in third place, which the kernel never sets here */
	u32 flags = (given.flags & 3) | (given.flags & 0x7c) << 1;
	BEGIN(IO_URING_SETUP_X);
	put_u32(&e, ARG(0));
	put_u32(&e, given.sq_entries);
	put_u32(&e, given.cq_entries);
	put_u32(&e, flags);
	put_u32(&e, given.sq_thread_cpu);
	put_u32(&e, given.sq_thread_idle);
	put_u32(&e, given.features & 0x7ff);
	return event_end(&e);
}

EXIT_PROGRAM(x_io_uring_enter)
{
	BEGIN(IO_URING_ENTER_X);
	put_int(&e, ARG(0));
	put_u32(&e, ARG(1));
	put_u32(&e, ARG(2));
	put_u32(&e, ARG(3) & (FIORING_ENTER_GETEVENTS | FIORING_ENTER_SQ_WAKEUP | FIORING_ENTER_SQ_WAIT |
			      FIORING_ENTER_EXT_ARG)); /* the kernel's bits */
	put_u32(&e, ARG(4));
	return event_end(&e);
}

EXIT_PROGRAM(x_io_uring_register)
{
	BEGIN(IO_URING_REGISTER_X);
	put_int(&e, ARG(0));
	put_u16(&e, ARG(1));
	put_u64(&e, ARG(2));
	put_u32(&e, ARG(3));
	return event_end(&e);
}

EXIT_PROGRAM(x_pidfd_open)
{
	BEGIN(PIDFD_OPEN_X);
	put_int(&e, ARG(0));
	put_u32(&e, MOVE_BIT(ARG(1), O_NONBLOCK, FPIDFD_NONBLOCK));
	return event_end(&e);
}
