// The probe in the kernel: loaded, fed with its settings and tables, attached, counted and taken out again.
// In: the object file, settings, how many rings. Out: the rings' file descriptors; events flow after `attach`.
// Everything hangs on file descriptors of this process: when it ends, however it ends, the kernel removes all of it.
// Elsewhere: which programs are loaded and attached (probe_plan.ts), one object file of them (probe_object.ts), reading the
// rings (ring_set.ts), counters (probe_counters.ts).

import {
  BpfObject,
  createRing,
  libbpf,
  lookupMap,
  mapFd,
  programInfo,
  updateMap,
  updateMap32,
  withLibbpfLog,
  withPlainReads,
} from "../../ffi/bpf/mod.ts";
import { EnvironmentError, messageOf } from "../../base/mod.ts";
import { callWithMark, closeFd } from "../../ffi/mod.ts";
import { PROBE_LIMITS, withClosesAtEntry } from "../../schema/mod.ts";
import { checkOpenFiles } from "./open_files.ts";
import { ProbeCounters, type ProbeCounts } from "./probe_counters.ts";
import { loadError, ringError } from "./probe_errors.ts";
import { findHooks, type ProbeHooks } from "./preemption.ts";
import { KernelFilterMaps } from "./kernel_filter.ts";
import { configure, loadObject, type ProbeOptions, programFd } from "./probe_object.ts";
import { planPrograms, type ProbePlan } from "./probe_plan.ts";
import type { FilterNeeds } from "../matcher_port.ts";

/** Ends a widening: with true only what was asked for last is reported, with false only what was before. */
export type SettleInterest = (adopted: boolean) => void;

interface Reported {
  readonly plan: ProbePlan;
  readonly interest: Uint8Array<ArrayBuffer>;
  readonly filter: FilterNeeds | undefined;
}

export class Probe {
  readonly ringFds: readonly number[];
  readonly #elf: Uint8Array<ArrayBuffer>;
  /** the first holds the maps; others, of the same file and with the same maps, what was loaded later */
  readonly #objects: BpfObject[];
  /** program → object in which it is loaded */
  readonly #homes = new Map<string, BpfObject>();
  readonly #counters: ProbeCounters;
  readonly #ownMark: bigint;
  /** absent: nothing is left out */
  readonly #filter: KernelFilterMaps | undefined;
  #plan: ProbePlan;
  #interest: Uint8Array<ArrayBuffer>;
  #filtered: FilterNeeds | undefined;
  #filterProblem: string | undefined;

  private constructor(
    object: BpfObject,
    plan: ProbePlan,
    { elf, settings }: ProbeOptions,
    interest: Uint8Array<ArrayBuffer>,
    filters: boolean,
    ringFds: readonly number[],
  ) {
    this.#filter = filters ? new KernelFilterMaps(object) : undefined;
    this.#elf = elf;
    this.#ownMark = settings.own_mark;
    this.#objects = [object];
    this.#plan = plan;
    this.#interest = interest;
    for (const program of plan.loaded) this.#homes.set(program, object);
    this.ringFds = ringFds;
    this.#counters = new ProbeCounters(mapFd(object.map("counters")), mapFd(object.map("left_out")));
  }

  /**
   * Nothing is reported before `attach`. A kernel that refuses the filter's part of the programs gets them without it:
   * then everything is reported, and `filterProblem` says why.
   */
  static load(options: ProbeOptions): Probe {
    libbpf(); // its absence is an error of its own
    if (!mayFilter(options)) return Probe.#load(options, false);
    let refusal: string;
    try {
      return Probe.#load(options, true);
    } catch (error) {
      refusal = reasonOf(error);
    }
    const probe = Probe.#load(options, false);
    probe.#filterProblem = filterProblem(refusal);
    return probe;
  }

