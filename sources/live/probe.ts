// The probe in the kernel: loaded, fed with its settings and tables, attached, counted and taken out again.
// In: the object file, settings, how many rings. Out: the rings' file descriptors; events flow after `attach`.
// Everything hangs on file descriptors of this process: when it ends, however it ends, the kernel removes all of it.
// Elsewhere: which programs are loaded and attached (probe_plan.ts), reading the rings (ring_set.ts).

import { createRing, lookupMap, mapFd, possibleCpus, updateMap, updateMap32 } from "../../ffi/bpf_map.ts";
import { BpfObject } from "../../ffi/bpf_object.ts";
import { EnvironmentError, messageOf } from "../../ffi/errors.ts";
import { libbpf } from "../../ffi/libbpf.ts";
import { withLibbpfLog } from "../../ffi/libbpf_log.ts";
import { closeFd } from "../../ffi/libc.ts";
import { PROBE_COUNTERS, PROBE_SETTINGS, settingAt } from "../../schema/layout.ts";
import type { RingPlan } from "./cpus.ts";
import { loadError, ringError } from "./probe_errors.ts";
import { planPrograms, type ProbePlan } from "./probe_plan.ts";

export type ProbeSettings = Readonly<Record<typeof PROBE_SETTINGS[number], bigint>>;

export interface ProbeOptions {
  readonly elf: Uint8Array<ArrayBuffer>;
  readonly settings: ProbeSettings;
  /** one byte per system call number (interest.ts) */
  readonly interest: Uint8Array<ArrayBuffer>;
  readonly rings: RingPlan;
  readonly ringDataBytes: number;
  /** see calls at entry by the dispatcher, even where their tracepoints can be had */
  readonly dispatchEntries?: boolean;
}

export class Probe {
  readonly ringFds: readonly number[];
  readonly #object: BpfObject;
  readonly #plan: ProbePlan;
  /** those that no attachment has taken over */
  readonly #tracepointFds: Set<number>;
  readonly #countersFd: number;
  readonly #cpus: number;

  private constructor(object: BpfObject, plan: ProbePlan, ringFds: readonly number[]) {
    this.#object = object;
    this.#plan = plan;
    this.#tracepointFds = new Set(plan.tracepoints.values());
    this.ringFds = ringFds;
    this.#countersFd = mapFd(object.map("counters"));
    this.#cpus = possibleCpus();
  }

  /** Nothing is reported before `attach`. */
  static load(options: ProbeOptions): Probe {
    libbpf(); // its absence is an error of its own
    const ringFds = createRings(options.rings.ringCpus.length, options.ringDataBytes);
    const plan = planPrograms(options.interest, options.dispatchEntries ?? false);
    let object: BpfObject | undefined;
    try {
      object = withLibbpfLog((lines) => {
        let opened: BpfObject | undefined;
        try {
          opened = new BpfObject(options.elf);
          configure(opened, plan, options);
          opened.load();
          return opened;
        } catch (error) {
          opened?.close();
          throw loadError(error, lines());
        }
      });
      fillTables(object, plan, options, ringFds);
      return new Probe(object, plan, ringFds);
    } catch (error) {
      object?.close();
      for (const fd of [...ringFds, ...plan.tracepoints.values()]) closeFd(fd);
      throw error;
    }
  }

  /** From here on the kernel reports; once in the life of a probe. */
  attach(): void {
    withLibbpfLog((lines) => {
      try {
        for (const program of this.#plan.attached) this.#object.attach(program);
        for (const [program, fd] of this.#plan.tracepoints) {
          this.#object.attachPerfEvent(program, fd);
          this.#tracepointFds.delete(fd);
        }
      } catch (error) {
        throw loadError(error, lines());
      }
    });
  }

  /** Takes effect at once. Only calls of the table given to `load` can be asked for: the others have no program. */
  setInterest(table: Uint8Array<ArrayBuffer>): void {
    updateMap(mapFd(this.#object.map(".data.interest")), 0, table);
  }

  /** Summed over all CPUs. */
  counters(): Record<typeof PROBE_COUNTERS[number], bigint> {
    const values = new BigUint64Array(PROBE_COUNTERS.length * this.#cpus);
    lookupMap(this.#countersFd, 0, new Uint8Array(values.buffer));
    const sums = {} as Record<typeof PROBE_COUNTERS[number], bigint>;
    PROBE_COUNTERS.forEach((name, i) => {
      let sum = 0n;
      for (let cpu = 0; cpu < this.#cpus; cpu++) sum += values[cpu * PROBE_COUNTERS.length + i]!;
      sums[name] = sum;
    });
    return sums;
  }

  /** No event is written any more; what is in the rings stays. */
  detach(): void {
    this.#object.detachAll();
  }

  close(): void {
    this.#object.close();
    for (const fd of [...this.ringFds, ...this.#tracepointFds]) closeFd(fd);
    this.#tracepointFds.clear();
  }
}

function createRings(count: number, dataBytes: number): number[] {
  const fds: number[] = [];
  try {
    for (let i = 0; i < count; i++) fds.push(createRing("falco_ring", dataBytes));
    return fds;
  } catch (error) {
    for (const fd of fds) closeFd(fd);
    throw ringError(error, count, dataBytes);
  }
}

function configure(object: BpfObject, plan: ProbePlan, options: ProbeOptions): void {
  const settings = new BigUint64Array(PROBE_SETTINGS.length);
  for (const name of PROBE_SETTINGS) settings[settingAt(name) / 8] = options.settings[name];
  object.setInitialValue(".rodata.settings", new Uint8Array(settings.buffer));
  for (const { name, handle } of object.programs()) object.setAutoload(handle, plan.loaded.has(name));
  object.setMaxEntries("rings", options.rings.slots.length);
  // indexed by CPU number, which is below the number of possible CPUs
  object.setMaxEntries("scratch", possibleCpus());
}

function fillTables(
  object: BpfObject,
  plan: ProbePlan,
  options: ProbeOptions,
  ringFds: readonly number[],
): void {
  const rings = mapFd(object.map("rings"));
  options.rings.slots.forEach((ring, slot) => updateMap32(rings, slot, ringFds[ring]!));
  const fdOf = new Map<string, number>();
  for (const [name, programs] of plan.tables) {
    const map = mapFd(object.map(name));
    for (const [number, program] of programs) {
      const fd = fdOf.get(program) ?? programFd(object, program);
      fdOf.set(program, fd);
      updateMap32(map, number, fd);
    }
  }
  updateMap(mapFd(object.map(".data.interest")), 0, options.interest);
}

function programFd(object: BpfObject, name: string): number {
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
