// The name of a file from its dentry and mount, as the kernel's d_path would give it.
// bpf_d_path may not be called from tracepoints, so the parents are walked here, without locks: a rename at the same
// moment can give a mixture. Differences from d_path that Falco has too: no " (deleted)", "memfd:name" without "/".
#pragma once

#include "kit/file.bpf.h"
#include "kit/text.bpf.h"

#define PATH_DEPTH 96
#define PATH_END (2 * MAX_PATH_BYTES) /* in scratch.work */
#define NAME_BYTES 256

static __always_inline void copy_mount(struct copies *copies, u64 mount)
{
	COPY_UP_TO(copies->mount, (void *)mount, struct mount, mnt.mnt_root);
}

/*
 * Writes the path backwards into s->work, ending (with a 0) at PATH_END; returns where it starts. At most
 * MAX_PATH_BYTES are filled below PATH_END, and each name is masked into the area, so none can leave it.
 * The position is kept in memory: in a register the verifier would follow every possible value of it.
 */
CHECKED_ONCE u32 write_path(u64 dentry_address, u64 vfsmount_address)
{
	const u32 mask = 2 * MAX_PATH_BYTES - 1;
	struct scratch *s = scratch_of_cpu();
	if (!s)
		return PATH_END - 1;
	volatile u32 *position = &s->at;
	struct copies *copies = COPIES(s);
	u64 dentry = dentry_address, mount = vfsmount_address - bpf_core_field_offset(struct mount, mnt);
	copy_mount(copies, mount);
	*position = PATH_END - 1;
	s->work[PATH_END - 1] = 0;

	for (u32 i = 0; i < PATH_DEPTH; i++) {
		if (dentry == (u64)COPIED(copies->mount, struct mount, mnt.mnt_root)) {
			u64 above = (u64)COPIED(copies->mount, struct mount, mnt_parent);
			if (above == mount)
				break; /* the root of the namespace */
			dentry = (u64)COPIED(copies->mount, struct mount, mnt_mountpoint);
			mount = above;
			copy_mount(copies, mount);
			continue;
		}
		COPY_UP_TO(copies->dentry, (void *)dentry, struct dentry, d_name);
		u64 parent = (u64)COPIED(copies->dentry, struct dentry, d_parent);
		if (dentry == parent)
			break; /* not mounted anywhere: memfd, pipe, socket */
		u32 at = *position, length = COPIED(copies->dentry, struct dentry, d_name.len);
		if (length >= NAME_BYTES || at < PATH_END - MAX_PATH_BYTES + NAME_BYTES)
			break;
		at -= length + 1;
		s->work[at & mask] = '/';
		bpf_probe_read_kernel(s->work + ((at + 1) & mask), length & (NAME_BYTES - 1),
				      COPIED(copies->dentry, struct dentry, d_name.name));
		*position = at;
		dentry = parent;
	}
	return *position;
}

static __always_inline void put_path(struct event *e, struct dentry *dentry, struct vfsmount *mount)
{
	if (!dentry) {
		put_empty(e);
		return;
	}
	u32 start = write_path((u64)dentry, (u64)mount);
	if (start < PATH_END - 1) {
		put_kernel_bytes(e, e->s->work + (start & (2 * MAX_PATH_BYTES - 1)), PATH_END - start);
	} else if (BPF_CORE_READ(dentry, d_parent) == dentry && dentry != BPF_CORE_READ(mount, mnt_root)) {
		put_kernel_text(e, BPF_CORE_READ(dentry, d_name.name), NAME_BYTES);
	} else {
		STORE(u16, e, e->at, '/');
		put_length(e, 2);
		e->at += 2;
	}
}

/* The path of the file that is in the copies (facts_of_file()). */
static __always_inline void put_copied_path(struct event *e)
{
	struct path *path = &COPIED(COPIES(e->s)->file, struct file, f_path);
	put_path(e, path->dentry, path->mnt);
}

static __always_inline void put_file_path(struct event *e, struct file *file)
{
	put_path(e, BPF_CORE_READ(file, f_path.dentry), BPF_CORE_READ(file, f_path.mnt));
}
