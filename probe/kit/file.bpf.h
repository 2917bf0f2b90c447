// Open files: from an fd to its file, device, inode number, layer of an overlay; times of an inode.
// In: numbers of the current task's fds, file and inode pointers. Out: values, 0 where there is nothing.
// Elsewhere: names of files (path.bpf.h), sockets (socket_tuple.bpf.h).
#pragma once

#include "kit/kernel_file.bpf.h"
#include "kit/task.bpf.h"

static __always_inline struct file *file_of_fd(s32 fd)
{
	struct fdtable *table = BPF_CORE_READ(current_task(), files, fdt);
	if (fd < 0 || (u32)fd >= BPF_CORE_READ(table, max_fds))
		return NULL;
	struct file **files = BPF_CORE_READ(table, fd);
	struct file *file = NULL;
	bpf_probe_read_kernel(&file, sizeof(file), files + fd);
	return file;
}

enum layer { LAYER_NONE, LAYER_UPPER, LAYER_LOWER };

/*
 * In which layer of an overlay (a container's root) a file lies. overlayfs keeps its own struct around the
 * inode: the member behind the inode is the dentry of the upper layer, null for a file that only exists below.
 */
static __always_inline enum layer layer_of(struct file *file)
{
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
	if (BPF_CORE_READ(dentry, d_sb, s_magic) != OVERLAYFS_MAGIC)
		return LAYER_NONE;
	u64 behind = (u64)BPF_CORE_READ(dentry, d_inode) + bpf_core_type_size(struct inode);
	struct dentry *upper = NULL;
	bpf_probe_read_kernel(&upper, sizeof(upper), (void *)behind);
	if (upper && BPF_CORE_READ(upper, d_inode, i_ino))
		return LAYER_UPPER;
	return LAYER_LOWER;
}

struct file_facts {
	u32 device;
	u64 inode;
	enum layer layer;
	bool created;
};

static __always_inline struct file_facts facts_of_file(struct file *file)
{
	struct file_facts facts = {};
	if (!file)
		return facts;
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	facts.device = user_device(BPF_CORE_READ(inode, i_sb, s_dev));
	facts.inode = BPF_CORE_READ(inode, i_ino);
	facts.layer = layer_of(file);
	facts.created = BPF_CORE_READ(file, f_mode) & FILE_MODE_CREATED;
	return facts;
}

static __always_inline u64 nanoseconds(s64 seconds, u64 rest)
{
	return seconds < 0 ? 0 : seconds * 1000000000ULL + rest;
}

/* `what` is ctime or mtime: one timespec until 6.5, renamed in 6.6, two numbers since 6.11. */
#define INODE_TIME(inode, what)                                                                                \
	({                                                                                                     \
		struct inode *first_ = (inode);                                                                \
		struct inode___since_6_6 *second_ = (void *)first_;                                            \
		struct inode___since_6_11 *third_ = (void *)first_;                                            \
		u64 time_;                                                                                     \
		if (bpf_core_field_exists(third_->i_##what##_sec))                                             \
			time_ = nanoseconds(BPF_CORE_READ(third_, i_##what##_sec),                             \
					    BPF_CORE_READ(third_, i_##what##_nsec));                           \
		else if (bpf_core_field_exists(second_->__i_##what))                                           \
			time_ = nanoseconds(BPF_CORE_READ(second_, __i_##what.tv_sec),                         \
					    BPF_CORE_READ(second_, __i_##what.tv_nsec));                       \
		else                                                                                           \
			time_ = nanoseconds(BPF_CORE_READ(first_, i_##what.tv_sec),                            \
					    BPF_CORE_READ(first_, i_##what.tv_nsec));                          \
		time_;                                                                                         \
	})
