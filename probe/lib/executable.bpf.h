// Facts about the executable of a task: whether the task itself could write it, whether it is a memfd.
// Elsewhere: its layer and times (file.bpf.h), its name (path.bpf.h).
#pragma once

#include "lib/file.bpf.h"

#define CAPABILITY_DAC_OVERRIDE 1
#define CAPABILITY_FOWNER 3
#define MODE_WRITE 2 /* in the bits for others; shifted by 3 and 6 for the group and the owner */

/* Whether an id of the host exists in a user namespace. Namespaces with more than 5 ranges are looked at in part. */
static __always_inline bool is_mapped(struct uid_gid_map *map, u32 id)
{
	u32 ranges = BPF_CORE_READ(map, nr_extents);
	for (u32 i = 0; i < 5; i++) {
		if (i >= ranges)
			break;
		u32 first = BPF_CORE_READ(map, extent[i].lower_first);
		if (id - first < BPF_CORE_READ(map, extent[i].count))
			return true;
	}
	return false;
}

/* The supplementary groups are sorted: a binary search, and 2^16 is the kernel's limit of them. */
CHECKED_ONCE int is_in_groups(u64 groups_address, u32 wanted)
{
	struct group_info *groups = (void *)groups_address;
	u32 low = 0, high = BPF_CORE_READ(groups, ngroups);
	u64 base = (u64)groups + bpf_core_field_offset(struct group_info, gid);
	for (u32 step = 0; step < 17; step++) {
		if (low >= high)
			break;
		u32 middle = (low + high) / 2, group = 0;
		bpf_probe_read_kernel(&group, sizeof(group), (void *)(base + 4ULL * middle));
		if (group == wanted)
			return 1;
		/* all bits where it is further up: a branch would double what the verifier has to follow at every step */
		u32 is_above = ((u64)group - wanted) >> 32;
		low ^= (low ^ (middle + 1)) & is_above;
		high ^= (high ^ middle) & ~is_above;
	}
	return 0;
}

/*
 * Falco's EXE_WRITABLE: the file belongs to the task's user, its mode lets the task write, or capabilities do.
 * Access control lists are not looked at.
 */
static __always_inline bool is_writable_by(struct task_struct *task, struct inode *inode)
{
	if ((BPF_CORE_READ(inode, i_sb, s_flags) & SUPER_READ_ONLY) || (BPF_CORE_READ(inode, i_flags) & INODE_IMMUTABLE))
		return false;
	struct cred *cred = BPF_CORE_READ(task, cred);
	u32 uid = BPF_CORE_READ(inode, i_uid.val), gid = BPF_CORE_READ(inode, i_gid.val);
	if (uid == (u32)-1 || gid == (u32)-1)
		return false;
	if (BPF_CORE_READ(cred, fsuid.val) == uid)
		return true;
	u32 mode = BPF_CORE_READ(inode, i_mode);
	if (BPF_CORE_READ(cred, fsgid.val) == gid || is_in_groups((u64)BPF_CORE_READ(cred, group_info), gid))
		mode >>= 3;
	if (mode & MODE_WRITE)
		return true;
	struct user_namespace *namespace = BPF_CORE_READ(cred, user_ns);
	u64 capabilities = capability_bits(task, cap_effective);
	if (!is_mapped(&namespace->uid_map, uid))
		return false;
	if (capabilities & (1 << CAPABILITY_FOWNER))
		return true;
	return (capabilities & (1 << CAPABILITY_DAC_OVERRIDE)) && is_mapped(&namespace->gid_map, gid);
}

/* A memfd has no parent directory, and its name says what it is. */
static __always_inline bool is_memfd(struct file *file)
{
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
	if (!dentry || BPF_CORE_READ(dentry, d_parent) != dentry)
		return false;
	u64 name = 0;
	bpf_probe_read_kernel(&name, 6, BPF_CORE_READ(dentry, d_name.name));
	return name == 0x3a64666d656dULL; /* "memfd:" */
}
