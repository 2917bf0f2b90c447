// Modes and owners of files: the chmod and chown calls.
// Permission bits are the kernel's; the kind of file is cut off.
#pragma once

#include "lib/program.bpf.h"

#define PERMISSIONS 07777

EXIT_PROGRAM(x_chmod)
{
	BEGIN(CHMOD_X);
	put_user_text(&e, ARG(0));
	put_u32(&e, ARG(1) & PERMISSIONS);
	return event_end(&e);
}

EXIT_PROGRAM(x_fchmod)
{
	BEGIN(FCHMOD_X);
	put_int(&e, ARG(0));
	put_u32(&e, ARG(1) & PERMISSIONS);
	return event_end(&e);
}

EXIT_PROGRAM(x_fchmodat)
{
	introduce_directory(ARG(0));
	BEGIN(FCHMODAT_X);
	put_int(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_u32(&e, ARG(2) & PERMISSIONS);
	return event_end(&e);
}

EXIT_PROGRAM(x_chown)
{
	BEGIN(CHOWN_X);
	put_user_text(&e, ARG(0));
	put_u32(&e, ARG(1));
	put_u32(&e, ARG(2));
	return event_end(&e);
}

EXIT_PROGRAM(x_lchown)
{
	BEGIN(LCHOWN_X);
	put_user_text(&e, ARG(0));
	put_u32(&e, ARG(1));
	put_u32(&e, ARG(2));
	return event_end(&e);
}

EXIT_PROGRAM(x_fchown)
{
	BEGIN(FCHOWN_X);
	put_int(&e, ARG(0));
	put_u32(&e, ARG(1));
	put_u32(&e, ARG(2));
	return event_end(&e);
}

EXIT_PROGRAM(x_fchownat)
{
	introduce_directory(ARG(0));
	if (ARG(4) & FCHOWNAT_EMPTY_PATH)
		introduce_fd(ARG(0));
	BEGIN(FCHOWNAT_X);
	put_int(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_u32(&e, ARG(2));
	put_u32(&e, ARG(3));
	put_u32(&e, ARG(4) & (0x400 | FCHOWNAT_EMPTY_PATH)); /* AT_SYMLINK_FOLLOW, which the kernel refuses here */
	return event_end(&e);
}
