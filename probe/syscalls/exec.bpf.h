// execve and execveat.
// A call that succeeds is reported by the tracepoint in the middle of it: at its return the registers are those of
// the new program, and the kernel then calls every such call "execve". So does Falco: an execveat that succeeds is
// an execve event. A call that fails is reported at its return, from its arguments.
// Elsewhere: what an event says about the process (lib/process_image.bpf.h).
#pragma once

#include "lib/executable.bpf.h"
#include "lib/path.bpf.h"
#include "lib/process_image.bpf.h"

#define CALL_EXECVE 59

/* tty … gid: what execve and execveat report after the environment. */
static __always_inline void put_executable(struct event *e, struct task_struct *task)
{
	struct file *file = BPF_CORE_READ(task, mm, exe_file);
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	enum layer layer = layer_of(file);
	u32 flags = is_writable_by(task, inode) ? EXE_WRITABLE : 0;
	if (layer == LAYER_UPPER)
		flags |= EXE_UPPER_LAYER;
	if (layer == LAYER_LOWER)
		flags |= EXE_LOWER_LAYER;
	if (is_memfd(file))
		flags |= EXE_FROM_MEMFD;

	put_u32(e, terminal(task));
	put_s64(e, inner_id(task, PID_OF_PROCESS_GROUP));
	put_u32(e, login_uid(task));
	put_u32(e, flags);
	put_u64(e, capability_bits(task, cap_inheritable));
	put_u64(e, capability_bits(task, cap_permitted));
	put_u64(e, capability_bits(task, cap_effective));
	put_u64(e, BPF_CORE_READ(inode, i_ino));
	put_u64(e, INODE_TIME(inode, ctime));
	put_u64(e, INODE_TIME(inode, mtime));
	put_u32(e, effective_uid(task));
	put_file_path(e, file);
	put_s64(e, host_id(task, PID_OF_PROCESS_GROUP));
	put_u32(e, effective_gid(task));
}

/* The path that was executed, as the call named it: in the kernel's own words, or in a record of perf. */
static __always_inline const char *executed_path(u64 *ctx)
{
	struct trace_event_raw_sched_process_exec *record = (void *)ctx;
	/* where in the record the text is, and in the other half its length */
	if (settings.by_perf)
		return (const char *)ctx + (u16)BPF_CORE_READ(record, __data_loc_filename);
	return BPF_CORE_READ((struct linux_binprm *)CONTEXT_WORD(ctx, 2), filename);
}

/* Attached: every successful exec, also those that the kernel starts itself (core dump handlers, modprobe). */
SEC("sched_process_exec") int process_exec(u64 *ctx)
{
	u64 thread = bpf_get_current_pid_tgid();
	struct scratch *s = scratch_of_cpu();
	if (!s || !(interest[CALL_EXECVE] & INTEREST_EXIT) || thread >> 32 == own_tgid)
		return LET_OTHERS_SEE;
	begin_thread(s, thread, current_task());

	struct task_struct *task = current_task();
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	struct event e;
	event_begin(&e, s, EVENT(EXECVE_X));
	put_s64(&e, 0);
	put_arguments(&e, mm);
	put_process(&e, task);
	put_texts(&e, BPF_CORE_READ(mm, env_start), BPF_CORE_READ(mm, env_end), MAX_ARGS_BYTES);
	put_executable(&e, task);
	put_kernel_text(&e, executed_path(ctx), MAX_PATH_BYTES);
	event_end(&e);
	return LET_OTHERS_SEE;
}

EXIT_PROGRAM(x_execve)
{
	if (ret == 0)
		return 0;
	struct task_struct *task = current_task();
	BEGIN(EXECVE_X);
	put_intended_arguments(&e, ARG(1));
	put_process(&e, task);
	put_pointed_texts(&e, ARG(2), 0, MAX_ARGS_BYTES);
	put_executable(&e, task);
	put_user_text(&e, ARG(0));
	return event_end(&e);
}

EXIT_PROGRAM(x_execveat)
{
	if (ret == 0)
		return 0;
	struct task_struct *task = current_task();
	BEGIN(EXECVEAT_X);
	put_intended_arguments(&e, ARG(2));
	put_process(&e, task);
	put_pointed_texts(&e, ARG(3), 0, MAX_ARGS_BYTES);
	put_executable(&e, task);
	return event_end(&e);
}
