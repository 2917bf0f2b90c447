// Calls that name, make and remove files and directories, and those that change a process's directory.
// Paths are reported as the caller gave them; the reader completes relative ones.
// Elsewhere: modes and owners (owner.bpf.h), mounts and namespaces (mount.bpf.h).
#pragma once

#include "lib/program.bpf.h"
#include "lib/task.bpf.h"

/* The path of a move is read where the event has it, so that it is the reader's. */
static __always_inline void follow_text(struct event *e, u32 at)
{
	struct scratch *s = e->s;
	u32 length = e->at - at;
	bool is_absolute = *(u8 *)event_byte(e, at) == '/';
	if (length > NOTED_TEXT_BYTES - 1)
		length = 0;
	bpf_probe_read_kernel(s->work + (is_absolute ? NOTED_AT : OTHER_AT), NOTED_TEXT_BYTES, event_byte(e, at));
	move_process(is_absolute || length < 2 ? length : complete_path(base_of(AT_FDCWD), length));
}

EXIT_PROGRAM(x_chdir)
{
	bool follows = is_followed(s, ret);
	BEGIN(CHDIR_X);
	u32 at = e.at;
	put_user_text(&e, ARG(0));
	if (follows)
		follow_text(&e, at);
	return event_end(&e);
}

EXIT_PROGRAM(x_fchdir)
{
	introduce_directory(ARG(0));
	if (is_followed(s, ret)) {
		*(u32 *)(s->work + OTHER_AT) = '.';
		move_process(complete_path(base_of(ARG(0)), 2));
	}
	BEGIN(FCHDIR_X);
	put_int(&e, ARG(0));
	return event_end(&e);
}

EXIT_PROGRAM(x_chroot)
{
	BEGIN(CHROOT_X);
	put_user_text(&e, ARG(0));
	return event_end(&e);
}

/* Falco takes its answer for where the process is. */
EXIT_PROGRAM(x_getcwd)
{
	bool follows = is_followed(s, ret);
	BEGIN(GETCWD_X);
	u32 at = e.at;
	put_user_text(&e, ret >= 0 ? ARG(0) : 0);
	if (follows)
		follow_text(&e, at);
	return event_end(&e);
}

EXIT_PROGRAM(x_rename)
{
	BEGIN(RENAME_X);
	put_user_text(&e, ARG(0));
	put_user_text(&e, ARG(1));
	return event_end(&e);
}

EXIT_PROGRAM(x_renameat)
{
	introduce_directory(ARG(0));
	introduce_directory(ARG(2));
	BEGIN(RENAMEAT_X);
	put_int(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_int(&e, ARG(2));
	put_user_text(&e, ARG(3));
	return event_end(&e);
}

EXIT_PROGRAM(x_renameat2)
{
	introduce_directory(ARG(0));
	introduce_directory(ARG(2));
	BEGIN(RENAMEAT2_X);
	put_int(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_int(&e, ARG(2));
	put_user_text(&e, ARG(3));
	put_u32(&e, ARG(4));
	return event_end(&e);
}

EXIT_PROGRAM(x_link)
{
	BEGIN(LINK_X);
	put_user_text(&e, ARG(0));
	put_user_text(&e, ARG(1));
	return event_end(&e);
}

EXIT_PROGRAM(x_linkat)
{
	introduce_directory(ARG(0));
	introduce_directory(ARG(2));
	if (ARG(4) & FLINKAT_EMPTY_PATH)
		introduce_fd(ARG(0));
	BEGIN(LINKAT_X);
	put_int(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_int(&e, ARG(2));
	put_user_text(&e, ARG(3));
	put_u32(&e, ARG(4) & (FLINKAT_SYMLINK_FOLLOW | FLINKAT_EMPTY_PATH)); /* the kernel's bits */
	return event_end(&e);
}

EXIT_PROGRAM(x_symlink)
{
	BEGIN(SYMLINK_X);
	put_user_text(&e, ARG(0));
	put_user_text(&e, ARG(1));
	return event_end(&e);
}

EXIT_PROGRAM(x_symlinkat)
{
	introduce_directory(ARG(1));
	BEGIN(SYMLINKAT_X);
	put_user_text(&e, ARG(0));
	put_int(&e, ARG(1));
	put_user_text(&e, ARG(2));
	return event_end(&e);
}

EXIT_PROGRAM(x_unlink)
{
	BEGIN(UNLINK_X);
	put_user_text(&e, ARG(0));
	return event_end(&e);
}

EXIT_PROGRAM(x_unlinkat)
{
	introduce_directory(ARG(0));
	BEGIN(UNLINKAT_X);
	put_int(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_u32(&e, ARG(2) & FUNLINKAT_REMOVEDIR);
	return event_end(&e);
}

EXIT_PROGRAM(x_rmdir)
{
	BEGIN(RMDIR_X);
	put_user_text(&e, ARG(0));
	return event_end(&e);
}

EXIT_PROGRAM(x_mkdir)
{
	BEGIN(MKDIR_X);
	put_user_text(&e, ARG(0));
	put_u32(&e, ARG(1));
	return event_end(&e);
}

EXIT_PROGRAM(x_mkdirat)
{
	introduce_directory(ARG(0));
	BEGIN(MKDIRAT_X);
	put_int(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_u32(&e, ARG(2));
	return event_end(&e);
}

/* Permissions and the kind of file, for which Falco has the kernel's numbers; no kind means a regular file. */
static __always_inline u32 node_mode(u32 mode)
{
	u32 kind = mode & 0170000;
	return (mode & 07777) | (kind ? kind : FMKNOD_IFREG);
}

EXIT_PROGRAM(x_mknod)
{
	BEGIN(MKNOD_X);
	put_user_text(&e, ARG(0));
	put_u32(&e, node_mode(ARG(1)));
	put_u32(&e, user_device(ARG(2)));
	return event_end(&e);
}

EXIT_PROGRAM(x_mknodat)
{
	introduce_directory(ARG(0));
	BEGIN(MKNODAT_X);
	put_int(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_u32(&e, node_mode(ARG(2)));
	put_u32(&e, user_device(ARG(3)));
	return event_end(&e);
}
