// Which hooks of this kernel run the probe's programs with preemption off, and so which of them the probe takes.
// In: an object file of its own, the kernel's release. Out: `ProbeHooks`.
//
// The probe rests on programs that are not preempted: one working memory for each CPU, counters without atomics, times
// that ascend within a ring. Kernels since 7.0 only keep programs of raw tracepoints from migrating. A program that is
// preempted there does worse than overwrite another's event: as long as it has not ended, the kernel skips it for every
// other task of that CPU, whose calls are then not seen at all. No lock of the probe's own helps, since the kernel takes
// up the preemption when the lock is given back, inside the program. Perf's tracepoints keep preemption off for perf's own
// sake, so there the same programs are loaded for those. What a kernel does is measured, for distributions move changes
// from one version to another.
// Elsewhere: the programs that measure (probe/preemption.bpf.c), what a plan makes of it (probe_plan.ts).

import { anySyscall, closeFd, withSignalsBlocked } from "../../ffi/mod.ts";
import { BpfObject, lookupMap, mapFd, withLibbpfLog } from "../../ffi/bpf/mod.ts";
import { CallError, EnvironmentError } from "../../base/mod.ts";
import { syscallByName } from "../../schema/mod.ts";
import { openTracepoints } from "./tracepoints.ts";

/** In the order of `enum measured_hook`. */
const HOOKS = ["raw", "perf", "call"] as const;
const PROGRAM = { raw: "measure_raw", perf: "measure_perf", call: "measure_call" } as const;
const TRACEPOINT = { perf: "raw_syscalls/sys_exit", call: "syscalls/sys_enter_getppid" } as const;
const MEASURED = 0x100;
const DEPTH = 0xff;
/** Raw tracepoints are preempted since. */
const PREEMPTED_SINCE = 7;

/** How deep in preempt_disable() a program of each hook finds itself; absent: it could not be tried. */
export type PreemptionDepths = { readonly [hook in typeof HOOKS[number]]?: number };

export interface ProbeHooks {
  /** programs hang on perf's tracepoints and not on raw ones */
  readonly byPerf: boolean;
  /** calls at entry are seen by their own tracepoints, if these can be had, and not by one program for all */
  readonly entriesByCall: boolean;
}

export function findHooks(elf: Uint8Array<ArrayBuffer> | undefined): ProbeHooks {
  return chooseHooks(elf === undefined ? {} : measureDepths(elf), Deno.osRelease());
}

export function chooseHooks({ raw, perf, call }: PreemptionDepths, release: string): ProbeHooks {
  const isOlder = Number.parseInt(release) < PREEMPTED_SINCE;
  // where the kernel keeps no count, it never preempts itself, and all find 0
  const isRawSafe = raw === undefined ? isOlder : raw > 0 || (isOlder && !perf);
  if (isRawSafe) return { byPerf: false, entriesByCall: false };
  // what could not be measured is as it is in the kernels that were looked at
  if (perf !== 0) return { byPerf: true, entriesByCall: call !== undefined && call > 0 };
  throw new EnvironmentError({
    problem:
      "Cannot load the probe: this kernel preempts tracing programs at every hook that the probe can use",
    tried: ["programs on a raw tracepoint and on a tracepoint of perf"],
    found: [`both run with preemption on; kernel ${release}`],
    remedy: ["Boot another kernel (docs/kernels.md names those that were run), and please report this"],
  });
}

/** Takes some milliseconds. A hook that cannot be had is left out; so are all where the kernel refuses the programs. */
export function measureDepths(elf: Uint8Array<ArrayBuffer>): PreemptionDepths {
  return withLibbpfLog(() => {
    let object: BpfObject | undefined;
    try {
      object = loadMeasuring(elf);
      object.attach(PROGRAM.raw);
      for (const hook of ["perf", "call"] as const) {
        const fd = openTracepoints([TRACEPOINT[hook]])?.get(TRACEPOINT[hook]);
        if (fd === undefined) continue;
        try {
          object.attachPerfEvent(PROGRAM[hook], fd);
        } catch (error) {
          closeFd(fd);
          throw error;
        }
      }
      anySyscall(syscallByName("getppid")!.x86_64!, []);
      const values = new Uint32Array(HOOKS.length);
      lookupMap(mapFd(object.map(".data.preemption")), 0, new Uint8Array(values.buffer));
      const measured = HOOKS.map((hook, i) => [hook, values[i]!] as const).filter(([, value]) =>
        value & MEASURED
      );
      return Object.fromEntries(measured.map(([hook, value]) => [hook, value & DEPTH]));
    } catch (error) {
      if (error instanceof CallError) return {};
      throw error;
    } finally {
      object?.close();
    }
  });
}

function loadMeasuring(elf: Uint8Array<ArrayBuffer>): BpfObject {
  const object = new BpfObject(elf);
  try {
    withSignalsBlocked(() => object.load());
    return object;
  } catch (error) {
    object.close();
    throw error;
  }
}
