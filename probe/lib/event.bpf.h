// The writer of events: header, one length per parameter, the parameters; then out to the CPU's ring.
// In: an event code and values. Out: a record in the layout of a .scap event:
//   u64 time, u32 tid, u32 pid, u32 bytes, u16 code, u32 count · count × u16 length · the parameters, unaligned
// Elsewhere: the ring (ring.bpf.h), texts and buffers from memory (text.bpf.h), what the values of each event are (syscalls/).
//
// `struct event` lives in registers: everything is inlined. While only numbers have been put, `at` is a
// constant to the compiler and an event of fixed size becomes a row of plain stores.
#pragma once

#include "lib/ring.bpf.h"

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
	if (write_to_ring(e->s, e->code, e->at) == 0)
		count->reported += e->code < CANARY_CODE; /* the codes from there on are no events; a constant */
	else
		(*(u64 *)((u8 *)count + drop_counter(e->code)))++;
	return 0;
}
