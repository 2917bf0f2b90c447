// The plan of the filter, and what it says of a path: which kinds of opens can match one that looks like this.
// In: maps that sources/live fills from rules/kernel_filter/plan.ts, a path in the work area. Out: kinds of opens.
// Elsewhere: when that is asked, and what follows (filter.bpf.h).
#pragma once

#include "lib/relative_path.bpf.h"

#define BEGINNING_BITS (1 << BEGINNING_BITS_LOG)

/* A call is left out where its argument, as far as the mask shows it, is in the list, or is not. */
struct argument_clause {
	u32 mask;
	u32 how; /* position of the argument, LISTED_SPARED */
	u32 values[ARGUMENT_VALUES];
};

struct filter_plan {
	u32 any_path; /* kinds of opens that can match whatever the path is */
	u32 resolved; /* kinds of which some can match by the resolved path only */
	u32 flags; /* FILTER_* */
	u32 generation;
	u32 parts; /* kinds of opens of which some can match by four bytes anywhere in the path */
	u32 dotless; /* … by four bytes without a dot: for the others, words of a path without one need no look */
	u32 failed; /* kinds of opens that can match although they have failed */
	u32 unasked; /* kinds of fds that nobody asks about: KIND_* are the numbers of the bits */
	u64 beginnings[2][BEGINNING_BITS / 64]; /* how paths begin that can match: opens that only read, others */
	u64 bits[FILTER_BITS / 64]; /* which keys may be in `filter_keys` */
	u32 calls[MAX_SYSCALLS]; /* which of them nobody needs, see call_filter.bpf.h */
	struct argument_clause clauses[ARGUMENT_CLAUSES];
};

/* Two, of which one is in use: the other is written, then `filter_slot` names it. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, u32);
	__type(value, struct filter_plan);
} filter_plans SEC(".maps");

/* slot << 40 | window << 32 | key of a part of a path → kinds of opens: by name, by resolved path << 16 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 2 * FILTER_KEYS);
	__type(key, u64);
	__type(value, u32);
} filter_keys SEC(".maps");

/* 0: no filter; else the number of the plan, plus 1. */
u32 filter_slot SEC(".data.filter");

static __always_inline u32 active_slot(void)
{
	return settings.kernel_filter ? *(volatile u32 *)&filter_slot : 0;
}

static __always_inline struct filter_plan *plan_of(u32 slot)
{
	u32 index = slot - 1;
	return slot ? bpf_map_lookup_elem(&filter_plans, &index) : NULL;
}

/* Whether the plan in use has all of these flags. */
static __always_inline bool filters(u32 flags)
{
	struct filter_plan *plan = plan_of(active_slot());
	return plan && (plan->flags & flags) == flags;
}

#define OPEN_THAT_READS 2 /* and does nothing else, see open_kind() */
#define PATH_KINDS(found, shift) ((u32)((found) >> (shift)) & 0xffff)
#define UNTESTABLE (1ULL << 63)
#define WINDOW_KEY (1ULL << 32)
#define SLOT_OF_KEY 40

static __always_inline bool may_have_key(const struct filter_plan *plan, u32 key, u64 window)
{
	u32 bit = key * (window ? 0x85ebca6b : 0x9e3779b1) >> 18;
	return plan->bits[bit >> 6 & (FILTER_BITS / 64 - 1)] >> (bit & 63) & 1;
}

CHECKED_ONCE u32 kinds_of_key(u64 full)
{
	u32 *kinds = bpf_map_lookup_elem(&filter_keys, &full);
	return kinds ? *kinds : 0;
}

#define BYTES_AT_ONCE 16 /* loops of loops, each checked on its own: in a single one the verifier would follow every byte */
#define ENDS_CLEAN 1
#define ENDS_UNTESTABLE 2

/* What scan_bytes() knows of the path so far; in scratch, since only numbers can be passed and one of them returned. */
static __always_inline void begin_scan(struct scratch *s)
{
	s->scan.found = 0;
	s->scan.prefix = 0;
	s->scan.window = 0;
}

/* The next bytes of a path, from `at` on. Returns 0 where it goes on. */
CHECKED_ONCE u32 scan_bytes(u32 at, u32 slot)
{
	if (!settings.kernel_filter)
		return ENDS_UNTESTABLE;
	struct scratch *s = scratch_of_cpu();
	struct filter_plan *plan = plan_of(slot);
	if (!s || !plan)
		return ENDS_UNTESTABLE;
	volatile struct path_scan *scan = &s->scan;
	u64 in_slot = (u64)slot << SLOT_OF_KEY, found = scan->found;
	u32 prefix = scan->prefix, window = scan->window, end = 0;
	for (u32 i = 0; i < BYTES_AT_ONCE; i++) {
		u32 byte = s->work[(at + i) & (WORK_BYTES - 1)];
		if (!byte) {
			u32 last = window & 0xffff;
			end = last == 0x2f2e || last == 0x2e2e ? ENDS_UNTESTABLE : ENDS_CLEAN;
			break;
		}
		prefix = prefix * 0x01000193 + byte;
		window = window << 8 | byte;
		u32 last = window & 0xffffff;
		if ((last & 0xffff) == 0x2f2f || last == 0x2f2e2f || last == 0x2e2e2f)
			return ENDS_UNTESTABLE;
		if (may_have_key(plan, prefix, 0))
			found |= kinds_of_key(in_slot | prefix);
		if (may_have_key(plan, window, WINDOW_KEY))
			found |= kinds_of_key(in_slot | WINDOW_KEY | window);
	}
	scan->found = found;
	scan->prefix = prefix;
	scan->window = window;
	return end;
}

