// read, write and their relatives, with the first bytes of the data.
// Data that was written is kept even when the call failed: it says what was meant to be written.
// Elsewhere: data over sockets with their addresses (message.bpf.h).
#pragma once

#include "lib/program.bpf.h"
#include "lib/vectors.bpf.h"

static __always_inline void put_data_read(struct event *e, u64 from, s64 ret)
{
	put_user_bytes(e, from, ret > 0 ? kept_bytes(ret) : 0);
}

static __always_inline void put_data_written(struct event *e, u64 from, u64 size, s64 ret)
{
	put_user_bytes(e, from, kept_bytes(ret > 0 ? ret : size));
}

EXIT_PROGRAM(x_read)
{
	BEGIN(READ_X);
	put_data_read(&e, ARG(1), ret);
	put_int(&e, ARG(0));
	put_u32(&e, ARG(2));
	return event_end(&e);
}

EXIT_PROGRAM(x_write)
{
	BEGIN(WRITE_X);
	put_data_written(&e, ARG(1), ARG(2), ret);
	put_int(&e, ARG(0));
	put_u32(&e, ARG(2));
	return event_end(&e);
}

EXIT_PROGRAM(x_pread64)
{
	BEGIN(PREAD_X);
	put_data_read(&e, ARG(1), ret);
	put_int(&e, ARG(0));
	put_u32(&e, ARG(2));
	put_u64(&e, ARG(3));
	return event_end(&e);
}

EXIT_PROGRAM(x_pwrite64)
{
	BEGIN(PWRITE_X);
	put_data_written(&e, ARG(1), ARG(2), ret);
	put_int(&e, ARG(0));
	put_u32(&e, ARG(2));
	put_u64(&e, ARG(3));
	return event_end(&e);
}

static __always_inline void put_vectors_read(struct event *e, u64 vectors, u64 count, s64 ret)
{
	put_u32(e, ret > 0 ? ret : 0);
	if (ret > 0)
		put_vectors(e, vectors, count, kept_bytes(ret));
	else
		put_empty(e);
}

static __always_inline u32 put_vectors_written(struct event *e, u64 vectors, u64 count, s64 ret)
{
	return put_vectors(e, vectors, count, ret > 0 ? kept_bytes(ret) : kept_bytes(-1));
}

EXIT_PROGRAM(x_readv)
{
	BEGIN(READV_X);
	put_vectors_read(&e, ARG(1), ARG(2), ret);
	put_int(&e, ARG(0));
	return event_end(&e);
}

EXIT_PROGRAM(x_preadv)
{
	BEGIN(PREADV_X);
	put_vectors_read(&e, ARG(1), ARG(2), ret);
	put_int(&e, ARG(0));
	put_u64(&e, ARG(3));
	return event_end(&e);
}

EXIT_PROGRAM(x_writev)
{
	BEGIN(WRITEV_X);
	u32 size = put_vectors_written(&e, ARG(1), ARG(2), ret);
	put_int(&e, ARG(0));
	put_u32(&e, size);
	return event_end(&e);
}

EXIT_PROGRAM(x_pwritev)
{
	BEGIN(PWRITEV_X);
	u32 size = put_vectors_written(&e, ARG(1), ARG(2), ret);
	put_int(&e, ARG(0));
	put_u32(&e, size);
	put_u64(&e, ARG(3));
	return event_end(&e);
}

/* Between processes: the data is what is in the caller's own memory, which was read into or written from. */
EXIT_PROGRAM(x_process_vm_readv)
{
	BEGIN(PROCESS_VM_READV_X);
	put_int(&e, ARG(0));
	if (ret > 0)
		put_vectors(&e, ARG(1), ARG(2), kept_bytes(ret));
	else
		put_empty(&e);
	return event_end(&e);
}

EXIT_PROGRAM(x_process_vm_writev)
{
	BEGIN(PROCESS_VM_WRITEV_X);
	put_int(&e, ARG(0));
	if (ret > 0)
		put_vectors(&e, ARG(1), ARG(2), kept_bytes(ret));
	else
		put_empty(&e);
	return event_end(&e);
}
