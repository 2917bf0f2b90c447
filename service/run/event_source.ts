// Where the events of a run come from, by what the settings say about it.
// In: settings, and the path of a recording when there is one. Out: the engine's source.

import { ringBytes, type Settings } from "../../config/mod.ts";
import type { EngineOptions } from "../../engine/mod.ts";
import { ioCalls } from "../loading/io_calls.ts";

export interface EventSourceOptions {
  /** a recording instead of this host */
  readonly trace?: string;
  /** bytes kept of what is read and written */
  readonly snaplen?: number;
}

/** Every call that is asked for, reads and writes of data too: anyone who names them means it. */
export function eventSource(settings: Settings, options: EventSourceOptions): EngineOptions["source"] {
  if (options.trace !== undefined) return { kind: "replay", path: options.trace };
  return {
    kind: "live",
    ringBytes: ringBytes(settings["engine.modern_ebpf.buf_size_preset"]),
    cpusPerRing: settings["engine.modern_ebpf.cpus_for_each_buffer"],
    io: "all",
    ...(options.snaplen === undefined ? {} : { snaplen: options.snaplen }),
  };
}

/** What falco sees of this host when it monitors. @param copy out of the rings, instead of reading in them */
export function monitoredSource(
  settings: Settings,
  copy = false,
  filterMode: Settings["engine.kernel_filter"] = "off",
): EngineOptions["source"] {
  const snaplen = settings["falco_libs.snaplen"];
  return {
    kind: "live",
    ringBytes: ringBytes(settings["engine.modern_ebpf.buf_size_preset"]),
    cpusPerRing: settings["engine.modern_ebpf.cpus_for_each_buffer"],
    io: ioCalls(settings),
    baseCalls: { custom: settings["base_syscalls.custom_set"], repair: settings["base_syscalls.repair"] },
    dropFailed: settings["engine.modern_ebpf.drop_failed_exit"],
    filterMode,
    ...(snaplen === 0 ? {} : { snaplen }),
    copy,
  };
}
