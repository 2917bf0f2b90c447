/*
 * Writes recorded events into the rings of a falco that runs, by the probe's own way out: its order of what is dropped, its
 * wake-ups, its counters. The maps are falco's (writer.ts); the program runs when it is called and hangs on nothing.
 */
#include "lib/event.bpf.h"

#define TAPE_BYTES (16 << 20)

/* u32 bytes of a record, u32 nothing, the record, all rounded up to 8 bytes: one after another. */
struct tape {
	u8 records[TAPE_BYTES];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct tape);
} tape SEC(".maps");

/* Where the tape ends, as its writer says; where it is read; what became of the records, as the probe counts. */
struct {
	u64 end, at, records, reported, dropped;
} tally SEC(".data.tally");

static long write_next(u32 index, void *context)
{
	(void)index;
	(void)context;
	u32 zero = 0;
	struct tape *all = bpf_map_lookup_elem(&tape, &zero);
	struct scratch *s = scratch_of_cpu();
	struct probe_counters *count = counters_of_cpu();
	if (!all || !s || !count)
		return 1;
	if (tally.at >= tally.end)
		tally.at = 0;
	const u8 *record = all->records + BOUNDED(tally.at, TAPE_BYTES - 1);
	u32 head[2];
	if (bpf_probe_read_kernel(head, sizeof(head), record))
		return 1;
	u32 bytes = BOUNDED(head[0], MAX_EVENT_BYTES - 1);
	if (bpf_probe_read_kernel(s->bytes, bytes, record + sizeof(head)))
		return 1;
	tally.at += (sizeof(head) + bytes + 7) & ~7ULL;

	struct event e = {.s = s, .at = bytes, .code = *(u16 *)(s->bytes + 20)};
	STORE(u64, &e, 0, bpf_ktime_get_boot_ns() + settings.boot_epoch_ns);
	u64 *dropped = (u64 *)((u8 *)count + drop_counter(e.code));
	u64 reported_before = count->reported, dropped_before = *dropped;
	look_at_ring(s);
	event_end(&e);
	tally.records++;
	tally.reported += count->reported - reported_before;
	tally.dropped += *dropped - dropped_before;
	return 0;
}

/* Called with the number of records. Preemption is off, as it is for the probe. */
SEC("raw_tp") int write_records(u64 *ctx)
{
	return bpf_loop(ctx[0], write_next, NULL, 0);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
