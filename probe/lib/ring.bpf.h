// The way out: which ring a record goes to, what is dropped first when that runs full, when its reader is woken.
// In: a record in the working memory, its code. Out: whether it is in the ring.
// Elsewhere: writing the record (event.bpf.h), what is dropped first (schema/drop_order.ts).
#pragma once

#include "lib/maps.bpf.h"

/* Which counter an event that found its ring full belongs to; a constant wherever it is used. */
static __always_inline u32 drop_counter(u16 code)
{
	switch (code) {
	case EVT_CLONE_X: case EVT_FORK_X: case EVT_VFORK_X: case EVT_CLONE3_X: case FORK_CODE:
		return offsetof(struct probe_counters, drops_buffer_clone_fork);
	case EVT_EXECVE_X: case EVT_EXECVEAT_X:
		return offsetof(struct probe_counters, drops_buffer_execve);
	case EVT_CONNECT_E: case EVT_CONNECT_X:
		return offsetof(struct probe_counters, drops_buffer_connect);
	case EVT_OPEN_E: case EVT_OPEN_X: case EVT_OPENAT_E: case EVT_OPENAT_X: case EVT_OPENAT2_E:
	case EVT_OPENAT2_X: case EVT_CREAT_E: case EVT_CREAT_X: case EVT_OPEN_BY_HANDLE_AT_X:
		return offsetof(struct probe_counters, drops_buffer_open);
	case EVT_DUP_X: case EVT_CHMOD_X: case EVT_FCHMOD_X: case EVT_FCHMODAT_X: case EVT_CHOWN_X:
	case EVT_LCHOWN_X: case EVT_FCHOWN_X: case EVT_FCHOWNAT_X: case EVT_LINK_X: case EVT_LINKAT_X:
	case EVT_MKDIR_X: case EVT_MKDIRAT_X: case EVT_MOUNT_X: case EVT_UMOUNT_X: case EVT_UMOUNT2_X:
	case EVT_RENAME_X: case EVT_RENAMEAT_X: case EVT_RENAMEAT2_X: case EVT_RMDIR_X: case EVT_SYMLINK_X:
	case EVT_SYMLINKAT_X: case EVT_UNLINK_X: case EVT_UNLINKAT_X:
		return offsetof(struct probe_counters, drops_buffer_dir_file);
	case EVT_CLOSE_X:
		return offsetof(struct probe_counters, drops_buffer_close);
	case EVT_PROCEXIT_E:
		return offsetof(struct probe_counters, drops_buffer_proc_exit);
	default:
		return offsetof(struct probe_counters, drops_buffer_other);
	}
}

static __always_inline struct ring *ring_of_cpu(void)
{
	u32 index = bpf_get_smp_processor_id();
	if (settings.cpus_per_ring > 1)
		index /= (u32)settings.cpus_per_ring;
	return bpf_map_lookup_elem(&rings, &index);
}

/*
 * A wake-up interrupts this CPU (irq_work), so most events go without. The reader is woken by the first event
 * after a pause, which it may be asleep over, and then as often as the settings say; both tests only read
 * what this CPU wrote. The kernel's own rule (wake when the reader has caught up) would wake it nearly always.
 */
static __always_inline u64 wakeup_flag(struct scratch *s, u64 now_ns, u32 bytes)
{
	u32 unannounced = s->unannounced_bytes + bytes;
	if (unannounced < settings.wakeup_bytes && now_ns - s->announced_ns < settings.wakeup_interval_ns) {
		s->unannounced_bytes = unannounced;
		return BPF_RB_NO_WAKEUP;
	}
	s->unannounced_bytes = 0;
	s->announced_ns = now_ns;
	return BPF_RB_FORCE_WAKEUP;
}

/* At which level an event is dropped, see look_at_ring(); a constant wherever it is used. */
enum { NEVER_BEFORE_FULL = 255 };
static __always_inline u32 dropped_at_level(u16 code)
{
	switch (code) {
	CASES_DROPPED_LAST
	case FORK_CODE:
	case CANARY_CODE:
		return NEVER_BEFORE_FULL;
	CASES_DROPPED_LATE
	case FD_CODE:
		return 2;
	default:
		return 1;
	}
}

/*
 * How full the ring is: level 1 with less than two sixteenths left, 2 with less than one. Looking costs some nanoseconds, so
 * a CPU looks again when it has written a small part of the ring; and at each call once it is nearly full, so that
 * events get in again as soon as there is room.
 */
static __always_inline void look_at_ring(struct scratch *s)
{
	if (!s->ring_level && s->unlooked_bytes * settings.cpus_per_ring < settings.ring_bytes / 128)
		return;
	s->unlooked_bytes = 0;
	struct ring *ring = ring_of_cpu();
	if (!ring)
		return;
	u64 left = settings.ring_bytes - bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA);
	s->ring_level = left < settings.ring_bytes / 16 ? 2 : left < settings.ring_bytes / 8;
}

/* Returns 0 when it is in the ring. */
static __always_inline int write_to_ring(struct scratch *s, u16 code, u32 bytes)
{
	struct ring *ring = ring_of_cpu();
	if (!ring || s->ring_level >= dropped_at_level(code))
		return -1;
	s->unlooked_bytes += bytes;
	u64 flag = wakeup_flag(s, *(u64 *)s->bytes, bytes);
	return bpf_ringbuf_output(ring, s->bytes, bytes, flag);
}
