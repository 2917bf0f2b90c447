// The control groups of a task as one parameter: `controller=/path` and a 0, one after the other.
// Controllers and their order are Falco's: cpuset, cpu, cpuacct, io, memory. Container ids are found in these paths.
// In the unified hierarchy (v2) a controller that is not enabled for a group belongs to an ancestor of it; the path
// given is the task's own group, as /proc/PID/cgroup says, or containers without limits would all look like "/".
#pragma once

#include "lib/text.bpf.h"
#include "lib/task.bpf.h"

#define CGROUP_DEPTH 12
#define CGROUP_NAME_BYTES 256
/* How far up the names that count are looked for before Linux 6.1, whose groups know their ancestors. */
#define CGROUP_SKIPPED 2048

static __always_inline struct kernfs_node *parent_node(struct kernfs_node *node)
{
	struct kernfs_node___since_6_15 *new = (void *)node;
	if (bpf_core_field_exists(new->__parent))
		return BPF_CORE_READ(new, __parent);
	return BPF_CORE_READ(node, parent);
}

#define CLIMB(node, steps, parent)                                \
	for (u32 i = 0; i < CGROUP_SKIPPED; i++) {                \
		if (i >= (steps))                                 \
			return (u64)(node);                       \
		(node) = (void *)(parent);                        \
	}                                                         \
	return 0

/*
 * The node so many folders above; 0 when that is too far. On its own, because each step is a way out for the verifier.
 * A loop for each form of the kernel's structure: out of a common one the compiler takes the offset of the member that this
 * kernel does not have, and the verifier then finds it wherever the loop begins.
 */
CHECKED_ONCE u64 node_above(u64 node_address, u32 steps)
{
	struct kernfs_node *node = (void *)node_address;
	struct kernfs_node___since_6_15 *new = (void *)node_address;
	if (bpf_core_field_exists(new->__parent)) {
		CLIMB(new, steps, BPF_CORE_READ(new, __parent));
	}
	CLIMB(node, steps, BPF_CORE_READ(node, parent));
}

/*
 * The innermost folder that is written of a group deeper than CGROUP_DEPTH: the outermost names identify the container, and
 * no process in it may push them out by going deeper. Null when it cannot be found.
 */
static __always_inline struct kernfs_node *innermost_node(struct cgroup *group, u32 level)
{
	struct kernfs_node *node = BPF_CORE_READ(group, kn);
	if (level <= CGROUP_DEPTH)
		return node;
	struct cgroup___since_6_1 *new = (void *)group;
	if (bpf_core_field_exists(new->ancestors)) {
		struct cgroup *ancestor = NULL;
		bpf_probe_read_kernel(&ancestor, sizeof(ancestor),
			(u8 *)group + bpf_core_field_offset(new->ancestors) + 8 * CGROUP_DEPTH);
		return BPF_CORE_READ(ancestor, kn);
	}
	return (void *)node_above((u64)node, level - CGROUP_DEPTH);
}

/* One name of a path, with a slash before it. */
CHECKED_ONCE int write_cgroup_name(u64 name)
{
	const u32 mask = MAX_EVENT_BYTES - 1;
	struct scratch *s = scratch_of_cpu();
	if (!s || !name)
		return 0;
	s->bytes[s->at & mask] = '/';
	long length = bpf_probe_read_kernel_str(s->bytes + ((s->at + 1) & mask), CGROUP_NAME_BYTES, (const void *)name);
	if (length > 0)
		s->at += length; /* '/' before it, without the 0 after it */
	return 0;
}

/*
 * Writes at s->at and moves it. The names of the path are found from leaf to root and written from root to leaf.
 * A group deeper than CGROUP_DEPTH loses its last names, which `...` replaces.
 */
CHECKED_ONCE int write_cgroup(u64 state_address, u64 unified_address)
{
	const u32 mask = MAX_EVENT_BYTES - 1;
	struct cgroup_subsys_state *state = (void *)state_address;
	struct cgroup *unified = (void *)unified_address;
	struct scratch *s = scratch_of_cpu();
	if (!s)
		return 0;
	long length = bpf_probe_read_kernel_str(s->bytes + (s->at & mask), 32, BPF_CORE_READ(state, ss, name));
	if (length <= 0)
		return 0;
	s->at += length;
	s->bytes[(s->at - 1) & mask] = '='; /* over the 0 */

	struct cgroup *group = BPF_CORE_READ(state, cgroup);
	if (BPF_CORE_READ(group, root) == BPF_CORE_READ(unified, root))
		group = unified;

	u64 names[CGROUP_DEPTH] = {};
	u32 level = BPF_CORE_READ(group, level);
	struct kernfs_node *node = innermost_node(group, level);
	for (u32 i = 0; i < CGROUP_DEPTH; i++) {
		if (!node)
			break;
		u64 name = (u64)BPF_CORE_READ(node, name);
		node = parent_node(node);
		names[i] = node ? name : 0; /* that of the root is empty */
	}
	bool is_root = level <= CGROUP_DEPTH && !names[0];
	for (s32 i = CGROUP_DEPTH - 1; i >= 0; i--)
		write_cgroup_name(names[i]);
	if (level > CGROUP_DEPTH) {
		static const char cut[] = "/...";
		length = bpf_probe_read_kernel_str(s->bytes + (s->at & mask), sizeof(cut), cut);
		if (length > 0)
			s->at += length - 1;
	}
	if (is_root) {
		s->bytes[s->at & mask] = '/';
		s->at++;
	}
	s->bytes[s->at & mask] = 0;
	s->at++;
	return 0;
}

#define WRITE_CGROUP(groups, unified, controller)                                                             \
	do {                                                                                                  \
		if (bpf_core_enum_value_exists(enum cgroup_subsys_id, controller)) {                          \
			u32 index_ = bpf_core_enum_value(enum cgroup_subsys_id, controller);                  \
			u64 state_ = 0;                                                                       \
			bpf_probe_read_kernel(&state_, sizeof(state_),                                        \
				(u8 *)(groups) + bpf_core_field_offset(struct css_set, subsys) + 8 * index_); \
			write_cgroup(state_, unified);                                                        \
		}                                                                                             \
	} while (0)

static __always_inline void put_cgroups(struct event *e, struct task_struct *task)
{
	struct css_set *groups = BPF_CORE_READ(task, cgroups);
	u64 unified = (u64)BPF_CORE_READ(groups, dfl_cgrp);
	volatile u32 *at = &e->s->at;
	u32 start = e->at;
	*at = start;
	WRITE_CGROUP(groups, unified, cpuset_cgrp_id);
	WRITE_CGROUP(groups, unified, cpu_cgrp_id);
	WRITE_CGROUP(groups, unified, cpuacct_cgrp_id);
	WRITE_CGROUP(groups, unified, io_cgrp_id);
	WRITE_CGROUP(groups, unified, memory_cgrp_id);
	e->at = *at;
	put_length(e, e->at - start);
}
