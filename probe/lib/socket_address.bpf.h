// Addresses and tuples of sockets as parameters.
//   address  u8 family · IPv4: 4 bytes, u16 port · IPv6: 16 bytes, u16 port · unix: path and 0
//   tuple    u8 family · IPv4, IPv6: source address, port, destination address, port · unix: u64 and u64
//            (the kernel's pointers, receiver first), path and 0
// Addresses stay in network order, ports are in the machine's. Other families give an empty parameter.
#pragma once

#include "lib/file.bpf.h"
#include "lib/kernel_net.bpf.h"
#include "lib/program.bpf.h"

#define UNIX_PATH_BYTES 108
#define HOST_ORDER(port) ((u16)__builtin_bswap16(port))

enum direction { OUTBOUND, INBOUND };

struct ip6_address {
	u64 words[2];
};

/* sockaddr_in and sockaddr_in6 in one. */
struct caller_address {
	u16 family, port;
	u32 ip4; /* flow information in the IPv6 form */
	struct ip6_address ip6;
};

struct unix_caller_address {
	u16 family;
	char path[UNIX_PATH_BYTES];
};

/* A file is a socket when its inode says so and the struct that it leads to knows it (O_PATH leads to none). */
static __always_inline struct sock *sock_of_file(struct file *file)
{
	if (!file || (READ_OF(struct file, file, f_inode, i_mode) & MODE_KIND) != MODE_SOCKET)
		return NULL;
	struct socket *socket = READ_OF(struct file, file, private_data);
	return READ_OF(struct socket, socket, file) == file ? READ_OF(struct socket, socket, sk) : NULL;
}

static __always_inline struct sock *sock_of_fd(s32 fd)
{
	return sock_of_file(file_of_fd(fd));
}

/* An address over IP; of others the family alone. To the stack, for the reason that read_noted_text() gives. */
static __always_inline struct caller_address read_address(u64 from, u32 length)
{
	struct caller_address address = {};
	if (length > sizeof(address))
		length = sizeof(address);
	if (!from || bpf_probe_read_user(&address, BOUNDED(length, 31), (const void *)from))
		address.family = 0;
	return address;
}

/* The address of a unix socket into the work area, followed by zeros, so that its path always ends. */
static __always_inline struct unix_caller_address *read_unix_address(struct scratch *s, u64 from, u32 length)
{
	struct unix_caller_address *address = (void *)s->work;
	__builtin_memset(address, 0, 128);
	if (length > 2 + UNIX_PATH_BYTES)
		length = 2 + UNIX_PATH_BYTES;
	if (!from || bpf_probe_read_user(address, BOUNDED(length, 127), (const void *)from))
		address->family = 0;
	return address;
}

static __always_inline void append_ip6(struct event *e, struct ip6_address address)
{
	APPEND(u64, e, address.words[0]);
	APPEND(u64, e, address.words[1]);
}

/*
 * A path of a unix socket of at most `size` bytes, and a 0. An abstract name has a leading 0, which is left out, and
 * none at its end: something else follows it.
 */
static __always_inline u32 append_unix_path(struct event *e, const char *path, u32 size)
{
	char first = 1;
	bpf_probe_read_kernel(&first, 1, path);
	u32 skipped = first ? 0 : 1;
	if (size > UNIX_PATH_BYTES)
		size = UNIX_PATH_BYTES;
	/* the helper writes `limit` bytes at most, of which the last is the 0 */
	u64 limit = BOUNDED(size - skipped + 1, 127);
	long length = bpf_probe_read_kernel_str(event_byte(e, e->at), limit, path + skipped);
	return length > 0 ? length : 0;
}

/* One that has been read from there. */
static __always_inline void put_read_address(struct event *e, struct caller_address address, u64 from, u32 length)
{
	struct unix_caller_address *local = address.family == FAM_UNIX ? read_unix_address(e->s, from, length) : NULL;
	u32 start = e->at;
	if (address.family == FAM_INET) {
		APPEND(u8, e, FAM_INET);
		APPEND(u32, e, address.ip4);
		APPEND(u16, e, HOST_ORDER(address.port));
		put_length(e, e->at - start);
	} else if (address.family == FAM_INET6) {
		APPEND(u8, e, FAM_INET6);
		append_ip6(e, address.ip6);
		APPEND(u16, e, HOST_ORDER(address.port));
		put_length(e, e->at - start);
	} else if (local && local->family == FAM_UNIX) {
		APPEND(u8, e, FAM_UNIX);
		u32 path = append_unix_path(e, local->path, length - 2);
		put_length(e, 1 + path);
		e->at += path;
	} else {
		put_empty(e);
	}
	event_advance(e, 0); /* one state for the verifier, whatever the family */
}

static __always_inline void put_address(struct event *e, u64 from, u32 length)
{
	put_read_address(e, read_address(from, length), from, length);
}
