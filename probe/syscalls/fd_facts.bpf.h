// What an fd refers to, read from the kernel's table after a call: after the parameters of calls that copy an fd, and as
// a record of its own for each fd that came with a message (SCM_RIGHTS), since no call made it.
// In: a number of the current task. Out: FD_FACTS parameters, in this order; all empty where nothing is open:
//   u32 mode of the inode · u64 inode number · u32 device · u32 open flags, with O_CLOEXEC of this number ·
//   u16 of a socket: family << 8 | type · its tuple · the path of anything else
// The matcher takes them for what it does not know (assembly/state/fd_facts.ts); recordings leave them out.
// Read after the event has got its time, or what another thread does in between could come in the wrong order.
#pragma once

#include "lib/filter.bpf.h"
#include "lib/path.bpf.h"
#include "lib/program.bpf.h"
#include "lib/socket_tuple.bpf.h"

#define FD_FACTS 7

static __always_inline bool is_close_on_exec(u32 fd)
{
	struct fdtable *table = BPF_CORE_READ(current_task(), files, fdt);
	unsigned long word = 0, *bits = BPF_CORE_READ(table, close_on_exec);
	bpf_probe_read_kernel(&word, sizeof(word), bits + fd / 64);
	return word >> (fd & 63) & 1;
}

#define BOUND_TO_PORT 8 /* of sk_userlocks */

static __always_inline u16 socket_facts(struct socket *socket, struct sock *sock)
{
	return READ_OF(struct sock, sock, __sk_common.skc_family) << 8 | (READ_OF(struct socket, socket, type) & 0xf);
}

static __always_inline void put_fd_facts(struct event *e, s64 fd)
{
	struct file *file = fd < 0 ? NULL : file_of_fd(fd);
	if (!file) {
		for (u32 i = 0; i < FD_FACTS; i++)
			put_empty(e);
		return;
	}
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	u16 mode = BPF_CORE_READ(inode, i_mode);
	put_u32(e, mode);
	put_u64(e, BPF_CORE_READ(inode, i_ino));
	put_u32(e, user_device(BPF_CORE_READ(inode, i_sb, s_dev)));
	put_u32(e, open_flags(BPF_CORE_READ(file, f_flags) & ~O_CLOEXEC) | (is_close_on_exec(fd) ? FO_CLOEXEC : 0));
	struct sock *sock = (mode & MODE_KIND) == MODE_SOCKET ? sock_of_file(file) : NULL;
	if (sock) {
		struct socket *socket = BPF_CORE_READ(file, private_data);
		put_u16(e, socket_facts(socket, sock));
		put_tuple(e, file, OUTBOUND, NOT_GIVEN);
		put_empty(e);
	} else {
		put_empty(e);
		put_empty(e);
		put_file_path(e, file);
	}
	event_advance(e, 0); /* one state for the verifier, whatever the file */
}

static __always_inline u32 user_locks_of(struct sock *sock)
{
	if (!settings.plain_reads)
		return BPF_CORE_READ_BITFIELD_PROBED(sock, sk_userlocks);
	struct sock *typed = AS(struct sock, sock);
	return BPF_CORE_READ_BITFIELD(typed, sk_userlocks);
}

/*
 * The same of a socket over IP that a call has connected: what it was before. Nothing of it has been reported, so it is not
 * kept, either. Both ends come with the event if the call has worked.
 */
static __always_inline void put_connecting_facts(struct event *e, struct file *file, bool is_connected)
{
	struct socket *socket = READ_OF(struct file, file, private_data);
	struct sock *sock = READ_OF(struct socket, socket, sk);
	u32 is_bound = user_locks_of(sock) & BOUND_TO_PORT;
	/* a port that the kernel has chosen for a connection that failed is nobody's */
	bool has_ends = is_bound || READ_OF(struct sock, sock, __sk_common.skc_dport);
	put_u32(e, MODE_SOCKET);
	put_u64(e, 0);
	put_empty(e);
	put_u32(e, 0);
	put_u16(e, socket_facts(socket, sock) | (is_bound ? SOCKET_BOUND : 0));
	if (has_ends && !is_connected)
		put_tuple(e, file, OUTBOUND, NOT_GIVEN);
	else
		put_empty(e);
	put_empty(e);
	event_advance(e, 0);
}

/* Those of a copy that a call has made. Of a file that is left out they would be a beginning without an end. */
static __always_inline void put_copy_facts(struct event *e, s64 fd)
{
	struct filter_plan *plan = plan_of(active_slot());
	struct file *file = plan && fd >= 0 ? file_of_fd(fd) : NULL;
	bool is_left_out = file && is_marked(file, plan);
	if (!is_left_out)
		keep_file(file);
	put_fd_facts(e, is_left_out && !shadows() ? -1 : fd);
}

