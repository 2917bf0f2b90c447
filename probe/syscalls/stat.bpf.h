// Calls that look at files or move in them: stat and its relatives, access, lseek, getdents, ioctl, flock, and
// those that copy between fds inside the kernel.
#pragma once

#include "lib/program.bpf.h"

EXIT_PROGRAM(x_stat)
{
	BEGIN(STAT_X);
	put_user_text(&e, ARG(0));
	return event_end(&e);
}

EXIT_PROGRAM(x_lstat)
{
	BEGIN(LSTAT_X);
	put_user_text(&e, ARG(0));
	return event_end(&e);
}

EXIT_PROGRAM(x_fstat)
{
	BEGIN(FSTAT_X);
	put_int(&e, ARG(0));
	return event_end(&e);
}

EXIT_PROGRAM(x_newfstatat)
{
	introduce_directory(ARG(0));
	BEGIN(NEWFSTATAT_X);
	put_int(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_u32(&e, ARG(3) & (FSTATAT_EMPTY_PATH | FSTATAT_NO_AUTOMOUNT | FSTATAT_SYMLINK_NOFOLLOW));
	return event_end(&e);
}

EXIT_PROGRAM(x_access)
{
	BEGIN(ACCESS_X);
	put_user_text(&e, ARG(0));
	put_u32(&e, ARG(1) & (FACCESS_R_OK | FACCESS_W_OK | FACCESS_X_OK));
	return event_end(&e);
}

EXIT_PROGRAM(x_lseek)
{
	BEGIN(LSEEK_X);
	put_int(&e, ARG(0));
	put_u64(&e, ARG(1));
	put_u8(&e, ARG(2) <= FSEEK_END ? ARG(2) : 0);
	return event_end(&e);
}

EXIT_PROGRAM(x_getdents)
{
	BEGIN(GETDENTS_X);
	put_int(&e, ARG(0));
	return event_end(&e);
}

EXIT_PROGRAM(x_getdents64)
{
	BEGIN(GETDENTS64_X);
	put_int(&e, ARG(0));
	return event_end(&e);
}

EXIT_PROGRAM(x_ioctl)
{
	BEGIN(IOCTL_X);
	put_int(&e, ARG(0));
	put_u64(&e, ARG(1));
	put_u64(&e, ARG(2));
	return event_end(&e);
}

EXIT_PROGRAM(x_flock)
{
	BEGIN(FLOCK_X);
	put_int(&e, ARG(0));
	put_u32(&e, ARG(1) & (FLOCK_SH | FLOCK_EX | FLOCK_NB | FLOCK_UN)); /* the kernel's bits */
	return event_end(&e);
}

EXIT_PROGRAM(x_sendfile)
{
	u64 offset = 0;
	bpf_probe_read_user(&offset, s->is_32bit ? 4 : 8, (const void *)ARG(2));
	BEGIN(SENDFILE_X);
	put_u64(&e, offset);
	put_int(&e, ARG(0));
	put_int(&e, ARG(1));
	put_u64(&e, ARG(3));
	return event_end(&e);
}

EXIT_PROGRAM(x_splice)
{
	BEGIN(SPLICE_X);
	put_int(&e, ARG(0));
	put_int(&e, ARG(2));
	put_u64(&e, ARG(4));
	put_u32(&e, ARG(5) & (FSPLICE_MOVE | FSPLICE_NONBLOCK | FSPLICE_MORE | FSPLICE_GIFT));
	return event_end(&e);
}

EXIT_PROGRAM(x_copy_file_range)
{
	BEGIN(COPY_FILE_RANGE_X);
	put_int(&e, ARG(2));
	put_u64(&e, ARG(3));
	put_int(&e, ARG(0));
	put_u64(&e, ARG(1));
	put_u64(&e, ARG(4));
	return event_end(&e);
}
