// Open files that the reader knows nothing of, since their opens were left out: by them a close, a copy or a write is decided
// in a few nanoseconds, whichever number, thread or process has the file.
// In: a file of the kernel's, the plan in use. Out: whether it has a mark. Elsewhere: what is decided by it (filter.bpf.h).
//
// The mark belongs to the open file, not to a number: copies, children, programs that are executed and receivers of a message
// share it. A place is a file's by its address; two files of one place take it from each other, and a file without
// a mark counts as known, so what is lost here is reported. Nobody tells when a file is gone. Another one at its address
// loses the mark when its open is seen; of one that is made unseen (io_uring) the dentry is another.
#pragma once

#include "lib/filter_plan.bpf.h"

#define ADDRESS_SHIFT 16 /* kernel addresses differ in the lower 48 bits */
#define FILE_MARKS (1 << FILE_MARKS_LOG)

struct file_mark {
	u64 file; /* its address << ADDRESS_SHIFT | generation of the plan: under another one it is no mark */
	u64 dentry;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, FILE_MARKS);
	__type(key, u32);
	__type(value, struct file_mark);
} file_marks SEC(".maps");

static __always_inline struct file_mark *place_of_mark(struct file *file)
{
	u32 index = (u64)file * 0x9e3779b97f4a7c15 >> (64 - FILE_MARKS_LOG);
	return bpf_map_lookup_elem(&file_marks, &index);
}

static __always_inline u64 name_of_mark(struct file *file, const struct filter_plan *plan)
{
	return (u64)file << ADDRESS_SHIFT | (plan->generation & 0xffff);
}

static __always_inline bool is_marked(struct file *file, const struct filter_plan *plan)
{
	struct file_mark *mark = file ? place_of_mark(file) : NULL;
	return mark && *(volatile u64 *)&mark->file == name_of_mark(file, plan) &&
	       mark->dentry == dentry_of(file);
}

static __always_inline void mark_file(struct file *file, const struct filter_plan *plan)
{
	struct file_mark *mark = file ? place_of_mark(file) : NULL;
	if (!mark)
		return;
	/* in this order: who looks meanwhile finds no mark rather than a wrong one */
	*(volatile u64 *)&mark->dentry = dentry_of(file);
	*(volatile u64 *)&mark->file = name_of_mark(file, plan);
}

static __always_inline void unmark_file(struct file *file, const struct filter_plan *plan)
{
	struct file_mark *mark = place_of_mark(file);
	if (mark && *(volatile u64 *)&mark->file == name_of_mark(file, plan))
		*(volatile u64 *)&mark->file = 0;
}

/* Of whatever plan it is. */
static __always_inline void forget_mark(struct file *file)
{
	struct file_mark *mark = place_of_mark(file);
	if (mark && *(volatile u64 *)&mark->file >> ADDRESS_SHIFT == (u64)file << ADDRESS_SHIFT >> ADDRESS_SHIFT)
		*(volatile u64 *)&mark->file = 0;
}
