// The two ends of a socket as a parameter (layout: socket_address.bpf.h).
// In: a file of the kernel's, which end is the source, the address that the caller gave, if any: datagram
// sockets that are not connected have no far end of their own, and then the caller's is taken.
#pragma once

#include "lib/fd_kind.bpf.h"
#include "lib/socket_address.bpf.h"

/* An address that the caller passed: where it is (0: none) and the length that was given. */
struct given_address {
	u64 at;
	u32 length;
	bool counts; /* also where the socket is connected: a datagram goes where its sender says */
	const struct caller_address *read; /* if it has been read already */
};

#define GIVEN(at, length) ((struct given_address){at, length, false, NULL})
#define NOT_GIVEN GIVEN(0, 0)

static __always_inline void put_ip4_tuple(struct event *e, struct sock *sock, enum direction direction,
						struct given_address given)
{
	struct inet_sock *inet = (void *)sock;
	u32 local = READ_OF(struct inet_sock, inet, inet_saddr), remote = READ_OF(struct sock, sock, __sk_common.skc_daddr);
	u16 local_port = READ_OF(struct inet_sock, inet, inet_sport);
	u16 remote_port = READ_OF(struct sock, sock, __sk_common.skc_dport);
	if (given.at && (!remote_port || given.counts)) {
		struct caller_address address = given.read ? *given.read : read_address(given.at, 8);
		if (!remote_port || address.family == FAM_INET) {
			remote = address.ip4;
			remote_port = address.port;
		}
	}
	bool out = direction == OUTBOUND;
	APPEND(u8, e, FAM_INET);
	APPEND(u32, e, out ? local : remote);
	APPEND(u16, e, HOST_ORDER(out ? local_port : remote_port));
	APPEND(u32, e, out ? remote : local);
	APPEND(u16, e, HOST_ORDER(out ? remote_port : local_port));
}

static __always_inline void put_ip6_tuple(struct event *e, struct sock *sock, enum direction direction,
						struct given_address given)
{
	struct inet_sock *inet = (void *)sock;
	struct ip6_address local, remote;
	struct ipv6_pinfo *info = READ_OF(struct inet_sock, inet, pinet6);
	bpf_core_read(&local, sizeof(local), &info->saddr);
	bpf_core_read(&remote, sizeof(remote), &sock->__sk_common.skc_v6_daddr);
	u16 local_port = READ_OF(struct inet_sock, inet, inet_sport);
	u16 remote_port = READ_OF(struct sock, sock, __sk_common.skc_dport);
	if (given.at && (!remote_port || given.counts)) {
		struct caller_address address = given.read ? *given.read : read_address(given.at, 24);
		if (!remote_port || address.family == FAM_INET6) {
			remote = address.ip6;
			remote_port = address.port;
		}
	}
	bool out = direction == OUTBOUND;
	APPEND(u8, e, FAM_INET6);
	append_ip6(e, out ? local : remote);
	APPEND(u16, e, HOST_ORDER(out ? local_port : remote_port));
	append_ip6(e, out ? remote : local);
	APPEND(u16, e, HOST_ORDER(out ? remote_port : local_port));
}

/* Returns the length of the path, which only shows at run time. */
static __always_inline u32 put_unix_tuple(struct event *e, struct sock *sock, enum direction direction,
						struct given_address given)
{
	struct unix_sock *local = (void *)sock, *peer = (void *)BPF_CORE_READ(local, peer);
	bool out = direction == OUTBOUND;
	APPEND(u8, e, FAM_UNIX);
	APPEND(u64, e, (u64)(out ? peer : local));
	APPEND(u64, e, (u64)(out ? local : peer));
	if (out && !peer && given.at)
		return append_unix_path(e, read_unix_address(e->s, given.at, given.length)->path, given.length - 2);
	struct unix_address *address = BPF_CORE_READ(out ? peer : local, addr);
	if (!address) {
		STORE(u8, e, e->at, 0); /* an unnamed socket */
		return 1;
	}
	const char *path = (const char *)address + bpf_core_field_offset(struct unix_address, name) + 2;
	return append_unix_path(e, path, BPF_CORE_READ(address, len) - 2);
}

static __always_inline bool is_datagram_socket(struct file *file)
{
	struct socket *socket = READ_OF(struct file, file, private_data);
	return READ_OF(struct socket, socket, type) == SOCKET_DATAGRAM;
}

static __always_inline void put_tuple(struct event *e, struct file *file, enum direction direction,
						struct given_address given)
{
	struct sock *sock = sock_of_file(file);
	u32 family = sock ? READ_OF(struct sock, sock, __sk_common.skc_family) : 0;
	u32 start = e->at, path = 0;
	if (direction == OUTBOUND && given.at)
		given.counts = is_datagram_socket(file);
	if (family == FAM_INET)
		put_ip4_tuple(e, sock, direction, given);
	else if (family == FAM_INET6)
		put_ip6_tuple(e, sock, direction, given);
	else if (family == FAM_UNIX)
		path = put_unix_tuple(e, sock, direction, given);
	put_length(e, e->at - start + path);
	event_advance(e, path);
}
