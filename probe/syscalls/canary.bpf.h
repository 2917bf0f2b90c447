// The canary: a call of falco itself that the probe reports although it reports nothing else of falco.
// In: prctl(PR_GET_DUMPABLE, CANARY_MAGIC, number), found by dispatch_exit. Out: a record with the number. It is no event:
// its code is in no table, so no rule, recording or capture sees it. It takes the way of every other record, so when it
// arrives (service/health/canary.ts), events arrive.
#pragma once

#include "lib/program.bpf.h"

EXIT_PROGRAM(x_canary)
{
	(void)ret;
	struct event e;
	event_begin(&e, s, CANARY_CODE, 1);
	put_u64(&e, ARG(2));
	return event_end(&e);
}
