// Kernel structs of files, directories and mounts: only the members that the probe reads.
// kernel_task.bpf.h explains how such declarations work.
#pragma once

#include "lib/kernel_task.bpf.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct super_block {
	u32 s_dev;
	unsigned long s_flags, s_magic;
};

struct timespec64 {
	s64 tv_sec;
	long tv_nsec;
};

/* The times of an inode have moved twice; see file.bpf.h. */
struct inode {
	u16 i_mode;
	kernel_id i_uid, i_gid;
	unsigned int i_flags;
	struct super_block *i_sb;
	unsigned long i_ino;
	struct timespec64 i_mtime, i_ctime; /* until Linux 6.5 */
};

struct inode___since_6_6 {
	struct timespec64 __i_mtime, __i_ctime;
};

struct inode___since_6_11 {
	s64 i_mtime_sec, i_ctime_sec;
	u32 i_mtime_nsec, i_ctime_nsec;
};

struct qstr {
	u32 len;
	const unsigned char *name;
};

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
	struct super_block *d_sb;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct fs_struct {
	struct path pwd;
};

struct file {
	unsigned int f_mode, f_flags;
	void *private_data;
	struct inode *f_inode;
	struct path f_path;
};

/* How many refer to it: see directory_note.bpf.h. */
struct file___since_6_13 {
	struct {
		struct {
			s64 counter;
		} refcnt;
	} f_ref;
};

struct file___until_6_12 {
	struct {
		s64 counter;
	} f_count;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
	unsigned long *close_on_exec, *open_fds; /* a bit for each number */
};

struct files_struct {
	struct fdtable *fdt;
};

#pragma clang attribute pop

#define FILE_MODE_CREATED 0x100000 /* FMODE_CREATED: this open made the file */
#define FILE_REFERENCES_RELEASED 0xc000000000000000 /* FILE_REF_RELEASED: from here on there are none */
#define OVERLAYFS_MAGIC 0x794c7630
#define MODE_KIND 0170000
#define MODE_SOCKET 0140000
#define SUPER_READ_ONLY 1 /* SB_RDONLY */
#define INODE_IMMUTABLE 8 /* S_IMMUTABLE */
