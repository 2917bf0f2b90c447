// Keys about where events come from, and about recording them.

import { bool, choice, choices, idle, int, number, own, text, texts } from "../definition.ts";

const NO_MODULE = "there is no kernel module: the eBPF probe is used";

const NO_PURGE = "threads that ended unseen make room for others when the table is nearly full";

export const ENGINE = {
  "engine.kind": {
    ...choice(
      "modern_ebpf",
      ["modern_ebpf", "replay", "nodriver"],
      "where events come from: this host, a recording, or no system calls at all",
    ),
    instead: {
      kmod: ["modern_ebpf", NO_MODULE],
      ebpf: ["modern_ebpf", "the older eBPF probe is gone from Falco 0.44: the present one is used"],
    } as const,
  },
  "engine.modern_ebpf.cpus_for_each_buffer": int(1, 0, 512, "CPUs that share a ring buffer; 0: one for all"),
  "engine.modern_ebpf.buf_size_preset": int(
    4,
    1,
    10,
    "size of a ring buffer: 1, 2, 4, 8, 16, 32, 64, 128, 256 or 512 MiB",
  ),
  "engine.modern_ebpf.drop_failed_exit": bool(
    false,
    "system calls that fail are not reported by the kernel side",
  ),
  "engine.modern_ebpf.disable_iterators": idle(
    bool(false, "find the running processes in /proc rather than by BPF iterators"),
    "they are found in /proc in any case",
  ),
  "engine.kmod.buf_size_preset": int(
    4,
    1,
    10,
    "with kind: kmod, for engine.modern_ebpf.buf_size_preset where that is absent",
  ),
  "engine.kmod.drop_failed_exit": bool(
    false,
    "with kind: kmod, for engine.modern_ebpf.drop_failed_exit where that is absent",
  ),
  ...own({
    "engine.kernel_filter": choice(
      "auto",
      ["auto", "off", "shadow"],
      "auto: calls that no rule can match are left out in the kernel (falco list filters); " +
        "shadow: they are reported, and it is counted whether a rule matches one all the same; off: all are reported",
    ),
  }),
  "engine.replay.capture_file": text("", "the recording for engine.kind=replay"),
};

export const CAPTURE = {
  "capture.enabled": bool(false, "record what happens around a match into a .scap file"),
  "capture.path_prefix": text("/tmp/falco", "captures are PREFIX_TIME_EVENT.scap"),
  "capture.mode": choice(
    "rules",
    ["rules", "all_rules"],
    "which rules begin a capture: those with `capture: true`, or all",
  ),
  "capture.default_duration": int(
    5000,
    0,
    86_400_000,
    "milliseconds from a match, unless the rule has a capture_duration",
  ),
  "capture.max_file_size_mb": int(0, 0, 1_048_576, "a capture ends at this size; 0: at any"),
  ...own({
    "capture.before_duration": int(
      2000,
      0,
      60_000,
      "milliseconds before a match that its capture begins with, as far as 32 MiB reach",
    ),
    "capture.max_duration": int(
      60_000,
      0,
      86_400_000,
      "milliseconds that a capture lasts at most, however many matches prolong it, unless the rule that begins it asks " +
        "for longer; 0: any",
    ),
    "capture.max_per_minute": int(6, 0, 100_000, "captures that begin within a minute; 0: any number"),
    "capture.max_files": int(
      1000,
      0,
      10_000_000,
      "none begins when there are so many files of captures; 0: any number",
    ),
    "capture.max_total_mb": int(
      1024,
      0,
      1_048_576,
      "none begins, and the one that is written ends, when all files of captures take so many MiB; 0: any",
    ),
    "capture.min_free_mb": int(
      512,
      0,
      1_048_576,
      "none begins, and the one that is written ends, when fewer MiB are free on the disk; 0: to its end",
    ),
  }),
};

export const PERFORMANCE = {
  "base_syscalls.custom_set": texts(
    "extra system calls to report, in place of those that state tracking needs; " +
      "`!name` leaves one out",
  ),
  "base_syscalls.repair": bool(false, "report the fewest system calls that the state of the rules needs"),
  "base_syscalls.all": bool(
    false,
    "report all calls that rules can match, those of high volume included (see -i)",
  ),
  ...own({
    "base_syscalls.named_io": bool(
      true,
      "report calls of high volume (see -i) that rules name, at a cost that the log tells; false: leave them out, as Falco does",
    ),
  }),
  "falco_libs.thread_table_size": int(
    262_144,
    0,
    4_194_304,
    "threads that are kept track of, 64 at least; 0: as many as by default",
  ),
  "falco_libs.thread_table_auto_purging_interval_s": idle(
    int(300, 1, 86_400, "seconds between searches for threads that ended unseen"),
    NO_PURGE,
  ),
  "falco_libs.thread_table_auto_purging_thread_timeout_s": idle(
    int(300, 1, 86_400, "seconds without an event after which a thread is looked at by that search"),
    NO_PURGE,
  ),
  "falco_libs.snaplen": int(80, 0, 65_000, "bytes that are kept of the data of a read or write; 0: 80"),
};

export const WATCHDOGS = {
  "syscall_event_timeouts.max_consecutives": int(
    1000,
    1,
    1_000_000_000,
    "polls in a row without an event after which an internal alert says so",
  ),
  "syscall_event_drops.threshold": number(
    0.1,
    0,
    1,
    "share of events lost within a second from which on `actions` are taken",
  ),
  "syscall_event_drops.actions": choices(
    ["ignore", "log", "alert", "exit"],
    "what is done when events are lost: ignore, log, alert, exit",
    ["log", "alert"],
  ),
  "syscall_event_drops.rate": number(0.03333, 0, 1_000_000, "actions a second in the long run"),
  "syscall_event_drops.max_burst": number(1, 0, 1_000_000, "actions at once before `rate` counts"),
  "syscall_event_drops.simulate_drops": bool(false, "take the actions as if events were lost, to try them"),
};
