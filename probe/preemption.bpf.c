// Measures which hooks of this kernel run their programs with preemption off: one small program on each of three, that
// notes the depth of preempt_disable() that it finds itself in.
// In: any system call, since all find the same. Out: the map `.data.preemption`. Loaded before the probe; what follows
// from it is decided in sources/live/preemption.ts.
// An object of its own: for a name that the kernel does not have, libbpf searches its modules, which takes a capability
// (CAP_SYS_ADMIN) that the probe itself does without.

#include "lib/kernel_task.bpf.h"

#define PREEMPT_DEPTH 0xff /* the lowest bits of the count; a program in no such section finds 0 */
#define MEASURED 0x100

/* PREEMPTION_HOOKS in sources/live/preemption.ts, in that order. */
enum measured_hook { HOOK_RAW, HOOK_PERF, HOOK_CALL };

u32 preemption[3] SEC(".data.preemption");

/* The count of this CPU: a variable of its own until Linux 6.1 and since 6.15, a member of `pcpu_hot` in between. */
extern const int __preempt_count __ksym __weak;
extern const struct pcpu_hot pcpu_hot __ksym __weak;

static __always_inline int note_depth(enum measured_hook hook)
{
	const int *count = NULL;
	if (&__preempt_count)
		count = bpf_this_cpu_ptr(&__preempt_count);
	else if (&pcpu_hot)
		count = &((const struct pcpu_hot *)bpf_this_cpu_ptr(&pcpu_hot))->preempt_count;
	if (count)
		preemption[hook] = MEASURED | (*count & PREEMPT_DEPTH);
	return 1;
}

SEC("tp_btf/sys_exit") int measure_raw(u64 *ctx)
{
	(void)ctx;
	return note_depth(HOOK_RAW);
}

SEC("tracepoint/raw_syscalls/sys_exit") int measure_perf(void *ctx)
{
	(void)ctx;
	return note_depth(HOOK_PERF);
}

SEC("tracepoint/syscalls/sys_enter_getppid") int measure_call(void *ctx)
{
	(void)ctx;
	return note_depth(HOOK_CALL);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
