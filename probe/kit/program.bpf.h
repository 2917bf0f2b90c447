// The frame of a program: where it is hooked and how it gets its working memory and the call's arguments.
// EXIT_PROGRAM(x_name) { … } has `s` (scratch, arguments in s->args) and `ret` (the call's result);
// ENTER_PROGRAM(e_name) { … } has `s`. They are reached by tail call from families/dispatch.bpf.h; which call leads
// to which program is told in schema/probe_programs.ts.
#pragma once

#include "kit/event.bpf.h"
#include "kit/flags.bpf.h"
#include "kit/text.bpf.h"

#define ARG(n) (s->args[n])

/* Begins the event of a program whose first parameter is the result. */
#define BEGIN(name)                                \
	struct event e;                            \
	event_begin(&e, s, EVT_##name, NPARAMS_##name); \
	put_s64(&e, ret)

#define EXIT_PROGRAM(name)                                                        \
	static __always_inline int body_of_##name(struct scratch *s, s64 ret);    \
	SEC("tp_btf/sys_exit") int name(u64 *ctx)                                 \
	{                                                                         \
		struct scratch *s = scratch_of_cpu();                             \
		return s ? body_of_##name(s, ctx[1]) : 0;                         \
	}                                                                         \
	static __always_inline int body_of_##name(struct scratch *s, s64 ret)

#define ENTER_PROGRAM(name)                                                       \
	static __always_inline int body_of_##name(struct scratch *s);             \
	SEC("tp_btf/sys_enter") int name(u64 *ctx)                                \
	{                                                                         \
		(void)ctx;                                                        \
		struct scratch *s = scratch_of_cpu();                             \
		return s ? body_of_##name(s) : 0;                                 \
	}                                                                         \
	static __always_inline int body_of_##name(struct scratch *s)
