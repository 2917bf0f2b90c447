// Open files: from an fd to its file, device, inode number, layer of an overlay; times of an inode.
// In: numbers of the current task's fds, file and inode pointers. Out: values, 0 where there is nothing.
// Elsewhere: names of files (path.bpf.h), sockets (socket_tuple.bpf.h).
#pragma once

#include "lib/kernel_file.bpf.h"
#include "lib/maps.bpf.h"
#include "lib/task.bpf.h"

/*
 * Each read of kernel memory is a call of 20 ns or more, and every open needs a dozen members. So the structs are
 * copied into the work area, up to their last member of interest (the copy goes 8 bytes a step), and read there.
 */
struct copies {
	u8 file[256];
	u8 inode[256];
	u8 super[256];
	u8 mount[128];
	u8 dentry[128];
};
_Static_assert(sizeof(struct copies) <= COPIES_BYTES, "the work area is too small");

#define COPIES(s) ((struct copies *)(s)->copies)

#define END_OF(type, member) (bpf_core_field_offset(type, member) + bpf_core_field_size(type, member))
#define COPY_UP_TO(to, from, type, last) bpf_probe_read_kernel(to, END_OF(type, last), from)
#define COPIED(copy, type, member) (*(typeof(((type *)0)->member) *)((copy) + bpf_core_field_offset(type, member)))

/* The order of these members has changed between kernels; the offsets are constants to the verifier. */
static __always_inline u32 file_bytes(void)
{
	u32 mode = END_OF(struct file, f_mode), inode = END_OF(struct file, f_inode), path = END_OF(struct file, f_path);
	u32 end = mode > inode ? mode : inode;
	return end > path ? end : path;
}

/*
 * Since Linux 6.2 any address can be read as a struct of the kernel's by plain loads, which cost a tenth of a helper's call. The
 * number is no helper's: the loader puts that of the kernel's function in its place (ffi/bpf/plain_reads.ts).
 */
static void *(*const as_type)(const void *address, u32 type) = (void *)PLAIN_READS_CALL;
#define AS(type, address) ((type *)as_type(address, bpf_core_type_id_kernel(type)))

/* READ_OF(struct file, file, f_inode, i_mode): the member at the end of the way. */
#define READ_OF(type, address, first, ...)                                \
	(settings.plain_reads ? WAY(AS(type, address)->first, ##__VA_ARGS__) \
			      : BPF_CORE_READ(address, first, ##__VA_ARGS__))
#define WAY1(start) start
#define WAY2(start, a) (start)->a
#define WAY3(start, a, b) (start)->a->b
#define WAY_OF(_1, _2, _3, way, ...) way
#define WAY(...) WAY_OF(__VA_ARGS__, WAY3, WAY2, WAY1)(__VA_ARGS__)

/* How often the task has left a CPU: as long as this stays the same, it is on the same one, and alone. */
static __always_inline u64 switches_of_task(struct scratch *s)
{
	if (settings.plain_reads || HAS_TYPED_TASK) {
		struct task_struct *task =
			settings.plain_reads ? AS(struct task_struct, s->task) : bpf_get_current_task_btf();
		return task->nvcsw + task->nivcsw;
	}
	struct task_struct *task = s->task;
	return BPF_CORE_READ(task, nvcsw) + BPF_CORE_READ(task, nivcsw);
}

/* For programs that tail call: before Linux 5.10 these may not have functions. */
static __always_inline struct file *find_file(struct scratch *s, s32 fd)
{
	struct file **files;
	u32 count;
	if (settings.plain_reads || HAS_TYPED_TASK) {
		/* What is walked from a typed task the verifier looks up among all names of the kernel's types, since Linux 6.2. */
		struct task_struct *task =
			settings.plain_reads ? AS(struct task_struct, s->task) : bpf_get_current_task_btf();
		struct fdtable *table = task->files->fdt;
		files = table->fd;
		count = table->max_fds;
	} else {
		struct fdtable *table = BPF_CORE_READ(current_task(), files, fdt);
		files = BPF_CORE_READ(table, fd);
		count = BPF_CORE_READ(table, max_fds);
	}
	struct file *file = NULL;
	if (fd < 0 || (u32)fd >= count)
		return NULL;
	if (settings.plain_reads)
		return (struct file *)AS(struct timespec64, files + fd)->tv_sec; /* a struct that begins with a u64 */
	bpf_probe_read_kernel(&file, sizeof(file), files + fd);
	return file;
}

/* On its own: since Linux 6.2 the verifier looks each typed load up among all names of the kernel's types. */
CHECKED_ONCE u64 address_of_file(s32 fd)
{
	struct scratch *s = scratch_of_cpu();
	return s ? (u64)find_file(s, fd) : 0;
}

static __always_inline struct file *file_of_fd(s32 fd)
{
	return (struct file *)address_of_file(fd);
}

enum layer { LAYER_NONE, LAYER_UPPER, LAYER_LOWER };

/*
 * In which layer of an overlay (a container's root) a file is. overlayfs keeps its own struct around the
 * inode: the member after the inode is the dentry of the upper layer, null for a file that only exists below.
 */
static __always_inline enum layer layer_in_overlay(struct file *file)
{
	u64 behind = (u64)BPF_CORE_READ(file, f_path.dentry, d_inode) + bpf_core_type_size(struct inode);
	struct dentry *upper = NULL;
	bpf_probe_read_kernel(&upper, sizeof(upper), (void *)behind);
	if (upper && BPF_CORE_READ(upper, d_inode, i_ino))
		return LAYER_UPPER;
	return LAYER_LOWER;
}

static __always_inline enum layer layer_of(struct file *file)
{
	if (BPF_CORE_READ(file, f_path.dentry, d_sb, s_magic) != OVERLAYFS_MAGIC)
		return LAYER_NONE;
	return layer_in_overlay(file);
}

struct file_facts {
	u32 device;
	u64 inode;
	enum layer layer;
	bool created;
};

static __always_inline struct file_facts facts_of_file(struct scratch *s, struct file *file)
{
	struct file_facts facts = {};
	struct copies *copies = COPIES(s);
	if (!file || bpf_probe_read_kernel(copies->file, file_bytes(), file))
		return facts;
	COPY_UP_TO(copies->inode, COPIED(copies->file, struct file, f_inode), struct inode, i_ino);
	COPY_UP_TO(copies->super, COPIED(copies->inode, struct inode, i_sb), struct super_block, s_magic);
	facts.created = COPIED(copies->file, struct file, f_mode) & FILE_MODE_CREATED;
	facts.inode = COPIED(copies->inode, struct inode, i_ino);
	facts.device = user_device(COPIED(copies->super, struct super_block, s_dev));
	if (COPIED(copies->super, struct super_block, s_magic) == OVERLAYFS_MAGIC)
		facts.layer = layer_in_overlay(file);
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
