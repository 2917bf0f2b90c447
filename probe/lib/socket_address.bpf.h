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

/* sockaddr_in, sockaddr_in6 and sockaddr_un in one: the path of the last begins where the others have the port. */
struct caller_address {
	u16 family, port;
	u32 ip4; /* flow information in the IPv6 form */
	struct ip6_address ip6;
};

#define CALLER_PATH(address) ((char *)&(address)->port)

/* A file is a socket when its inode says so and the struct that it leads to knows it (O_PATH leads to none). */
static __always_inline struct sock *sock_of_fd(s32 fd)
{
	struct file *file = file_of_fd(fd);
	if (!file || (BPF_CORE_READ(file, f_inode, i_mode) & MODE_KIND) != MODE_SOCKET)
		return NULL;
	struct socket *socket = BPF_CORE_READ(file, private_data);
	return BPF_CORE_READ(socket, file) == file ? BPF_CORE_READ(socket, sk) : NULL;
}

/* Reads an address into the work area, followed by zeros, so that a path always ends. */
static __always_inline struct caller_address *read_address(struct scratch *s, u64 from, u32 length)
{
	struct caller_address *address = (void *)s->work;
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

static __always_inline void put_address(struct event *e, u64 from, u32 length)
{
	struct caller_address *address = read_address(e->s, from, length);
	u32 start = e->at;
	if (address->family == FAM_INET) {
		APPEND(u8, e, FAM_INET);
		APPEND(u32, e, address->ip4);
		APPEND(u16, e, HOST_ORDER(address->port));
		put_length(e, e->at - start);
	} else if (address->family == FAM_INET6) {
		APPEND(u8, e, FAM_INET6);
		append_ip6(e, address->ip6);
		APPEND(u16, e, HOST_ORDER(address->port));
		put_length(e, e->at - start);
	} else if (address->family == FAM_UNIX) {
		APPEND(u8, e, FAM_UNIX);
		u32 path = append_unix_path(e, CALLER_PATH(address), length - 2);
		put_length(e, 1 + path);
		e->at += path;
	} else {
		put_empty(e);
	}
	event_advance(e, 0); /* one state for the verifier, whatever the family */
}
