// Calls that close, copy or change fds, and pipes: close, close_range, dup, dup2, dup3, fcntl, pipe, pipe2.
// Elsewhere: calls that make other kinds of fds (fd_kinds.bpf.h), sockets (socket.bpf.h).
#pragma once

#include "lib/filter.bpf.h"
#include "syscalls/fd_facts.bpf.h"
#include "lib/file.bpf.h"
#include "lib/program.bpf.h"

/* Begins an event with parameters of ours after those of the table; capture files leave them out. */
#define BEGIN_WITH(name, count)                                            \
	struct event e;                                                    \
	event_begin(&e, s, EVT_##name, NPARAMS_##name + (count));          \
	put_s64(&e, ret)

/*
 * A close may take long (a socket that lingers), and the number is free from its beginning on. After its parameters
 * there is 1 when the number is in use again; read after the event has got its time, so that a reuse before that time is seen,
 * and a later one is reported later.
 */

/* What there is to do at the beginning of a close is done before this is reached, see holds_back(). */
ENTER_PROGRAM(close, 1)
{
	(void)s;
	return 0;
}

EXIT_PROGRAM(x_close)
{
	BEGIN_WITH(CLOSE_X, 1);
	put_int(&e, ARG(0));
	put_u8(&e, file_of_fd(ARG(0)) != NULL);
	return event_end(&e);
}

/* The same for a range: a bit for each number that is open, from 0 on. Those beyond are seldom used. */
#define OPEN_BITS_BYTES 512

EXIT_PROGRAM(x_close_range)
{
	BEGIN_WITH(CLOSE_RANGE_X, 1);
	put_u32(&e, ARG(0));
	put_u32(&e, ARG(1));
	put_u32(&e, ARG(2) & (FCLOSERANGE_UNSHARE | FCLOSERANGE_CLOEXEC)); /* the kernel's bits */
	struct fdtable *table = BPF_CORE_READ(current_task(), files, fdt);
	u32 bytes = BPF_CORE_READ(table, max_fds) / 8;
	put_kernel_bytes(&e, BPF_CORE_READ(table, open_fds), bytes < OPEN_BITS_BYTES ? bytes : OPEN_BITS_BYTES);
	return event_end(&e);
}

/*
 * Of copies to standard input, output and error the kernel's record follows: an fd whose origin was not seen ends there when
 * it becomes a shell's. To ask it of every copy would cost more than the event.
 */
#define IS_STANDARD(fd) ((u64)(fd) <= 2)

/* A copy of a file that nobody asks about, under a number that was free before. */
static __always_inline bool is_unasked_copy(s64 ret)
{
	return ret > 2 && active_slot() && is_unasked(file_of_fd(ret));
}

EXIT_PROGRAM(x_dup)
{
	bool left_out = is_unasked_copy(ret);
	if (left_out && passes_over(s))
		return 0;
	introduce_directory(ARG(0));
	u32 facts = IS_STANDARD(ret) ? FD_FACTS : 0;
	BEGIN_WITH(DUP_X, facts);
	put_int(&e, ARG(0));
	if (facts)
		put_copy_facts(&e, ret);
	return event_end(&e);
}

EXIT_PROGRAM(x_dup2)
{
	introduce_directory(ARG(0));
	u32 facts = IS_STANDARD(ret) ? FD_FACTS : 0;
	BEGIN_WITH(DUP2_X, facts);
	put_int(&e, ARG(0));
	put_int(&e, ARG(1));
	if (facts)
		put_copy_facts(&e, ret);
	return event_end(&e);
}

EXIT_PROGRAM(x_dup3)
{
	introduce_directory(ARG(0));
	u32 facts = IS_STANDARD(ret) ? FD_FACTS : 0;
	BEGIN_WITH(DUP3_X, facts);
	put_int(&e, ARG(0));
	put_int(&e, ARG(1));
	put_u32(&e, MOVE_BIT(ARG(2), O_CLOEXEC, FO_CLOEXEC));
	if (facts)
		put_copy_facts(&e, ret);
	return event_end(&e);
}

/* Commands of fcntl by the kernel's number; those of Linux alone begin at 1024. */
const u8 fcntl_commands[64] = {
	FCNTL_DUPFD,  FCNTL_GETFD,   FCNTL_SETFD,   FCNTL_GETFL,   FCNTL_SETFL,	   FCNTL_GETLK,
	FCNTL_SETLK,  FCNTL_SETLKW,  FCNTL_SETOWN,  FCNTL_GETOWN,  FCNTL_SETSIG,   FCNTL_GETSIG,
	FCNTL_GETLK64, FCNTL_SETLK64, FCNTL_SETLKW64, FCNTL_SETOWN_EX, FCNTL_GETOWN_EX,
	[36] = FCNTL_OFD_GETLK, [37] = FCNTL_OFD_SETLK, [38] = FCNTL_OFD_SETLKW,
};
const u8 fcntl_linux_commands[16] = {
	[0] = FCNTL_SETLEASE, [1] = FCNTL_GETLEASE, [2] = FCNTL_NOTIFY, [5] = FCNTL_CANCELLK,
	[6] = FCNTL_DUPFD_CLOEXEC, [7] = FCNTL_SETPIPE_SZ, [8] = FCNTL_GETPIPE_SZ,
};

static __always_inline u8 fcntl_command(u32 command)
{
	if (command < 64)
		return fcntl_commands[BOUNDED(command, 63)];
	if (command >= 1024 && command < 1040)
		return fcntl_linux_commands[BOUNDED(command, 15)];
	return FCNTL_UNKNOWN;
}

EXIT_PROGRAM(x_fcntl)
{
	u8 command = fcntl_command(ARG(1));
	bool copies = command == FCNTL_DUPFD || command == FCNTL_DUPFD_CLOEXEC;
	bool left_out = filters(FILTER_FCNTL) &&
			(ret < 0 ? true
			 : copies ? is_unasked_copy(ret)
				  : command != FCNTL_SETFD || is_unasked(file_of_fd(ARG(0))));
	if (left_out && passes_over(s))
		return 0;
	if (copies)
		introduce_directory(ARG(0));
	u32 facts = copies && IS_STANDARD(ret) ? FD_FACTS : 0;
	BEGIN_WITH(FCNTL_X, facts);
	put_int(&e, ARG(0));
	put_u8(&e, command);
	put_u64(&e, ARG(2));
	if (facts)
		put_copy_facts(&e, ret);
	return event_end(&e);
}

EXIT_PROGRAM(x_pidfd_getfd)
{
	BEGIN_WITH(PIDFD_GETFD_X, FD_FACTS);
	put_int(&e, ARG(0));
	put_int(&e, ARG(1));
	put_u32(&e, ARG(2));
	pass_directory(made_file(s, ret));
	keep_file(made_file(s, ret));
	put_fd_facts(&e, ret);
	return event_end(&e);
}

struct fd_pair {
	s32 first, second;
};

static __always_inline struct fd_pair read_fd_pair(u64 from)
{
	struct fd_pair pair;
	if (bpf_probe_read_user(&pair, sizeof(pair), (const void *)from))
		pair.first = pair.second = -1;
	return pair;
}

static __always_inline void put_pipe(struct event *e, u64 from, s64 ret)
{
	struct fd_pair pair = read_fd_pair(from);
	struct file *file = ret ? NULL : file_of_fd(pair.first);
	put_s64(e, pair.first);
	put_s64(e, pair.second);
	put_u64(e, file ? BPF_CORE_READ(file, f_inode, i_ino) : 0);
}

EXIT_PROGRAM(x_pipe)
{
	BEGIN(PIPE_X);
	put_pipe(&e, ARG(0), ret);
	return event_end(&e);
}

EXIT_PROGRAM(x_pipe2)
{
	BEGIN(PIPE2_X);
	put_pipe(&e, ARG(0), ret);
	put_u32(&e, fd_flags(ARG(1)) | MOVE_BIT(ARG(1), O_DIRECT, FO_DIRECT));
	return event_end(&e);
}
