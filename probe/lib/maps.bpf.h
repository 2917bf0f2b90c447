// What the probe and user space share: settings, the set of wanted calls, program tables, rings, counters.
// In: values that the loader writes before and after loading. Out: look-ups for the other files.
// The loader sizes `scratch` (one entry per possible CPU) and `rings`, and creates the inner rings.
#pragma once

#include "lib/kernel_task.bpf.h"

#include "generated/events.h"
#include "generated/layout.h"

/* Read-only and known to the verifier: branches on a setting that is off cost nothing at run time. */
const volatile struct probe_settings settings SEC(".rodata.settings") = {
	.cpus_per_ring = 1,
	.wakeup_bytes = 1 << 20,
	.wakeup_interval_ns = 10 * 1000 * 1000,
	.snaplen = 80,
};

/* INTEREST_* bits by system call number; a section of its own, so that its map holds nothing else. */
u8 interest[MAX_SYSCALLS] SEC(".data.interest");

/* Falco's own process, which is never reported, as the kernel knows it: in the initial pid namespace. */
u64 own_tgid SEC(".data.own");

/* Falco's number of each system call, and the 64-bit number of each 32-bit call (-1: none). */
#define SC_OF(number, sc, enter, exit) [number] = sc,
const u16 falco_number[MAX_SYSCALLS] = {FOR_EACH_SYSCALL(SC_OF)};
const s16 native_number[MAX_SYSCALLS] = IA32_TO_X86_64;
#undef SC_OF

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, MAX_SYSCALLS);
	__type(key, u32);
	__type(value, u32);
} exit_programs SEC(".maps"), enter_programs SEC(".maps");

struct ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, MAX_RINGS);
	__type(key, u32);
	__array(values, struct ring);
} rings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct probe_counters);
} counters SEC(".maps");

/* Calls that the filter has left out because no rule needs them, by number (in shadow mode: would have). */
struct calls_left_out {
	u64 by_number[MAX_SYSCALLS];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct calls_left_out);
} left_out SEC(".maps");

/*
 * Masks a value without the compiler's knowledge: where it can prove a bound itself it leaves the mask out, and the
 * verifier, which cannot, refuses the program.
 */
#define BOUNDED(value, mask)                      \
	({                                        \
		u64 value_ = (value);             \
		asm volatile("" : "+r"(value_));  \
		value_ & (mask);                  \
	})

#define WORK_BYTES (16 * 1024)
#define COPIES_BYTES 1024

/* How far a path has been followed; in scratch, since in registers the verifier would follow every possible value. */
struct path_walk {
	u64 dentry, mount;
	u32 at; /* where the part written so far begins */
	u32 limit; /* below this the next name may not fit any more */
	u32 tail_at; /* once the path is cut: where its end begins; 0 before */
	u32 chunk; /* which of the two chunks of its beginning is being written */
	u32 chunk_at[2]; /* where each begins */
	u32 is_done;
};

/* How far the filter has read a path, for the same reason. */
struct path_scan {
	u64 found; /* kinds of opens that match */
	u32 prefix, window; /* the keys of all bytes and of the last four */
};

/* What a relative path of an open has been completed by. */
struct path_base {
	u64 file; /* the directory; 0: where the process is */
	u32 version; /* of its path; 0: the path is as the program passed it */
	u16 passed_at, passed_bytes; /* where the text of the program is, with the 0 at its end */
};

/* What of a call's chunks of data has been copied. */
struct vector_copy {
	u64 total; /* the size of those that were seen */
	u32 end; /* nothing is copied beyond it */
};

/*
 * The working memory of one CPU. An array over the CPUs and not a per-CPU map, because the value of a per-CPU
 * map may not exceed 32 KiB. System call tracepoints run with preemption off, so a CPU is in one program at a time.
 *
 * `bytes` is twice as long as an event: every store is masked to the first half and is at most as long as the
 * second, so no store can leave it, whatever the verifier believes about the position.
 */
struct scratch {
	u64 args[6]; /* of the call, in the order of the 64-bit convention */
	u64 thread; /* tgid << 32 | tid */
	struct task_struct *task; /* of the thread: to ask the kernel for it again takes longer */
	u32 number; /* in the 64-bit table */
	u32 is_32bit; /* pointers in the caller's memory have 4 bytes */
	u32 mark; /* of events of this call: MARKED_EVENT in shadow mode, where the call would be left out */
	u32 at; /* see event_advance() */
	u32 unannounced_bytes; /* written since the reader was last woken */
	u32 unlooked_bytes; /* written since the ring was last looked at, see look_at_ring() */
	u32 ring_level; /* how full it was then: what is dropped */
	u64 announced_ns;
	/* what the beginning of a close leaves for its end, see syscalls/fd.bpf.h */
	u64 closing_thread, closing_switches;
	u32 closing; /* the fd, plus 1 */
	struct path_walk walk; /* see path.bpf.h */
	struct path_scan scan; /* see filter_plan.bpf.h */
	struct path_base base; /* see relative_path.bpf.h */
	struct vector_copy vectors; /* see vectors.bpf.h */
	u64 ancestor; /* of a task that ends, see syscalls/exit.bpf.h */
	u32 level; /* of its pid namespace */
	u8 copies[COPIES_BYTES]; /* of kernel structs, see file.bpf.h; here, they share a page with the event's beginning */
	u8 bytes[2 * MAX_EVENT_BYTES];
	u8 work[WORK_BYTES]; /* for values that are put together before they enter the event */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MAX_CPUS);
	__type(key, u32);
	__type(value, struct scratch);
} scratch SEC(".maps");

static __always_inline struct scratch *scratch_of_cpu(void)
{
	u32 cpu = bpf_get_smp_processor_id();
	return bpf_map_lookup_elem(&scratch, &cpu);
}

static __always_inline struct probe_counters *counters_of_cpu(void)
{
	u32 zero = 0;
	return bpf_map_lookup_elem(&counters, &zero);
}

/* Where the filter only marks what it would leave out. */
static __always_inline bool shadows(void)
{
	return settings.kernel_filter == SHADOW_MODE;
}

/* Before anything is written about the call. */
static __always_inline void begin_thread(struct scratch *s, u64 thread, struct task_struct *task)
{
	s->thread = thread;
	s->task = task;
	if (shadows())
		s->mark = 0;
}

#define COUNT(counter)                                          \
	do {                                                    \
		struct probe_counters *all = counters_of_cpu(); \
		if (all)                                        \
			all->counter++;                         \
	} while (0)
