// Every call without an event of its own: its number, in Falco's and in the kernel's counting.
#pragma once

#include "lib/program.bpf.h"

EXIT_PROGRAM(x_generic)
{
	(void)ret;
	u32 number = BOUNDED(s->number, MAX_SYSCALLS - 1);
	struct event e;
	event_begin(&e, s, EVENT(GENERIC_X));
	put_u16(&e, falco_number[number]);
	put_u16(&e, number);
	return event_end(&e);
}
