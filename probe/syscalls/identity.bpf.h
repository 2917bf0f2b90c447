// The identity of a process: users and groups, sessions, capabilities, its name.
#pragma once

#include "lib/program.bpf.h"
#include "lib/task.bpf.h"

/* Calls with one to three ids as 32-bit parameters after the result. */
static __always_inline int report_ids(struct scratch *s, s64 ret, u16 code, u32 count)
{
	struct event e;
	event_begin(&e, s, code, count);
	put_s64(&e, ret);
	put_u32(&e, ARG(0));
	if (count > 2)
		put_u32(&e, ARG(1));
	if (count > 3)
		put_u32(&e, ARG(2));
	return event_end(&e);
}

EXIT_PROGRAM(x_setuid)
{
	return report_ids(s, ret, EVENT(SETUID_X));
}

EXIT_PROGRAM(x_setgid)
{
	return report_ids(s, ret, EVENT(SETGID_X));
}

EXIT_PROGRAM(x_setreuid)
{
	return report_ids(s, ret, EVENT(SETREUID_X));
}

EXIT_PROGRAM(x_setregid)
{
	return report_ids(s, ret, EVENT(SETREGID_X));
}

EXIT_PROGRAM(x_setresuid)
{
	return report_ids(s, ret, EVENT(SETRESUID_X));
}

EXIT_PROGRAM(x_setresgid)
{
	return report_ids(s, ret, EVENT(SETRESGID_X));
}

/* getuid, geteuid, getgid, getegid: the result is the id, and the only parameter. */
static __always_inline int report_own_id(struct scratch *s, s64 ret, u16 code, u32 count)
{
	struct event e;
	event_begin(&e, s, code, count);
	put_u32(&e, ret);
	return event_end(&e);
}

EXIT_PROGRAM(x_getuid)
{
	return report_own_id(s, ret, EVENT(GETUID_X));
}

EXIT_PROGRAM(x_geteuid)
{
	return report_own_id(s, ret, EVENT(GETEUID_X));
}

EXIT_PROGRAM(x_getgid)
{
	return report_own_id(s, ret, EVENT(GETGID_X));
}

EXIT_PROGRAM(x_getegid)
{
	return report_own_id(s, ret, EVENT(GETEGID_X));
}

static __always_inline void put_pointed_id(struct event *e, u64 from)
{
	u32 id = 0;
	bpf_probe_read_user(&id, sizeof(id), (const void *)from);
	put_u32(e, id);
}

EXIT_PROGRAM(x_getresuid)
{
	BEGIN(GETRESUID_X);
	put_pointed_id(&e, ARG(0));
	put_pointed_id(&e, ARG(1));
	put_pointed_id(&e, ARG(2));
	return event_end(&e);
}

EXIT_PROGRAM(x_getresgid)
{
	BEGIN(GETRESGID_X);
	put_pointed_id(&e, ARG(0));
	put_pointed_id(&e, ARG(1));
	put_pointed_id(&e, ARG(2));
	return event_end(&e);
}

EXIT_PROGRAM(x_setsid)
{
	BEGIN(SETSID_X);
	return event_end(&e);
}

EXIT_PROGRAM(x_setpgid)
{
	BEGIN(SETPGID_X);
	put_int(&e, ARG(0));
	put_int(&e, ARG(1));
	return event_end(&e);
}

/* The sets as they are after the call, not the ones that were asked for. */
EXIT_PROGRAM(x_capset)
{
	struct task_struct *task = current_task();
	BEGIN(CAPSET_X);
	put_u64(&e, capability_bits(task, cap_inheritable));
	put_u64(&e, capability_bits(task, cap_permitted));
	put_u64(&e, capability_bits(task, cap_effective));
	return event_end(&e);
}

EXIT_PROGRAM(x_prctl)
{
	u32 option = ARG(0);
	s32 is_reaper = 0;
	BEGIN(PRCTL_X);
	put_u32(&e, option);
	if (option == FPR_SET_NAME || option == FPR_GET_NAME) {
		put_user_text(&e, ARG(1));
		put_s64(&e, 0);
	} else if (option == FPR_GET_CHILD_SUBREAPER) {
		bpf_probe_read_user(&is_reaper, sizeof(is_reaper), (const void *)ARG(1));
		put_empty(&e);
		put_s64(&e, is_reaper);
	} else {
		put_empty(&e);
		put_s64(&e, ARG(1));
	}
	return event_end(&e);
}
