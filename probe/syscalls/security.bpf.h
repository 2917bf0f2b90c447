// Calls that attackers need and few programs use: ptrace, bpf, kernel modules, seccomp, userfaultfd, keyctl.
#pragma once

#include "lib/program.bpf.h"

/* Falco's numbers of ptrace requests: the old ones by the kernel's number, the new ones from 0x4200 on. */
const u8 ptrace_requests[64] = {
	FPTRACE_TRACEME, FPTRACE_PEEKTEXT, FPTRACE_PEEKDATA, FPTRACE_PEEKUSR, FPTRACE_POKETEXT, FPTRACE_POKEDATA,
	FPTRACE_POKEUSR, FPTRACE_CONT, FPTRACE_KILL, FPTRACE_SINGLESTEP,
	[12] = FPTRACE_GETREGS, FPTRACE_SETREGS, FPTRACE_GETFPREGS, FPTRACE_SETFPREGS, FPTRACE_ATTACH, FPTRACE_DETACH,
	FPTRACE_GETFPXREGS, FPTRACE_SETFPXREGS,
	[21] = FPTRACE_OLDSETOPTIONS,
	[24] = FPTRACE_SYSCALL, FPTRACE_GET_THREAD_AREA, FPTRACE_SET_THREAD_AREA,
	[30] = FPTRACE_ARCH_PRCTL, FPTRACE_SYSEMU, FPTRACE_SYSEMU_SINGLESTEP, FPTRACE_SINGLEBLOCK,
};
const u8 ptrace_new_requests[16] = {
	FPTRACE_SETOPTIONS, FPTRACE_GETEVENTMSG, FPTRACE_GETSIGINFO, FPTRACE_SETSIGINFO, FPTRACE_GETREGSET,
	FPTRACE_SETREGSET, FPTRACE_SEIZE, FPTRACE_INTERRUPT, FPTRACE_LISTEN, FPTRACE_PEEKSIGINFO, FPTRACE_GETSIGMASK,
	FPTRACE_SETSIGMASK,
};

static __always_inline u32 ptrace_request(u64 request)
{
	if (request < 64)
		return ptrace_requests[BOUNDED(request, 63)];
	if (request >= 0x4200 && request < 0x4210)
		return ptrace_new_requests[BOUNDED(request, 15)];
	return FPTRACE_UNKNOWN;
}

/* `data`: what a peek has read, the signal of a continuation, otherwise the argument itself. */
static __always_inline void put_ptrace_data(struct event *e, s64 ret, u32 request, u64 data)
{
	bool is_peek = request >= FPTRACE_PEEKTEXT && request <= FPTRACE_PEEKUSR;
	bool is_signal = request == FPTRACE_CONT || request == FPTRACE_SINGLESTEP || request == FPTRACE_DETACH ||
			 request == FPTRACE_SYSCALL;
	u64 value = ret < 0 ? 0 : data;
	if (ret >= 0 && is_signal) {
		APPEND(u8, e, PTRACE_IDX_SIGTYPE);
		APPEND(u8, e, value);
		put_length(e, 2);
	} else {
		if (ret >= 0 && is_peek) {
			value = 0;
			bpf_probe_read_user(&value, sizeof(value), (const void *)data);
		}
		APPEND(u8, e, PTRACE_IDX_UINT64);
		APPEND(u64, e, value);
		put_length(e, 9);
	}
	event_advance(e, 0);
}

EXIT_PROGRAM(x_ptrace)
{
	u32 request = ptrace_request(ARG(0));
	BEGIN(PTRACE_X);
	APPEND(u8, &e, PTRACE_IDX_UINT64);
	APPEND(u64, &e, ret < 0 ? 0 : ARG(2));
	put_length(&e, 9);
	put_ptrace_data(&e, ret, request, ARG(3));
	put_u16(&e, request);
	put_int(&e, ARG(1));
	return event_end(&e);
}

EXIT_PROGRAM(x_bpf)
{
	BEGIN(BPF_X);
	put_s32(&e, ARG(0)); /* the kernel's numbers */
	return event_end(&e);
}

/* The first bytes of a module's image: enough to see what it is, and an event holds no more than 64 KiB. */
EXIT_PROGRAM(x_init_module)
{
	BEGIN(INIT_MODULE_X);
	put_user_bytes(&e, ARG(0), kept_bytes(ARG(1)));
	put_u64(&e, ARG(1));
	put_user_text_up_to(&e, ARG(2), MAX_ARGS_BYTES);
	return event_end(&e);
}

EXIT_PROGRAM(x_finit_module)
{
	introduce_fd(ARG(0));
	BEGIN(FINIT_MODULE_X);
	put_int(&e, ARG(0));
	put_user_text_up_to(&e, ARG(1), MAX_ARGS_BYTES);
	put_u32(&e, ARG(2) & (FMODULE_IGNORE_MODVERSIONS | FMODULE_IGNORE_VERMAGIC | FMODULE_COMPRESSED_FILE));
	return event_end(&e);
}

EXIT_PROGRAM(x_delete_module)
{
	BEGIN(DELETE_MODULE_X);
	put_user_text(&e, ARG(0));
	put_u32(&e, MOVE_BIT(ARG(1), O_NONBLOCK, FDELMOD_NONBLOCK) | MOVE_BIT(ARG(1), O_TRUNC, FDELMOD_TRUNC));
	return event_end(&e);
}

EXIT_PROGRAM(x_seccomp)
{
	BEGIN(SECCOMP_X);
	put_u64(&e, ARG(0));
	put_u64(&e, (u32)ARG(1));
	return event_end(&e);
}

EXIT_PROGRAM(x_userfaultfd)
{
	BEGIN(USERFAULTFD_X);
	put_u32(&e, ARG(0));
	return event_end(&e);
}