/*
 * The kinds of opens that the path at `at` of the work area matches; UNTESTABLE where it is not absolute, too long, or to be
 * shortened. One pass: the key of the beginning and that of the last four bytes are looked for at every byte.
 */
CHECKED_ONCE u64 scan_path(u32 at, u32 slot)
{
	/* older verifiers look at this function even where nothing leads to it: without the filter there is nothing to see */
	if (!settings.kernel_filter)
		return UNTESTABLE;
	struct scratch *s = scratch_of_cpu();
	if (!s || s->work[at & (WORK_BYTES - 1)] != '/')
		return UNTESTABLE;
	begin_scan(s);
	for (u32 i = 0; i < NOTED_TEXT_BYTES; i += BYTES_AT_ONCE) {
		u32 end = scan_bytes(at + i, slot);
		if (end)
			return end == ENDS_CLEAN ? s->scan.found : UNTESTABLE;
	}
	return UNTESTABLE;
}

/* 0x80 in each byte of the word that is the same as in `like`; the others are 0. */
static __always_inline u64 bytes_like(u64 word, u64 like)
{
	const u64 low = 0x7f7f7f7f7f7f7f7f;
	u64 differ = word ^ like;
	return ~(((differ & low) + low) | differ | low);
}

#define EVERY_BIT_IF(kinds) (-(((u64)(kinds) + 0xffff) >> 16)) /* there are sixteen kinds */
#define ALL_SLASHES 0x2f2f2f2f2f2f2f2f
#define ALL_DOTS 0x2e2e2e2e2e2e2e2e

static __always_inline bool may_begin(const u64 *bits, u64 beginning)
{
	u32 bit = beginning * 0x9e3779b97f4a7c15 >> (64 - BEGINNING_BITS_LOG);
	return bits[bit >> 6 & (BEGINNING_BITS / 64 - 1)] >> (bit & 63) & 1;
}

/* Whether one of the parts that end in this word may be in the table. Both words begin with their highest byte. */
static __always_inline bool may_have_part(const struct filter_plan *plan, u64 before, u64 word)
{
	u64 found = 0;
#pragma clang loop unroll(full)
	for (u32 i = 0; i < 8; i++) {
		u32 window = word >> (56 - 8 * i) | (i < 3 ? before << (8 * i + 8) : 0);
		u32 bit = window * 0x85ebca6b >> 18;
		found |= plan->bits[bit >> 6 & (FILTER_BITS / 64 - 1)] >> (bit & 63);
	}
	return found & 1;
}

#define WORDS_AT_ONCE 8
#define GOES_ON 2 /* nothing so far */

/* The same for the words from `from` on, at most WORDS_AT_ONCE of them; GOES_ON where the path does. */
CHECKED_ONCE int may_match_words(u32 at, u32 slot, u32 kind, u32 from)
{
	if (!settings.kernel_filter)
		return true;
	struct scratch *s = scratch_of_cpu();
	struct filter_plan *plan = plan_of(slot);
	if (!s || !plan)
		return true;
	at = BOUNDED(at, WORK_BYTES / 2 - 1);
	const u64 *beginning = (u64 *)(s->work + at);
	const u64 *text = beginning + BOUNDED(from, NOTED_TEXT_BYTES / 8 - 1);
	u64 prior = from ? text[-1] : 0;
	u64 slash_before = bytes_like(prior, ALL_SLASHES) >> 56, dots_before = bytes_like(prior, ALL_DOTS);
	/* all bits or none: a branch for each would double what the verifier has to follow at every step */
	u64 has_parts = EVERY_BIT_IF(plan->parts & kind), has_dotless = EVERY_BIT_IF(plan->dotless & kind);
	for (u32 i = 0; i < WORDS_AT_ONCE; i++) {
		u64 word = text[i];
		u64 ends = bytes_like(word, 0), end = ends & -ends;
		word &= (end >> 7) - 1; /* all of it where there is no end */
		u64 slashes = bytes_like(word, ALL_SLASHES), dots = bytes_like(word, ALL_DOTS);
		if (((slashes << 8 | slash_before) & slashes) | ((dots << 8 | dots_before >> 56) & (slashes | end)))
			return true;
		slash_before = slashes >> 56;
		if (has_parts & (has_dotless | dots | dots_before >> 40)) {
			if (may_have_part(plan, __builtin_bswap64(prior), __builtin_bswap64(word)))
				return true;
		}
		prior = word;
		dots_before = dots;
		if (end) {
			const u64 *bits = plan->beginnings[kind != OPEN_THAT_READS];
			u64 first = from || i ? *beginning : word;
			return (first & 0xff) != '/' || may_begin(bits, first) || may_begin(bits, (u32)first);
		}
	}
	return GOES_ON;
}

/*
 * Whether scan_path() has to look at the path at `at` of the first half of the work area: false only when it is clean and
 * none of its parts and beginnings is in the table. Eight bytes at a time; a path with a dot at the end of a name is looked
 * at, too. No function: kernels before 6.8 have no room on the stack for one more.
 */
static __always_inline int may_match(u32 at, u32 slot, u32 kind)
{
	for (u32 from = 0; from < NOTED_TEXT_BYTES / 8; from += WORDS_AT_ONCE) {
		int found = may_match_words(at, slot, kind, from);
		if (found != GOES_ON)
			return found;
	}
	return true;
}
