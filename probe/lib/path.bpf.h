// The name of a file from its dentry and mount, as the kernel's d_path would give it.
// bpf_d_path may not be called from tracepoints, so the parents are walked here, without locks: a rename at the same
// moment can give a mixture. Differences from d_path that Falco has too: no " (deleted)", "memfd:name" without "/".
#pragma once

#include "lib/file.bpf.h"
#include "lib/text.bpf.h"

/*
 * Names and mounts that are followed, 4,232: deeper folders leave the beginning unknown. In loops of loops, each checked on
 * its own: in a single one the verifier would follow every step, in each program that writes a path.
 */
#define STEPS_AT_ONCE 8
#define WALKS_AT_ONCE 23
#define MAX_ROUNDS 23
#define NAME_BYTES 256
/*
 * The work area has the path's end in its upper part, up to PATH_END. A path that does not fit there goes on in the lower
 * part, in two chunks in turn, each from its end: what remains is the beginning of the path, at least a chunk of it. So
 * both ends are true, and what is missing is something in the middle, marked by CUT_BELOW.
 */
#define PATH_END (2 * MAX_PATH_BYTES) /* in scratch.work */
#define MIN_CHUNK_BYTES 1024
#define CHUNK_END(chunk) ((((chunk) & 1) + 1) * MIN_CHUNK_BYTES)
#define TAIL_BYTES (MAX_PATH_BYTES - 2 * MIN_CHUNK_BYTES - 8)
#define CUT_BELOW 0x2e2e2e2f /* "/...", before the next slash */
#define CUT_ABOVE 0x2e2e2e2e /* "....", where the beginning is not known */

static __always_inline void copy_mount(struct copies *copies, u64 mount)
{
	COPY_UP_TO(copies->mount, (void *)mount, struct mount, mnt.mnt_root);
}

/* Writes a path backwards into s->work: up to STEPS_AT_ONCE names. Each is masked into the area, so none can leave it. */
CHECKED_ONCE u32 walk_path(u32 steps)
{
	const u32 mask = 2 * MAX_PATH_BYTES - 1;
	struct scratch *s = scratch_of_cpu();
	if (!s)
		return 1;
	volatile struct path_walk *walk = &s->walk;
	struct copies *copies = COPIES(s);
	u64 dentry = walk->dentry, mount = walk->mount;
	copy_mount(copies, mount);

	for (u32 i = 0; i < STEPS_AT_ONCE; i++) {
		if (i >= steps)
			break;
		if (dentry == (u64)COPIED(copies->mount, struct mount, mnt.mnt_root)) {
			u64 above = (u64)COPIED(copies->mount, struct mount, mnt_parent);
			if (above == mount) {
				walk->is_done = 1; /* the root of the namespace */
				break;
			}
			dentry = (u64)COPIED(copies->mount, struct mount, mnt_mountpoint);
			mount = above;
			copy_mount(copies, mount);
			continue;
		}
		COPY_UP_TO(copies->dentry, (void *)dentry, struct dentry, d_name);
		u64 parent = (u64)COPIED(copies->dentry, struct dentry, d_parent);
		u32 length = COPIED(copies->dentry, struct dentry, d_name.len);
		if (dentry == parent || length >= NAME_BYTES) {
			walk->is_done = 1; /* not mounted anywhere: memfd, pipe, socket */
			break;
		}
		u32 at = walk->at;
		if (at < walk->limit) {
			if (walk->tail_at)
				walk->chunk_at[walk->chunk & 1] = at;
			else
				walk->tail_at = at;
			u32 chunk = walk->chunk ^ 1;
			walk->chunk = chunk;
			at = CHUNK_END(chunk);
			walk->limit = at - MIN_CHUNK_BYTES + NAME_BYTES;
		}
		at -= length + 1;
		s->work[at & mask] = '/';
		bpf_probe_read_kernel(s->work + ((at + 1) & mask), length & (NAME_BYTES - 1),
				      COPIED(copies->dentry, struct dentry, d_name.name));
		walk->at = at;
		dentry = parent;
	}
	walk->dentry = dentry;
	walk->mount = mount;
	return walk->is_done;
}

/* Returns whether the path is done. */
CHECKED_ONCE u32 walk_far(u32 steps)
{
	for (u32 i = 0; i < WALKS_AT_ONCE; i++) {
		if (walk_path(steps))
			return 1;
	}
	return 0;
}

static __always_inline void append_work(struct event *e, u32 from, u32 end)
{
	u32 length = from < end ? BOUNDED(end - from, MAX_PATH_BYTES - 1) : 0;
	bpf_probe_read_kernel(event_byte(e, e->at), length, e->s->work + (from & (2 * MAX_PATH_BYTES - 1)));
	event_advance(e, length);
}

/* A path that was cut, from its chunks; one of which the beginning is not known must not look like a whole one. */
static __always_inline void put_cut_path(struct event *e)
{
	volatile struct path_walk *walk = &e->s->walk;
	u32 start = e->at, chunk = walk->chunk, at = walk->at, tail_at = walk->tail_at;
	bool is_known = walk->is_done;
	if (tail_at && is_known) {
		append_work(e, at, CHUNK_END(chunk));
		append_work(e, walk->chunk_at[~chunk & 1], CHUNK_END(~chunk));
	}
	STORE(u32, e, e->at, is_known ? CUT_BELOW : CUT_ABOVE);
	event_advance(e, sizeof(u32));
	append_work(e, tail_at ? tail_at : at, PATH_END);
	put_length(e, e->at - start);
}

/* Follows a path to its root. Returns where it begins in s->work; 0 when it was cut. */
CHECKED_ONCE u32 write_path(u64 dentry_address, u64 vfsmount_address)
{
	struct scratch *s = scratch_of_cpu();
	if (!s)
		return PATH_END - 1;
	volatile struct path_walk *walk = &s->walk;
	walk->dentry = dentry_address;
	walk->mount = vfsmount_address - bpf_core_field_offset(struct mount, mnt);
	walk->at = PATH_END - 1;
	walk->limit = PATH_END - TAIL_BYTES + NAME_BYTES;
	walk->tail_at = 0;
	walk->chunk = 0;
	walk->chunk_at[0] = CHUNK_END(0);
	walk->chunk_at[1] = CHUNK_END(1);
	walk->is_done = 0;
	s->work[PATH_END - 1] = 0;
	for (u32 i = 0; i < MAX_ROUNDS; i++) {
		if (walk_far(STEPS_AT_ONCE))
			break;
	}
	return walk->is_done && !walk->tail_at ? walk->at : 0;
}

static __always_inline void put_path(struct event *e, struct dentry *dentry, struct vfsmount *mount)
{
	if (!dentry) {
		put_empty(e);
		return;
	}
	u32 start = write_path((u64)dentry, (u64)mount);
	if (!start) {
		put_cut_path(e);
	} else if (start < PATH_END - 1) {
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
