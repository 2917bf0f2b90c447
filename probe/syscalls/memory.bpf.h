// Memory of a process: mmap, munmap, mprotect, brk, mlock and relatives.
#pragma once

#include "lib/program.bpf.h"
#include "lib/task.bpf.h"

static __always_inline void put_memory(struct event *e)
{
	struct mm_struct *mm = BPF_CORE_READ(current_task(), mm);
	put_u32(e, KIB_OF_PAGES(BPF_CORE_READ(mm, total_vm)));
	put_u32(e, resident_kib(mm));
	put_u32(e, KIB_OF_PAGES(pages_of(mm, PAGES_SWAP)));
}

static __always_inline u32 protection(u64 bits)
{
	return (bits & (FPROT_READ | FPROT_WRITE | FPROT_EXEC | FPROT_SEM)) |
	       MOVE_BIT(bits, 0x01000000, FPROT_GROWSDOWN) | MOVE_BIT(bits, 0x02000000, FPROT_GROWSUP);
}

static __always_inline u32 mapping_flags(u64 bits)
{
	return MOVE_BIT(bits, 0x01, FMAP_SHARED) | MOVE_BIT(bits, 0x02, FMAP_PRIVATE) |
	       MOVE_BIT(bits, 0x10, FMAP_FIXED) | MOVE_BIT(bits, 0x20, FMAP_ANONYMOUS) |
	       MOVE_BIT(bits, 0x40, FMAP_32BIT) | MOVE_BIT(bits, 0x4000, FMAP_NORESERVE) |
	       MOVE_BIT(bits, 0x8000, FMAP_POPULATE) | MOVE_BIT(bits, 0x10000, FMAP_NONBLOCK) |
	       MOVE_BIT(bits, 0x100, FMAP_GROWSDOWN) | MOVE_BIT(bits, 0x800, FMAP_DENYWRITE) |
	       MOVE_BIT(bits, 0x1000, FMAP_EXECUTABLE) | MOVE_BIT(bits, 0x2000, FMAP_LOCKED);
}

EXIT_PROGRAM(x_mmap)
{
	BEGIN(MMAP_X);
	put_memory(&e);
	put_u64(&e, ARG(0));
	put_u64(&e, ARG(1));
	put_u32(&e, protection(ARG(2)));
	put_u32(&e, mapping_flags(ARG(3)));
	put_int(&e, ARG(4));
	put_u64(&e, ARG(5));
	return event_end(&e);
}

EXIT_PROGRAM(x_munmap)
{
	BEGIN(MUNMAP_X);
	put_memory(&e);
	put_u64(&e, ARG(0));
	put_u64(&e, ARG(1));
	return event_end(&e);
}

EXIT_PROGRAM(x_brk)
{
	BEGIN(BRK_X);
	put_memory(&e);
	put_u64(&e, ARG(0));
	return event_end(&e);
}

EXIT_PROGRAM(x_mprotect)
{
	BEGIN(MPROTECT_X);
	put_u64(&e, ARG(0));
	put_u64(&e, ARG(1));
	put_u32(&e, protection(ARG(2)));
	return event_end(&e);
}

EXIT_PROGRAM(x_mlock)
{
	BEGIN(MLOCK_X);
	put_u64(&e, ARG(0));
	put_u64(&e, ARG(1));
	return event_end(&e);
}

EXIT_PROGRAM(x_munlock)
{
	BEGIN(MUNLOCK_X);
	put_u64(&e, ARG(0));
	put_u64(&e, ARG(1));
	return event_end(&e);
}

EXIT_PROGRAM(x_mlock2)
{
	BEGIN(MLOCK2_X);
	put_u64(&e, ARG(0));
	put_u64(&e, ARG(1));
	put_u32(&e, ARG(2) & FMLOCK_ONFAULT);
	return event_end(&e);
}

EXIT_PROGRAM(x_mlockall)
{
	BEGIN(MLOCKALL_X);
	put_u32(&e, ARG(0) & (FMCL_CURRENT | FMCL_FUTURE | FMCL_ONFAULT));
	return event_end(&e);
}

EXIT_PROGRAM(x_munlockall)
{
	BEGIN(MUNLOCKALL_X);
	return event_end(&e);
}
