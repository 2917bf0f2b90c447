// An object file with programs of the probe: opened, fed with its settings, shown to the verifier.
// In: the file, which of its programs, settings. Out: an object whose maps and programs are in the kernel; nothing runs yet.
// Elsewhere: which programs those are (probe_plan.ts), what is done with them (probe.ts), what a refusal means (probe_errors.ts).

import { BpfObject, libbpf, possibleCpus, withLibbpfLog } from "../../ffi/bpf/mod.ts";
import { EnvironmentError, messageOf } from "../../base/mod.ts";
import { withSignalsBlocked } from "../../ffi/mod.ts";
import { PROBE_LIMITS, type PROBE_SETTINGS } from "../../schema/mod.ts";
import { choosePrograms, writeSettings } from "./choose_programs.ts";
import type { RingPlan } from "./cpus.ts";
import type { FilterMode } from "./kernel_filter.ts";
import type { ProbeHooks } from "./preemption.ts";
import { loadError } from "./probe_errors.ts";

/** All but what follows from the hooks and from the filter. */
export type ProbeSettings = Readonly<
  Record<
    Exclude<typeof PROBE_SETTINGS[number], "ring_bytes" | "by_perf" | "plain_reads" | "kernel_filter">,
    bigint
  >
>;

export interface ProbeOptions {
  readonly elf: Uint8Array<ArrayBuffer>;
  /** the object that measures the kernel's preemption; absent: its version decides */
  readonly measuringElf?: Uint8Array<ArrayBuffer>;
  readonly settings: ProbeSettings;
  /** one byte per system call number (interest.ts) */
  readonly interest: Uint8Array<ArrayBuffer>;
  readonly rings: RingPlan;
  readonly ringDataBytes: number;
  /** whether what no rule can match is left out; by default nothing is */
  readonly filterMode?: FilterMode;
  /** false: as on a kernel without the function for it */
  readonly plainReads?: boolean;
  /** where the programs hang; by default what suits this kernel */
  readonly hooks?: ProbeHooks;
}

const SHADOW_MODE = BigInt(PROBE_LIMITS.SHADOW_MODE);
/** They take memory in the kernel. */
const MAPS_OF_FILTER = ["filter_keys", "call_notes", "kept_files", "file_marks"];

export function loadObject(
  elf: Uint8Array<ArrayBuffer>,
  programs: ReadonlySet<string>,
  hooks: ProbeHooks,
  prepare: (opened: BpfObject) => void,
): BpfObject {
  return withLibbpfLog((lines) => {
    let opened: BpfObject | undefined;
    try {
      opened = new BpfObject(elf);
      choosePrograms(opened, programs, hooks);
      prepare(opened);
      // a signal makes the verifier give up: that of a child that ends, or of the next reload
      withSignalsBlocked(() => opened!.load());
      return opened;
    } catch (error) {
      opened?.close();
      throw loadError(error, lines());
    }
  });
}

/** Before it is loaded. */
export function configure(
  object: BpfObject,
  options: ProbeOptions,
  { byPerf }: ProbeHooks,
  { filters, plainReads }: { readonly filters: boolean; readonly plainReads: boolean },
): void {
  writeSettings(object, {
    ...options.settings,
    ring_bytes: BigInt(options.ringDataBytes),
    by_perf: byPerf ? 1n : 0n,
    plain_reads: plainReads ? 1n : 0n,
    kernel_filter: !filters ? 0n : options.filterMode === "shadow" ? SHADOW_MODE : 1n,
  });
  if (!filters) MAPS_OF_FILTER.forEach((map) => object.setMaxEntries(map, 1));
  object.setMaxEntries("rings", options.rings.slots.length);
  // indexed by CPU number, which is below the number of possible CPUs
  object.setMaxEntries("scratch", possibleCpus());
}

export function programFd(object: BpfObject, name: string): number {
  try {
    return libbpf().bpf_program__fd(object.program(name));
  } catch (error) {
    throw new EnvironmentError({
      problem: `Cannot load the probe: it has no program "${name}"`,
      tried: ["looking up the program that reports a system call"],
      found: [messageOf(error)],
      remedy: ["The object file belongs to another version of falco: build it again (deno task build)"],
    }, error);
  }
}
