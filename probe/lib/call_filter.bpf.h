// Whether nobody needs a call, by its result, its arguments and the kind of its fd: decided at the return, before its program is reached.
// In: the word about the call in the plan (rules/kernel_filter/table.ts): kinds of fds, SPARES_*, where the fd is found, clauses.
// Out: a decision for syscalls/dispatch.bpf.h. Elsewhere: opens and closes, of which more is known (filter.bpf.h).
#pragma once

#include "lib/caller.bpf.h"
#include "lib/file_filter.bpf.h"

#define NUMBER_OF_SOCKET 41
#define NUMBER_OF_CONNECT 42
#define NUMBER_OF_RECVMSG 47
#define ERROR_IN_PROGRESS 115
#define SOCKET_TYPE_MASK 0xf /* the rest are flags */
#define CONNECTS_AT_ONCE 0x20000000 /* MSG_FASTOPEN */

/* Fds can come over the socket: their program reports them. */
static __always_inline bool may_pass_fds(struct scratch *s, u32 kind)
{
	if (kind != KIND_UNIX)
		return false;
	struct message_header header = {};
	/* of several messages not all are looked at */
	return s->number != NUMBER_OF_RECVMSG || !read_message_header(s, s->args[1], &header) || header.control_length;
}

static __always_inline bool connects_at_once(struct scratch *s, u32 word)
{
	u32 at = word >> CONNECTS_BY_SHIFT & 3;
	u64 flags = at == 3 ? s->args[3] : at == 2 ? s->args[2] : 0;
	return flags & CONNECTS_AT_ONCE;
}

/*
 * A caller that names an address over IP has, as good as always, a socket over IP. Then its file is not looked at where such
 * sockets are reported; to report one more is no fault. With plain loads the file is read sooner than the address.
 */
static __always_inline bool names_ip(u32 word, u64 address)
{
	u16 family = 0;
	return !settings.plain_reads && !(word & KINDS_OVER_IP) &&
	       !bpf_probe_read_user(&family, sizeof(family), (const void *)address) &&
	       (family == FAM_INET || family == FAM_INET6);
}

/* What a socket is that has just been made shows without a look at it. */
static __always_inline u32 kind_of_new_socket(u32 family, u32 type, u32 protocol)
{
	if (family == FAM_UNIX)
		return KIND_UNIX;
	if (family == FAMILY_NETLINK)
		return KIND_NETLINK;
	if (family != FAM_INET && family != FAM_INET6)
		return KIND_OTHER;
	type &= SOCKET_TYPE_MASK;
	if (!protocol)
		protocol = type == SOCKET_STREAM ? PROTOCOL_TCP : PROTOCOL_UDP;
	return kind_over_ip(type, protocol);
}

static __always_inline bool is_of_spared_kind(struct scratch *s, const struct filter_plan *plan, u32 word, s64 ret)
{
	if (s->number == NUMBER_OF_SOCKET)
		return has_kind(word, kind_of_new_socket(s->args[0], s->args[1], s->args[2]));
	if (s->number == NUMBER_OF_CONNECT && names_ip(word, s->args[1]))
		return false;
	struct file *file = find_file(s, word & FD_IS_RESULT ? ret : (s64)(s32)s->args[0]);
	if (word & SPARES_UNKNOWN && is_marked(file, plan))
		return true;
	if (!(word & SPARED_KINDS))
		return false;
	u32 kind = kind_of_file(file, word);
	if (!has_kind(word, kind) || (word & PASSES_FDS && may_pass_fds(s, kind)) ||
	    (kind == KIND_TCP && connects_at_once(s, word)))
		return false;
	if (word & FD_IS_RESULT)
		forget_file(file);
	return true;
}

/* An argument with bits in its upper half is not what it seems: nothing is decided. */
static __always_inline bool spares_argument(struct scratch *s, struct filter_plan *plan, u32 index)
{
	const struct argument_clause *clause = &plan->clauses[BOUNDED(index, ARGUMENT_CLAUSES - 1)];
	u64 argument = *((const u64 *)s + BOUNDED(clause->how, LISTED_SPARED - 1));
	u32 value = argument & clause->mask, differs = 1;
#pragma clang loop unroll(full)
	for (u32 i = 0; i < ARGUMENT_VALUES; i++)
		differs &= value != clause->values[i];
	return !(argument >> 32) && !differs == !!(clause->how & LISTED_SPARED);
}

static __always_inline bool spares_arguments(struct scratch *s, struct filter_plan *plan, u32 word)
{
	u32 first = word >> CLAUSE_SHIFT;
	return first && (spares_argument(s, plan, first) || (word & SECOND_CLAUSE && spares_argument(s, plan, first + 1)));
}

/* By the word of the plan about it. */
static __always_inline bool is_spared(struct scratch *s, struct filter_plan *plan, u32 word, s64 ret)
{
	bool has_failed = ret < 0 && !(s->number == NUMBER_OF_CONNECT && ret == -ERROR_IN_PROGRESS);
	if (word & SPARES_ALL || (has_failed && word & SPARES_FAILED) || spares_arguments(s, plan, word))
		return true;
	return word & (SPARED_KINDS | SPARES_UNKNOWN) && !(has_failed && word & FD_IS_RESULT) &&
	       is_of_spared_kind(s, plan, word, ret);
}

/* Whether the call that has returned is left out. In shadow mode its event gets a mark instead. */
static __always_inline bool leaves_out_call(u32 number, s64 ret)
{
	u32 slot = active_slot();
	struct filter_plan *plan = plan_of(slot);
	struct scratch *s = plan ? scratch_of_cpu() : NULL;
	if (!s)
		return false;
	bool left_out;
	if (number == NUMBER_OF_CLOSE) {
		left_out = leaves_out_close(s, plan, ret);
	} else if (number == NUMBER_OF_OPEN || number == NUMBER_OF_OPENAT) {
		left_out = leaves_out_open(s, plan, slot, ret);
	} else {
		u32 word = plan->calls[BOUNDED(number, MAX_SYSCALLS - 1)];
		left_out = word && is_spared(s, plan, word, ret);
	}
	return left_out && passes_over(s);
}

static __always_inline bool leaves_out_connect(s32 fd, u64 address)
{
	struct filter_plan *plan = plan_of(active_slot());
	u32 word = plan ? plan->calls[NUMBER_OF_CONNECT] : 0;
	return word & SPARED_KINDS && !shadows() && !names_ip(word, address) &&
	       has_kind(word, kind_of_file(file_of_fd(fd), word));
}

/* Whether the event at the entry of the call is not to be written, or not yet. */
static __always_inline bool holds_back(struct scratch *s)
{
	if (!settings.kernel_filter)
		return false;
	switch (s->number) {
	case NUMBER_OF_CLOSE:
		note_close(s);
		return true;
	case NUMBER_OF_OPEN:
	case NUMBER_OF_OPENAT:
		return put_off_open(s);
	case NUMBER_OF_CONNECT:
		return leaves_out_connect(s->args[0], s->args[1]);
	default:
		return false;
	}
}

/* The same for the programs of single calls. */
CHECKED_ONCE int holds_back_entry(u32 number)
{
	struct scratch *s = scratch_of_cpu();
	if (!s)
		return false;
	s->number = number;
	return holds_back(s);
}
