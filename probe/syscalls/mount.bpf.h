// Mounts and namespaces: mount, umount2, setns, unshare, fsconfig.
#pragma once

#include "lib/program.bpf.h"

#define MOUNT_MAGIC 0xc0ed0000 /* in the upper half of the flags of very old programs: then the half is no flags */

EXIT_PROGRAM(x_mount)
{
	u32 flags = ARG(3);
	if ((flags & 0xffff0000) == MOUNT_MAGIC)
		flags &= 0xffff;
	BEGIN(MOUNT_X);
	put_user_text(&e, ARG(0));
	put_user_text(&e, ARG(1));
	put_user_text(&e, ARG(2));
	put_u32(&e, flags);
	return event_end(&e);
}

EXIT_PROGRAM(x_umount2)
{
	BEGIN(UMOUNT2_X);
	put_user_text(&e, ARG(0));
	put_u32(&e, ARG(1) & (FUMOUNT_FORCE | FUMOUNT_DETACH | FUMOUNT_EXPIRE | FUMOUNT_NOFOLLOW));
	return event_end(&e);
}

EXIT_PROGRAM(x_setns)
{
	BEGIN(SETNS_X);
	put_int(&e, ARG(0));
	put_u32(&e, clone_flags(ARG(1)));
	return event_end(&e);
}

EXIT_PROGRAM(x_unshare)
{
	BEGIN(UNSHARE_X);
	put_u32(&e, clone_flags(ARG(0)));
	return event_end(&e);
}

/* Options of a new-style mount. */
EXIT_PROGRAM(x_fsconfig)
{
	u32 command = ARG(1);
	bool is_bytes = ret >= 0 && command == FFSCONFIG_SET_BINARY;
	bool is_text = ret >= 0 && (command == FFSCONFIG_SET_STRING || command == FFSCONFIG_SET_PATH ||
				    command == FFSCONFIG_SET_PATH_EMPTY);
	BEGIN(FSCONFIG_X);
	put_int(&e, ARG(0));
	put_u32(&e, command);
	put_user_text(&e, ARG(2));
	put_user_bytes(&e, is_bytes ? ARG(3) : 0, ARG(4));
	put_user_text(&e, is_text ? ARG(3) : 0);
	put_s32(&e, ARG(4));
	return event_end(&e);
}
