// The attached programs for system calls: they drop what is not wanted and jump to the program of the call.
// In: the registers of every system call of the machine. Out: a tail call with the arguments in scratch.
// Elsewhere: the programs (the other families), which calls are wanted (the loader writes `interest`).
//
// The way of an unwanted call is as short as it can be: its number, one byte of `interest`, return. Only then
// come the tests that cost more: our own process, failed calls, the 32-bit entry.
#pragma once

#include "lib/call_filter.bpf.h"
#include "lib/program.bpf.h"
#include "lib/task.bpf.h"

#define IA32_SOCKETCALL 102
#define NUMBER_OF_PRCTL 157

/* 64-bit numbers of the calls that socketcall makes, by its first argument: 1 socket … 20 sendmmsg. */
const u16 socketcalls[32] = {
	0, 41, 49, 42, 50, 43, 51, 52, 53, 44, 45, 44, 45, 48, 54, 55, 46, 47, 288, 299, 307,
};

/* socketcall(which, arguments) of old 32-bit programs, as the call that it makes. */
static __always_inline u32 unpack_socketcall(struct scratch *s)
{
	u32 which = s->args[0] & 31;
	u32 narrow[6] = {};
	/* as many as the call has: other memory may follow */
	u32 count = which == 11 || which == 12 ? 6 : which <= 2 || which >= 14 ? 3 : 4;
	bpf_probe_read_user(narrow, count * sizeof(u32), (const void *)s->args[1]);
	for (u32 i = 0; i < 6; i++)
		s->args[i] = narrow[i];
	return socketcalls[which];
}

static __always_inline void take_32bit_arguments(struct scratch *s, struct pt_regs *regs)
{
	s->args[0] = (u32)regs->bx;
	s->args[1] = (u32)regs->cx;
	s->args[2] = (u32)regs->dx;
	s->args[3] = (u32)regs->si;
	s->args[4] = (u32)regs->di;
	s->args[5] = (u32)regs->bp;
}

static __always_inline void take_arguments(struct scratch *s, struct pt_regs *regs)
{
	s->args[0] = regs->di;
	s->args[1] = regs->si;
	s->args[2] = regs->dx;
	s->args[3] = regs->r10;
	s->args[4] = regs->r8;
	s->args[5] = regs->r9;
}

/* See canary.bpf.h. Only asked of our own process. */
static __always_inline bool is_canary(u32 number, struct pt_regs *regs)
{
	return number == NUMBER_OF_PRCTL && regs->si == CANARY_MAGIC;
}

/* By a secret of the loader's the process is known that loaded the probe, whatever number its pid namespace gives it. */
static __always_inline bool is_loader(u32 number, struct pt_regs *regs)
{
	return is_canary(number, regs) && regs->dx == settings.own_mark;
}

static __always_inline u32 number_of_call(u64 *ctx)
{
	if (settings.by_perf)
		return CONTEXT_WORD(ctx, RECORD_NUMBER);
	return ((struct pt_regs *)ctx[0])->orig_ax;
}

/* The caller's; that helper came with Linux 5.15, kernels that need it are newer. */
static __always_inline struct pt_regs *registers_of_call(u64 *ctx)
{
	if (settings.by_perf)
		return (struct pt_regs *)bpf_task_pt_regs(bpf_get_current_task_btf());
	return (struct pt_regs *)CONTEXT_WORD(ctx, 0);
}

/* Returns the number of the program to jump to, or -1. */
static __always_inline s32 prepare(u64 *ctx, u32 native_bit, u32 ia32_bit)
{
	u32 number = number_of_call(ctx);
	if (number >= MAX_SYSCALLS)
		return -1;
	u32 wanted = interest[BOUNDED(number, MAX_SYSCALLS - 1)];
	if (!(wanted & (native_bit | ia32_bit)))
		return -1;

	struct caller_ids caller = caller_ids();
	bool is_32bit = caller.status & TASK_IS_32BIT_CALL;
	if (!(wanted & (is_32bit ? ia32_bit : native_bit)))
		return -1;
	struct pt_regs *regs = registers_of_call(ctx);
	u64 thread = caller.thread;
	if (is_loader(number, regs))
		own_tgid = thread >> 32;
	bool is_own = thread >> 32 == own_tgid;
	if (is_own && (native_bit != INTEREST_EXIT || !is_canary(number, regs)))
		return -1;
	struct scratch *s = scratch_of_cpu();
	if (!s)
		return -1;
	begin_thread(s, thread, caller.task);
	s->is_32bit = is_32bit;
	if (!is_32bit) {
		take_arguments(s, regs);
	} else {
		take_32bit_arguments(s, regs);
		number = number == IA32_SOCKETCALL ? unpack_socketcall(s) : (u32)native_number[BOUNDED(number, MAX_SYSCALLS - 1)];
		/* unknown, or a call of socketcall that no rule needs */
		if (number >= MAX_SYSCALLS || !(interest[BOUNDED(number, MAX_SYSCALLS - 1)] & native_bit))
			return -1;
	}
	s->number = number;
	look_at_ring(s);
	return is_own ? CANARY_SLOT : number;
}

static __always_inline bool is_dropped(u64 *ctx)
{
	return settings.drop_failed && result_of_call(ctx) < 0;
}

#define JUMP(ctx, programs, number)                                                \
	do {                                                                       \
		bpf_tail_call(ctx, &(programs), number);                           \
		COUNT(tail_call_failed); /* a tail call that works does not return */ \
	} while (0)

SEC("sys_exit") int dispatch_exit(u64 *ctx)
{
	s32 number = is_dropped(ctx) ? -1 : prepare(ctx, INTEREST_EXIT, INTEREST_IA32_EXIT);
	if (number >= 0)
		JUMP(ctx, exit_programs, number);
	return LET_OTHERS_SEE;
}

SEC("sys_enter") int dispatch_enter(u64 *ctx)
{
	s32 number = prepare(ctx, INTEREST_ENTER, INTEREST_IA32_ENTER);
	if (number >= 0)
		JUMP(ctx, enter_programs, number);
	return LET_OTHERS_SEE;
}

/*
 * In place of those where the filter is used. They are programs of their own because they have functions: before Linux 5.10 a
 * program that jumps may have none, and such a kernel goes without the filter.
 */
SEC("sys_exit") int filter_exit(u64 *ctx)
{
	s32 number = is_dropped(ctx) ? -1 : prepare(ctx, INTEREST_EXIT, INTEREST_IA32_EXIT);
	if (number >= 0 && !leaves_out_call(number, result_of_call(ctx)))
		JUMP(ctx, exit_programs, number);
	return LET_OTHERS_SEE;
}

SEC("sys_enter") int filter_enter(u64 *ctx)
{
	s32 number = prepare(ctx, INTEREST_ENTER, INTEREST_IA32_ENTER);
	struct scratch *s = scratch_of_cpu();
	if (number >= 0 && s && !holds_back(s))
		JUMP(ctx, enter_programs, number);
	return LET_OTHERS_SEE;
}
