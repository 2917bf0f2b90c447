// The writer of events: header, one length per parameter, the parameters; then out to the CPU's ring.
// In: an event code and values. Out: a record in the layout of a .scap event:
//   u64 time, u32 tid, u32 pid, u32 bytes, u16 code, u32 count · count × u16 length · the parameters, unaligned
// Elsewhere: texts and buffers from memory (text.bpf.h), what the values of each event are (syscalls/).
//
// `struct event` lives in registers: everything is inlined. While only numbers have been put, `at` is a
// constant to the compiler and an event of fixed size becomes a row of plain stores.
#pragma once

#include "lib/maps.bpf.h"

struct event {
	struct scratch *s;
	u32 at; /* where the next parameter goes */
	u32 length_at; /* where its length goes */
	u16 code;
};

#define EVENT(name) EVT_##name, NPARAMS_##name

/* The address of byte `at`; the mask keeps it in the first half of the buffer (see struct scratch). */
static __always_inline void *event_byte(const struct event *e, u32 at)
{
	return e->s->bytes + (at & (MAX_EVENT_BYTES - 1));
}

#define STORE(type, e, at, value) (*(type *)event_byte(e, at) = (type)(value))

static __always_inline void event_begin(struct event *e, struct scratch *s, u16 code, u32 count)
{
	e->s = s;
	e->code = code;
	e->length_at = EVENT_HEADER_BYTES;
	e->at = EVENT_HEADER_BYTES + count * sizeof(u16);
	STORE(u64, e, 0, bpf_ktime_get_boot_ns() + settings.boot_epoch_ns);
	STORE(u64, e, 8, s->thread); /* an event has the tid alone: the reader takes the process id off */
	STORE(u16, e, 20, code);
	STORE(u32, e, 22, shadows() ? count | s->mark : count);
}

static __always_inline void put_length(struct event *e, u32 bytes)
{
	STORE(u16, e, e->length_at, bytes);
	e->length_at += sizeof(u16);
}

/*
 * Moves on by a number of bytes that only shows at run time. The position makes a detour over memory: what the
 * verifier reads back is "any u32", so the branches that led here look alike to it and it follows one of them.
 */
static __always_inline void event_advance(struct event *e, u32 bytes)
{
	volatile u32 *at = &e->s->at;
	*at = e->at + bytes;
	e->at = *at;
}

#define DEFINE_PUT(name, type)                                          \
	static __always_inline void name(struct event *e, type value)   \
	{                                                               \
		STORE(type, e, e->at, value);                           \
		e->at += sizeof(type);                                  \
		put_length(e, sizeof(type));                            \
	}

DEFINE_PUT(put_u8, u8)
DEFINE_PUT(put_u16, u16)
DEFINE_PUT(put_u32, u32)
DEFINE_PUT(put_u64, u64)
DEFINE_PUT(put_s16, s16)
DEFINE_PUT(put_s32, s32)
DEFINE_PUT(put_s64, s64)

/* Appends to a parameter of several parts; its length is put when all of it is there. */
#define APPEND(type, e, value)                         \
	do {                                           \
		STORE(type, e, (e)->at, value);        \
		(e)->at += sizeof(type);               \
	} while (0)

/* fd, pid: 32 bits in the call, 64 in the event. */
static __always_inline void put_int(struct event *e, u64 argument)
{
	put_s64(e, (s32)argument);
}

static __always_inline void put_empty(struct event *e)
{
	put_length(e, 0);
}

/* Which counter an event that found its ring full belongs to; a constant wherever it is used. */
static __always_inline u32 drop_counter(u16 code)
{
	switch (code) {
	case EVT_CLONE_X: case EVT_FORK_X: case EVT_VFORK_X: case EVT_CLONE3_X: case FORK_CODE:
		return offsetof(struct probe_counters, drops_buffer_clone_fork);
	case EVT_EXECVE_X: case EVT_EXECVEAT_X:
		return offsetof(struct probe_counters, drops_buffer_execve);
	case EVT_CONNECT_E: case EVT_CONNECT_X:
		return offsetof(struct probe_counters, drops_buffer_connect);
	case EVT_OPEN_E: case EVT_OPEN_X: case EVT_OPENAT_E: case EVT_OPENAT_X: case EVT_OPENAT2_E:
	case EVT_OPENAT2_X: case EVT_CREAT_E: case EVT_CREAT_X: case EVT_OPEN_BY_HANDLE_AT_X:
		return offsetof(struct probe_counters, drops_buffer_open);
	case EVT_DUP_X: case EVT_CHMOD_X: case EVT_FCHMOD_X: case EVT_FCHMODAT_X: case EVT_CHOWN_X:
	case EVT_LCHOWN_X: case EVT_FCHOWN_X: case EVT_FCHOWNAT_X: case EVT_LINK_X: case EVT_LINKAT_X:
	case EVT_MKDIR_X: case EVT_MKDIRAT_X: case EVT_MOUNT_X: case EVT_UMOUNT_X: case EVT_UMOUNT2_X:
	case EVT_RENAME_X: case EVT_RENAMEAT_X: case EVT_RENAMEAT2_X: case EVT_RMDIR_X: case EVT_SYMLINK_X:
	case EVT_SYMLINKAT_X: case EVT_UNLINK_X: case EVT_UNLINKAT_X:
		return offsetof(struct probe_counters, drops_buffer_dir_file);
	case EVT_CLOSE_X:
		return offsetof(struct probe_counters, drops_buffer_close);
	case EVT_PROCEXIT_E:
		return offsetof(struct probe_counters, drops_buffer_proc_exit);
	default:
		return offsetof(struct probe_counters, drops_buffer_other);
	}
}

static __always_inline struct ring *ring_of_cpu(void)
{
	u32 index = bpf_get_smp_processor_id();
	if (settings.cpus_per_ring > 1)
		index /= (u32)settings.cpus_per_ring;
	return bpf_map_lookup_elem(&rings, &index);
}

/*
 * A wake-up interrupts this CPU (irq_work), so most events go without. The reader is woken by the first event
 * after a pause, which it may be asleep over, and then as often as the settings say; both tests only read
 * what this CPU wrote. The kernel's own rule (wake when the reader has caught up) would wake it nearly always.
 */
static __always_inline u64 wakeup_flag(struct scratch *s, u64 now_ns, u32 bytes)
{
	u32 unannounced = s->unannounced_bytes + bytes;
	if (unannounced < settings.wakeup_bytes && now_ns - s->announced_ns < settings.wakeup_interval_ns) {
		s->unannounced_bytes = unannounced;
		return BPF_RB_NO_WAKEUP;
	}
	s->unannounced_bytes = 0;
	s->announced_ns = now_ns;
	return BPF_RB_FORCE_WAKEUP;
}

/* Hands the event over. Returns 0, so that a program can end with it. */
static __always_inline int event_end(struct event *e)
{
	struct probe_counters *count = counters_of_cpu();
	if (!count)
		return 0;
	if (e->at > MAX_EVENT_BYTES) {
		count->drops_scratch++;
		return 0;
	}
	STORE(u32, e, 16, e->at);
	struct ring *ring = ring_of_cpu();
	u64 flag = wakeup_flag(e->s, *(u64 *)e->s->bytes, e->at);
	if (ring && bpf_ringbuf_output(ring, e->s->bytes, e->at, flag) == 0)
		count->reported += e->code < CANARY_CODE; /* the codes from there on are no events; a constant */
	else
		(*(u64 *)((u8 *)count + drop_counter(e->code)))++;
	return 0;
}
