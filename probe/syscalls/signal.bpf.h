// Signals and limits: kill, tkill, tgkill, prlimit, setrlimit, getrlimit.
#pragma once

#include "lib/caller.bpf.h"
#include "lib/program.bpf.h"

EXIT_PROGRAM(x_kill)
{
	BEGIN(KILL_X);
	put_int(&e, ARG(0));
	put_u8(&e, ARG(1));
	return event_end(&e);
}

EXIT_PROGRAM(x_tkill)
{
	BEGIN(TKILL_X);
	put_int(&e, ARG(0));
	put_u8(&e, ARG(1));
	return event_end(&e);
}

EXIT_PROGRAM(x_tgkill)
{
	BEGIN(TGKILL_X);
	put_int(&e, ARG(0));
	put_int(&e, ARG(1));
	put_u8(&e, ARG(2));
	return event_end(&e);
}

/* Falco has the kernel's numbers of resources. */
static __always_inline void put_resource(struct event *e, u32 resource)
{
	put_u8(e, resource <= FRLIMIT_RTTIME ? resource : FRLIMIT_UNKNOWN);
}

/* A limit; zeros when there is none to read, as for prlimit that only asks. */
static __always_inline void put_limits(struct event *e, u64 from, bool is_32bit)
{
	struct limits limits = {};
	u32 narrow[2] = {};
	if (is_32bit) {
		bpf_probe_read_user(narrow, sizeof(narrow), (const void *)from);
		limits.soft = narrow[0];
		limits.hard = narrow[1];
	} else {
		bpf_probe_read_user(&limits, sizeof(limits), (const void *)from);
	}
	put_s64(e, limits.soft);
	put_s64(e, limits.hard);
}

static __always_inline void put_no_limits(struct event *e)
{
	put_s64(e, -1);
	put_s64(e, -1);
}

/* prlimit64 has 64-bit limits for every caller. */
EXIT_PROGRAM(x_prlimit64)
{
	BEGIN(PRLIMIT_X);
	put_limits(&e, ARG(2), false);
	if (ret == 0)
		put_limits(&e, ARG(3), false);
	else
		put_no_limits(&e);
	put_int(&e, ARG(0));
	put_resource(&e, ARG(1));
	return event_end(&e);
}

EXIT_PROGRAM(x_setrlimit)
{
	BEGIN(SETRLIMIT_X);
	put_limits(&e, ARG(1), s->is_32bit);
	put_resource(&e, ARG(0));
	return event_end(&e);
}

EXIT_PROGRAM(x_getrlimit)
{
	BEGIN(GETRLIMIT_X);
	if (ret == 0)
		put_limits(&e, ARG(1), s->is_32bit);
	else
		put_no_limits(&e);
	put_resource(&e, ARG(0));
	return event_end(&e);
}
