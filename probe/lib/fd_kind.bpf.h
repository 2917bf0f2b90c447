// Of which kind an open file is, as far as the filter tells kinds apart (rules/kernel_filter/fd_kinds.ts).
// In: a file of the kernel's, and the kinds of a set. Out: whether it is of one of them. Directories, namespaces, named pipes, sockets
// of other families and protocols are of none.
// By the file system, too: a pipe that was opened by a path is one of the kernel's own, and a named one is not.
#pragma once

#include "lib/file.bpf.h"
#include "lib/kernel_net.bpf.h"

#define ANONYMOUS_MAGIC 0x09041934
#define PIDFS_MAGIC 0x50494446
#define NAMESPACES_MAGIC 0x6e736673
#define PIPES_MAGIC 0x50495045
#define MODE_REGULAR 0100000
#define MODE_CHARACTERS 0020000
#define MODE_BLOCKS 0060000
#define MODE_FOLDER 0040000

#define FAMILY_NETLINK 16
#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17
#define SOCKET_STREAM 1
#define SOCKET_DATAGRAM 2
#define KINDS_OVER_IP (1 << KIND_TCP | 1 << KIND_UDP)

/* Kinds without a bit are in no set. */
static __always_inline bool has_kind(u32 set, u32 kind)
{
	return set & SPARED_KINDS & (1ULL << kind);
}

static __always_inline u32 kind_over_ip(u32 type, u32 protocol)
{
	if (type == SOCKET_STREAM)
		return protocol == PROTOCOL_TCP ? KIND_TCP : KIND_OTHER;
	return type == SOCKET_DATAGRAM && protocol == PROTOCOL_UDP ? KIND_UDP : KIND_OTHER;
}

/* Some bits of a word until Linux 5.6, which is before plain reads. */
static __always_inline u32 protocol_of(struct sock *sock)
{
	return settings.plain_reads ? AS(struct sock, sock)->sk_protocol : BPF_CORE_READ_BITFIELD_PROBED(sock, sk_protocol);
}

/* Where the set has no kind of these, what is over IP need not be told apart. */
static __always_inline u32 kind_of_socket(struct file *file, u32 set)
{
	struct socket *socket = READ_OF(struct file, file, private_data);
	struct sock *sock = READ_OF(struct socket, socket, sk);
	if (!sock) /* opened by its path, with O_PATH: it leads to none */
		return KIND_OTHER;
	u32 family = READ_OF(struct sock, sock, __sk_common.skc_family);
	if (family == FAM_UNIX)
		return KIND_UNIX;
	if (family == FAMILY_NETLINK)
		return KIND_NETLINK;
	if ((family != FAM_INET && family != FAM_INET6) || !(set & KINDS_OVER_IP))
		return KIND_OTHER;
	return kind_over_ip(READ_OF(struct socket, socket, type), protocol_of(sock));
}

static __always_inline u32 kind_of_file(struct file *file, u32 set)
{
	if (!file)
		return KIND_OTHER;
	u32 mode = READ_OF(struct file, file, f_inode, i_mode) & MODE_KIND;
	if (mode == MODE_SOCKET)
		return kind_of_socket(file, set);
	if (mode == MODE_FOLDER)
		return KIND_OTHER;
	u64 magic = READ_OF(struct file, file, f_inode, i_sb, s_magic);
	if (magic == PIPES_MAGIC)
		return KIND_PIPE;
	if (magic == ANONYMOUS_MAGIC)
		return KIND_ANONYMOUS;
	if (magic == PIDFS_MAGIC || magic == NAMESPACES_MAGIC)
		return KIND_OTHER;
	bool is_file = mode == MODE_REGULAR || mode == MODE_CHARACTERS || mode == MODE_BLOCKS;
	return is_file ? KIND_FILE : KIND_OTHER;
}