  static #load(options: ProbeOptions, filters: boolean): Probe {
    const ringFds = createRings(options.rings.ringCpus.length, options.ringDataBytes);
    let plan: ProbePlan | undefined;
    let object: BpfObject | undefined;
    try {
      const hooks = options.hooks ?? findHooks(options.measuringElf);
      const interest = seenAtEntry(options.interest, filters);
      const { loaded, attached, tracepoints } = plan = planned(interest, hooks, filters);
      // a program each, and an attachment for those that are
      checkOpenFiles("the probe's programs", loaded.size + attached.length + tracepoints.size);
      const patched = filters && options.plainReads !== false
        ? withPlainReads(options.elf, PROBE_LIMITS.PLAIN_READS_CALL)
        : undefined;
      const elf = patched ?? options.elf;
      object = loadObject(
        elf,
        loaded,
        hooks,
        (opened) => configure(opened, options, hooks, { filters, plainReads: patched !== undefined }),
      );
      const rings = mapFd(object.map("rings"));
      options.rings.slots.forEach((ring, slot) => updateMap32(rings, slot, ringFds[ring]!));
      const probe = new Probe(object, plan, { ...options, elf }, interest, filters, ringFds);
      probe.#fillTables(plan);
      probe.#writeInterest(interest);
      return probe;
    } catch (error) {
      object?.close();
      for (const fd of [...ringFds, ...plan?.tracepoints.values() ?? []]) closeFd(fd);
      throw error;
    }
  }

  /** From here on the kernel reports; once in the life of a probe. */
  attach(): void {
    this.#attach(this.#plan);
  }

  /**
   * Reports what the table says besides what is reported already, until the returned function is called. Programs that
   * nothing has led to so far are loaded now; they stay, since an unused program costs nobody any time.
   */
  widen(wanted: Uint8Array<ArrayBuffer>, filter?: FilterNeeds): SettleInterest {
    const before = { plan: this.#plan, interest: this.#interest, filter: this.#filtered };
    const interest = seenAtEntry(wanted, this.#filter !== undefined);
    const after = {
      plan: planPrograms(interest, before.plan.hooks, this.#filter !== undefined),
      interest,
      filter,
    };
    // either of the two may need what the other cannot match
    this.#filter?.clear();
    try {
      this.#loadMissing(after.plan);
      this.#fillTables(after.plan);
      this.#attach(after.plan);
    } catch (error) {
      closeAll(after.plan.tracepoints);
      this.#settle(before);
      throw error;
    }
    this.#writeInterest(union(before.interest, interest));
    return (adopted) => {
      this.#settle(adopted ? after : before);
    };
  }

  /** Why nothing is left out although the settings ask for it, in one line. */
  get filterProblem(): string | undefined {
    return this.#filterProblem;
  }

  /** What these rules do not need is left out from here on, as far as the kernel and the settings let it. */
  filter(filter: FilterNeeds | undefined): void {
    this.#filtered = filter;
    if (filter === undefined) this.#filter?.clear();
    else this.#filter?.put(filter);
  }

  #settle({ plan, interest, filter }: Reported): void {
    this.filter(filter);
    this.#plan = plan;
    this.#interest = interest;
    this.#writeInterest(interest);
    const wanted = new Set([...plan.attached, ...plan.tracepoints.keys()]);
    for (const [program, home] of this.#homes) if (!wanted.has(program)) home.detach(program);
  }

  #loadMissing({ loaded }: ProbePlan): void {
    const missing = new Set([...loaded].filter((program) => !this.#homes.has(program)));
    if (missing.size === 0) return;
    const [first] = this.#objects;
    const object = loadObject(this.#elf, missing, this.#plan.hooks, (opened) => opened.shareMaps(first!));
    this.#objects.push(object);
    for (const program of missing) this.#homes.set(program, object);
  }

  #fillTables({ tables }: ProbePlan): void {
    const fdOf = new Map<string, number>();
    for (const [name, programs] of tables) {
      const map = mapFd(this.#objects[0]!.map(name));
      for (const [number, program] of programs) {
        const fd = fdOf.get(program) ?? programFd(this.#homes.get(program)!, program);
        fdOf.set(program, fd);
        updateMap32(map, number, fd);
      }
    }
  }

  /** What is not attached yet; tracepoints of the others are given back. */
  #attach({ attached, tracepoints }: ProbePlan): void {
    withLibbpfLog((lines) => {
      try {
        for (const program of attached) {
          const home = this.#homes.get(program)!;
          if (!home.isAttached(program)) home.attachRaw(program);
        }
        for (const [program, fd] of tracepoints) {
          const home = this.#homes.get(program)!;
          if (home.isAttached(program)) closeFd(fd);
          else home.attachPerfEvent(program, fd);
          tracepoints.set(program, TAKEN);
        }
      } catch (error) {
        throw loadError(error, lines());
      }
    });
  }

  /** Says which process is never reported, by its number in the initial pid namespace; before `attach` a guess. */
  setOwn(tgid: bigint): void {
    const value = new Uint8Array(new BigUint64Array([tgid]).buffer);
    updateMap(mapFd(this.#objects[0]!.map(".data.own")), 0, value);
  }

  /** After `attach`: has the kernel see who this process is. Out: its number in the initial pid namespace. */
  learnOwn(): bigint {
    callWithMark(PROBE_LIMITS.CANARY_MAGIC, this.#ownMark);
    const value = new BigUint64Array(1);
    lookupMap(mapFd(this.#objects[0]!.map(".data.own")), 0, new Uint8Array(value.buffer));
    return value[0]!;
  }

  /** Takes effect at once. */
  #writeInterest(table: Uint8Array<ArrayBuffer>): void {
    updateMap(mapFd(this.#objects[0]!.map(".data.interest")), 0, table);
  }

  counters(): ProbeCounts {
    return this.#counters.sums();
  }

  /** Calls that the filter has left out, or would have, by the type of their event. */
  leftOut(): Record<string, bigint> {
    return this.#counters.leftOut();
  }

  /** For each CPU on which something happened, what was reported and dropped there. */
  countersByCpu(): Record<string, bigint> {
    return this.#counters.byCpu();
  }

  /**
   * How often the kernel did not run an attached program, because one had been interrupted on that CPU. Which of these
   * calls would have been reported is not known.
   */
  skipped(): bigint {
    const { attached, tracepoints } = this.#plan;
    return [...attached, ...tracepoints.keys()]
      .map((program) => programInfo(programFd(this.#homes.get(program)!, program)).skipped)
      .reduce((sum, skipped) => sum + skipped, 0n);
  }

  /** No event is written any more; what is in the rings stays. */
  detach(): void {
    for (const object of this.#objects) object.detachAll();
  }

  close(): void {
    // those with borrowed maps first
    for (const object of this.#objects.toReversed()) object.close();
    for (const fd of this.ringFds) closeFd(fd);
    closeAll(this.#plan.tracepoints);
  }
}

/** Stands for a descriptor that belongs to an attachment, or is closed. */
const TAKEN = -1;

function closeAll(tracepoints: Map<string, number>): void {
  for (const [program, fd] of tracepoints) {
    if (fd !== TAKEN) closeFd(fd);
    tracepoints.set(program, TAKEN);
  }
}

function union(a: Uint8Array<ArrayBuffer>, b: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return a.map((bits, number) => bits | b[number]!);
}

function filterProblem(reason: string): string {
  return `engine.kernel_filter is without effect, every event is reported: ${reason}`;
}

/** The kernel's last words about it, in one line. */
function reasonOf(error: unknown): string {
  const told = error instanceof EnvironmentError
    ? `${error.report.problem} (${error.report.found.at(-1)})`
    : messageOf(error);
  return told.replaceAll(/\s*\n\s*/g, "; ");
}

function mayFilter({ filterMode = "off" }: ProbeOptions): boolean {
  return filterMode !== "off";
}

function seenAtEntry(interest: Uint8Array<ArrayBuffer>, filters: boolean): Uint8Array<ArrayBuffer> {
  return filters ? withClosesAtEntry(interest) : interest;
}

function planned(interest: Uint8Array, hooks: ProbeHooks, filters: boolean): ProbePlan {
  try {
    return planPrograms(interest, hooks, filters);
  } catch (error) {
    throw loadError(error, []);
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
