// quotactl: limits of users and groups on a file system.
#pragma once

#include "lib/program.bpf.h"

/* What the call passes by pointer, in the kernel's layout (struct if_dqblk, struct if_dqinfo). */
struct quota_limits {
	u64 block_hard, block_soft, space, inode_hard, inode_soft, inodes, block_time, inode_time;
	u32 valid, pad;
};

struct quota_info {
	u64 block_grace, inode_grace;
	u32 flags, valid;
};

enum quota_valid { HAS_BLOCK_LIMITS = 1, HAS_SPACE = 2, HAS_INODE_LIMITS = 4, HAS_BLOCK_TIME = 16, HAS_INODE_TIME = 32 };

/* The kernel's commands are 0x8000xx and, for XFS, 'X' << 8 | 1 …; Falco gives each a bit. */
const u16 quota_commands[16] = {
	[1] = FQ_SYNC, [2] = FQ_QUOTAON, [3] = FQ_QUOTAOFF, [4] = FQ_GETFMT, [5] = FQ_GETINFO, [6] = FQ_SETINFO,
	[7] = FQ_GETQUOTA, [8] = FQ_SETQUOTA,
};
const u16 quota_xfs_commands[8] = {
	[1] = FQ_XQUOTAON, [2] = FQ_XQUOTAOFF, [3] = FQ_XGETQUOTA, [4] = FQ_XSETQLIM, [5] = FQ_XGETQSTAT,
	[6] = FQ_XQUOTARM, [7] = FQ_XQUOTASYNC,
};

static __always_inline u32 quota_command(u32 command)
{
	u32 group = command >> 8 & ~0xfu, within = command >> 8 & 0xf;
	if (group == 0x800000)
		return quota_commands[BOUNDED(within, 15)];
	if (group == 0x5800 && within < 8)
		return quota_xfs_commands[BOUNDED(within, 7)];
	return 0;
}

static __always_inline u8 quota_format(u32 format)
{
	return format == 1 ? FQFMT_VFS_OLD : format == 2 ? FQFMT_VFS_V0 : format == 4 ? FQFMT_VFS_V1 : FQFMT_NOT_USED;
}

static __always_inline void put_quota_limits(struct event *e, u32 command, u64 from)
{
	struct quota_limits limits = {};
	if (command & (FQ_GETQUOTA | FQ_SETQUOTA))
		bpf_probe_read_user(&limits, sizeof(limits), (const void *)from);
	u32 valid = limits.valid;
	put_u64(e, valid & HAS_BLOCK_LIMITS ? limits.block_hard : 0);
	put_u64(e, valid & HAS_BLOCK_LIMITS ? limits.block_soft : 0);
	put_u64(e, valid & HAS_SPACE ? limits.space : 0);
	put_u64(e, valid & HAS_INODE_LIMITS ? limits.inode_hard : 0);
	put_u64(e, valid & HAS_INODE_LIMITS ? limits.inode_soft : 0);
	put_u64(e, valid & HAS_BLOCK_TIME ? limits.block_time : 0);
	put_u64(e, valid & HAS_INODE_TIME ? limits.inode_time : 0);
}

static __always_inline void put_quota_info(struct event *e, u32 command, u64 from)
{
	struct quota_info info = {};
	if (command & (FQ_GETINFO | FQ_SETINFO))
		bpf_probe_read_user(&info, sizeof(info), (const void *)from);
	put_u64(e, info.valid & 1 ? info.block_grace : 0);
	put_u64(e, info.valid & 2 ? info.inode_grace : 0);
	put_u8(e, info.valid & 4 ? info.flags : 0);
}

EXIT_PROGRAM(x_quotactl)
{
	u32 command = quota_command(ARG(0)), type = ARG(0) & 0xff, format = 0;
	bool has_id = command & (FQ_GETQUOTA | FQ_SETQUOTA | FQ_XGETQUOTA | FQ_XSETQLIM);
	if (command == FQ_GETFMT)
		bpf_probe_read_user(&format, sizeof(format), (const void *)ARG(3));
	BEGIN(QUOTACTL_X);
	put_user_text(&e, ARG(1));
	put_user_text(&e, command == FQ_QUOTAON ? ARG(3) : 0);
	put_quota_limits(&e, command, ARG(3));
	put_quota_info(&e, command, ARG(3));
	put_u8(&e, quota_format(format));
	put_u16(&e, command);
	put_u8(&e, type == 0 ? FQTYPE_USRQUOTA : type == 1 ? FQTYPE_GRPQUOTA : 0);
	put_u32(&e, has_id ? ARG(2) : 0);
	put_u8(&e, command == FQ_QUOTAON ? quota_format(ARG(2)) : FQFMT_NOT_USED);
	return event_end(&e);
}
