// The frame of a program: where it is hooked and how it gets its working memory and the call's arguments.
// EXIT_PROGRAM(x_name) { … } has `s` (scratch, arguments in s->args) and `ret` (the call's result);
// they are reached by tail call from syscalls/dispatch.bpf.h. ENTER_PROGRAM(name, arguments) { … } has `s` and makes
// two programs of one body: e_name, reached by tail call, and t_name, attached to the tracepoint of that call alone.
// schema/probe_programs.ts says which call leads to which program.
//
// Working memory, counters and the order within a ring all rest on programs that are not preempted. Where the kernel
// preempts those of raw tracepoints, user space loads the same programs for perf's tracepoints (settings.by_perf, see
// sources/live/preemption.ts); what they are passed then is a record instead of the tracepoint's arguments. So their
// section is only the tracepoint's name, which says nothing about their type to libbpf.
#pragma once

#include "lib/call_filter.bpf.h"
#include "lib/event.bpf.h"
#include "lib/flags.bpf.h"
#include "lib/text.bpf.h"

#define ARG(n) (s->args[n])

/* Begins the event of a program whose first parameter is the result. */
#define BEGIN(name)                                \
	struct event e;                            \
	event_begin(&e, s, EVT_##name, NPARAMS_##name); \
	put_s64(&e, ret)

/* raw_syscalls/sys_exit and sys_enter as records of perf. */
enum { RECORD_NUMBER = 1, RECORD_RESULT = 2 };

/*
 * A word of what the program was passed. The compiler must not join the loads of two branches into one from a computed
 * place, which the verifier forbids: the value's detour keeps them apart.
 */
#define CONTEXT_WORD(ctx, index)                   \
	({                                         \
		u64 word_ = (ctx)[index];          \
		asm volatile("" : "+r"(word_));    \
		word_;                             \
	})

/* What a program attached to a perf event returns: other users of perf that trace the same calls get them too. */
#define LET_OTHERS_SEE 1

static __always_inline s64 result_of_call(u64 *ctx)
{
	if (settings.by_perf)
		return CONTEXT_WORD(ctx, RECORD_RESULT);
	return CONTEXT_WORD(ctx, 1);
}

#define EXIT_PROGRAM(name)                                                        \
	static __always_inline int body_of_##name(struct scratch *s, s64 ret);    \
	SEC("sys_exit") int name(u64 *ctx)                                 \
	{                                                                         \
		struct scratch *s = scratch_of_cpu();                             \
		if (s)                                                            \
			body_of_##name(s, result_of_call(ctx));                   \
		return LET_OTHERS_SEE;                                            \
	}                                                                         \
	static __always_inline int body_of_##name(struct scratch *s, s64 ret)

/* What the tracepoint of one system call passes; only as many arguments may be read as the call has. */
struct call_entry {
	u64 common;
	u32 number, pad;
	u64 args[6];
};

static __always_inline struct scratch *begin_call(u32 number)
{
	u64 thread = bpf_get_current_pid_tgid();
	if (!(interest[BOUNDED(number, MAX_SYSCALLS - 1)] & INTEREST_ENTER) || thread >> 32 == own_tgid)
		return NULL;
	struct scratch *s = scratch_of_cpu();
	if (s) {
		begin_thread(s, thread, current_task());
		s->is_32bit = false;
	}
	return s;
}

#define ENTER_PROGRAM(name, arguments)                                            \
	static __always_inline int body_of_##name(struct scratch *s);             \
	SEC("sys_enter") int e_##name(u64 *ctx)                            \
	{                                                                         \
		(void)ctx;                                                        \
		struct scratch *s = scratch_of_cpu();                             \
		if (s)                                                            \
			body_of_##name(s);                                        \
		return LET_OTHERS_SEE;                                            \
	}                                                                         \
	SEC("tracepoint/syscalls/sys_enter_" #name) int t_##name(struct call_entry *call) \
	{                                                                         \
		struct scratch *s = begin_call(call->number);                     \
		if (!s)                                                           \
			return LET_OTHERS_SEE;                                    \
		for (u32 i = 0; i < arguments; i++)                               \
			s->args[i] = call->args[i];                               \
		if (!holds_back_entry(call->number))                              \
			body_of_##name(s);                                        \
		return LET_OTHERS_SEE;                                            \
	}                                                                         \
	static __always_inline int body_of_##name(struct scratch *s)