/* A record about one fd of the current task, which the reader gets to know. */
CHECKED_ONCE int report_fd(u32 fd)
{
	struct scratch *s = scratch_of_cpu();
	if (!s)
		return 0;
	struct event e;
	event_begin(&e, s, FD_CODE, 1 + FD_FACTS);
	put_s64(&e, (s32)fd);
	pass_directory(file_of_fd(fd));
	keep_file(file_of_fd(fd));
	put_fd_facts(&e, (s32)fd);
	return event_end(&e);
}

/* Before an event that needs to name a file, of which no open may have been reported. */
static __always_inline void introduce_fd(s32 fd)
{
	if (active_slot() && is_unasked(file_of_fd(fd)))
		report_fd(fd);
}

/* A record about a directory that was left out: what it is called, as the reader would have it from its open. */
CHECKED_ONCE int report_directory(u32 fd)
{
	struct scratch *s = scratch_of_cpu();
	struct file *file = file_of_fd(fd);
	struct directory_note *note = s ? note_of_directory(file) : NULL;
	if (!note)
		return 0;
	struct event e;
	event_begin(&e, s, FD_CODE, 1 + FD_FACTS);
	put_s64(&e, (s32)fd);
	forget_mark(file);
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	u32 flags = BPF_CORE_READ(file, f_flags);
	/* what it would have been from its open; who has got it by a message knows it by another name */
	put_u32(&e, (note->is_passed ? NAMED_IF_UNKNOWN : NAMED_AS_OPENED) | (flags & O_DIRECTORY ? MODE_FOLDER : MODE_REGULAR));
	put_u64(&e, BPF_CORE_READ(inode, i_ino));
	put_u32(&e, user_device(BPF_CORE_READ(inode, i_sb, s_dev)));
	put_u32(&e, open_flags(flags & ~O_CLOEXEC) | (is_close_on_exec(fd) ? FO_CLOEXEC : 0));
	put_empty(&e);
	put_empty(&e);
	put_kernel_bytes(&e, note->path.text, note->path.length);
	return event_end(&e);
}

/* Before an event whose paths can be relative to the directory, or that makes a copy of it. */
static __always_inline void introduce_directory(s32 fd)
{
	if (settings.kernel_filter && !shadows() && fd >= 0 && note_of_directory(file_of_fd(fd)))
		report_directory(fd);
}

#define LEVEL_SOCKET_CONTROL 1
#define SCM_RIGHTS 1
#define CONTROL_MESSAGES_READ 4
#define FDS_OF_MESSAGE 253 /* SCM_MAX_FD: the kernel passes no more at once */
#define FDS_AT_ONCE 23

struct control_header {
	u64 length;
	s32 level, type;
};

struct control_header_32 {
	u32 length;
	s32 level, type;
};

/* Some of the numbers of a control message. Returns 0 at their end. */
CHECKED_ONCE int report_some_fds(u64 at, u32 count)
{
	for (u32 i = 0; i < FDS_AT_ONCE; i++) {
		u32 fd = 0;
		if (i >= count || bpf_probe_read_user(&fd, sizeof(fd), (const u32 *)at + i))
			return 0;
		report_fd(fd);
	}
	return 1;
}

/* The numbers of one control message that begins at `at`, of `count` fds. */
static __always_inline void report_fds(u64 at, u32 count)
{
	for (u32 i = 0; i < FDS_OF_MESSAGE && i < count; i += FDS_AT_ONCE) {
		if (!report_some_fds(at + i * sizeof(u32), count - i))
			break;
	}
}

/* The fds in a control buffer as the kernel has left it. */
CHECKED_ONCE int report_passed_fds(u64 control, u64 length)
{
	struct scratch *s = scratch_of_cpu();
	if (!s)
		return 0;
	u32 narrow = s->is_32bit;
	u64 head = narrow ? sizeof(struct control_header_32) : sizeof(struct control_header);
	u64 end = control + length;
	for (u32 i = 0; i < CONTROL_MESSAGES_READ; i++) {
		struct control_header header = {};
		struct control_header_32 header_32 = {};
		if (control + head > end)
			break;
		if (narrow) {
			bpf_probe_read_user(&header_32, sizeof(header_32), (const void *)control);
			header.length = header_32.length;
			header.level = header_32.level;
			header.type = header_32.type;
		} else {
			bpf_probe_read_user(&header, sizeof(header), (const void *)control);
		}
		if (header.length < head || header.length > length)
			break;
		if (header.level == LEVEL_SOCKET_CONTROL && header.type == SCM_RIGHTS)
			report_fds(control + head, (header.length - head) / sizeof(u32));
		u64 step = narrow ? 3 : 7;
		control += (header.length + step) & ~step;
	}
	return 0;
}
