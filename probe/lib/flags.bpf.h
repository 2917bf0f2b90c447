// Flags and modes of calls in Falco's numbering (generated/events.h), where it is not the kernel's.
// Written without branches: each branch would double what the verifier has to follow.
#pragma once

#include <asm/fcntl.h>
#include <linux/openat2.h>
#include <linux/sched.h>

#include "generated/events.h"
#include "lib/kernel_task.bpf.h"

/* Moves one bit: both are constants, so this becomes an AND and a shift. */
#define MOVE_BIT(flags, from, to) ((u32)(((u64)(flags) & (from)) / (from) * (to)))

static __always_inline u32 open_flags(u32 flags)
{
	/* 0 read, 1 write, 2 both → 1, 2, 3; 3 is not an access mode and counts as read */
	u32 access = (flags & O_ACCMODE) + 1;
	u32 result = access & 4 ? FO_RDONLY : access;
	result |= MOVE_BIT(flags, O_CREAT, FO_CREAT) | MOVE_BIT(flags, O_APPEND, FO_APPEND);
	result |= MOVE_BIT(flags, O_DSYNC, FO_DSYNC) | MOVE_BIT(flags, O_EXCL, FO_EXCL);
	result |= MOVE_BIT(flags, O_NONBLOCK, FO_NONBLOCK) | MOVE_BIT(flags, O_TRUNC, FO_TRUNC);
	result |= MOVE_BIT(flags, O_DIRECT, FO_DIRECT) | MOVE_BIT(flags, O_DIRECTORY, FO_DIRECTORY);
	result |= MOVE_BIT(flags, O_LARGEFILE, FO_LARGEFILE) | MOVE_BIT(flags, O_CLOEXEC, FO_CLOEXEC);
	/* O_SYNC holds O_DSYNC and O_TMPFILE holds O_DIRECTORY; Falco sets both for either part */
	result |= flags & O_SYNC ? FO_SYNC : 0;
	result |= flags & O_TMPFILE ? FO_TMPFILE : 0;
	return result;
}

/* The mode of an open counts only where a file may be made. */
static __always_inline u32 open_mode(u32 flags, u32 mode)
{
	return flags & (O_CREAT | O_TMPFILE) ? mode & 07777 : 0;
}

static __always_inline u32 resolve_flags(u64 flags)
{
	return MOVE_BIT(flags, RESOLVE_NO_XDEV, FRESOLVE_NO_XDEV) |
	       MOVE_BIT(flags, RESOLVE_NO_MAGICLINKS, FRESOLVE_NO_MAGICLINKS) |
	       MOVE_BIT(flags, RESOLVE_NO_SYMLINKS, FRESOLVE_NO_SYMLINKS) |
	       MOVE_BIT(flags, RESOLVE_BENEATH, FRESOLVE_BENEATH) |
	       MOVE_BIT(flags, RESOLVE_IN_ROOT, FRESOLVE_IN_ROOT) |
	       MOVE_BIT(flags, RESOLVE_CACHED, FRESOLVE_CACHED);
}

/* O_NONBLOCK and O_CLOEXEC, which many calls that make an fd share (under names of their own). */
static __always_inline u32 fd_flags(u32 flags)
{
	return MOVE_BIT(flags, O_NONBLOCK, FO_NONBLOCK) | MOVE_BIT(flags, O_CLOEXEC, FO_CLOEXEC);
}

static __always_inline u32 clone_flags(u64 flags)
{
	return MOVE_BIT(flags, CLONE_FILES, CL_FILES) | MOVE_BIT(flags, CLONE_FS, CL_FS) |
	       MOVE_BIT(flags, CLONE_IO, CL_IO) | MOVE_BIT(flags, CLONE_NEWIPC, CL_NEWIPC) |
	       MOVE_BIT(flags, CLONE_NEWNET, CL_NEWNET) | MOVE_BIT(flags, CLONE_NEWNS, CL_NEWNS) |
	       MOVE_BIT(flags, CLONE_NEWPID, CL_NEWPID) | MOVE_BIT(flags, CLONE_NEWUTS, CL_NEWUTS) |
	       MOVE_BIT(flags, CLONE_PARENT, CL_PARENT) | MOVE_BIT(flags, CLONE_PARENT_SETTID, CL_PARENT_SETTID) |
	       MOVE_BIT(flags, CLONE_PTRACE, CL_PTRACE) | MOVE_BIT(flags, CLONE_SIGHAND, CL_SIGHAND) |
	       MOVE_BIT(flags, CLONE_SYSVSEM, CL_SYSVSEM) | MOVE_BIT(flags, CLONE_THREAD, CL_THREAD) |
	       MOVE_BIT(flags, CLONE_UNTRACED, CL_UNTRACED) | MOVE_BIT(flags, CLONE_VM, CL_VM) |
	       MOVE_BIT(flags, CLONE_NEWUSER, CL_NEWUSER) | MOVE_BIT(flags, CLONE_SETTLS, CL_SETTLS) |
	       MOVE_BIT(flags, CLONE_CHILD_CLEARTID, CL_CHILD_CLEARTID) |
	       MOVE_BIT(flags, CLONE_CHILD_SETTID, CL_CHILD_SETTID) | MOVE_BIT(flags, CLONE_VFORK, CL_VFORK) |
	       MOVE_BIT(flags, CLONE_NEWCGROUP, CL_NEWCGROUP);
}

/* Address families have the kernel's numbers; those without a name in Falco's table count as unspecified. */
static __always_inline u8 socket_family(u32 family)
{
	family &= 0xff;
	return family > FAM_NFC || family == 27 || family == 28 ? 0 : family;
}
