// Runs a program with the probe attached and gives back the events of its process and their children.
// In: calls to report, what to run. Out: events taken apart by the schema, and the probe's counters.
// Everything about the matcher is left out: the rings are read here, record by record.

import { fileURLToPath } from "node:url";
import { bootEpochNs } from "../../ffi/clock.ts";
import { RingView } from "../../ffi/bpf/ring_view.ts";
import { EVENTS } from "../../schema/events.ts";
import { PAGE_BYTES, PROBE_LIMITS } from "../../schema/layout.ts";
import { ownParam, stateParamCount } from "../../schema/own_params.ts";
import { interestBytes } from "../../schema/probe_programs.ts";
import type { EventDef } from "../../schema/types.ts";
import { planRings, readCpus } from "../../sources/live/cpus.ts";
import { checkPrerequisites } from "../../sources/live/prerequisites.ts";
import type { ProbeHooks } from "../../sources/live/preemption.ts";
import type { FilterNeeds } from "../../sources/matcher_port.ts";
import { Probe } from "../../sources/live/probe.ts";

const OBJECT = fileURLToPath(new URL("../../build/probe.bpf.o", import.meta.url));
/** Nothing is taken out before the end. */
const USUAL_RING_BYTES = 32 << 20;
const RECORD_HEADER_BYTES = 8;
const BUSY_BIT = 0x8000_0000;
const DISCARD_BIT = 0x4000_0000;

export interface SeenEvent {
  readonly def: EventDef;
  readonly timeNs: bigint;
  readonly tid: bigint;
  readonly params: readonly Uint8Array[];
  /** the parameter of ours after those, where it was asked for */
  readonly own: Uint8Array | undefined;
  /** what does not agree with the layout of an event; empty for a sound one */
  readonly faults: readonly string[];
}

/** A record of the probe that is no event. */
export interface OwnRecord {
  readonly code: number;
  readonly timeNs: bigint;
  readonly tid: number;
  readonly pid: number;
  readonly params: readonly Uint8Array[];
}

export interface Recording {
  readonly events: readonly SeenEvent[];
  readonly records: readonly OwnRecord[];
  readonly counters: Readonly<Record<string, bigint>>;
  readonly loadMs: number;
}

export interface RecordingOptions {
  readonly exitCalls: Iterable<string>;
  readonly enterCalls: Iterable<string>;
  readonly dropFailed?: boolean;
  readonly withRealpath?: boolean;
  /** where the programs hang, and not what suits this kernel */
  readonly hooks?: ProbeHooks;
  /** false: as on a kernel where programs cannot read its memory by plain loads */
  readonly plainReads?: boolean;
  /** what no rule needs, left out by the probe */
  readonly filter?: FilterNeeds;
  /** of each ring; what does not get in is dropped */
  readonly ringBytes?: number;
  /** process that the probe shall take for its own */
  readonly ownTgid?: number;
}

/** Why the probe cannot be loaded here; undefined when it can. */
export function liveSkipReason(): string | undefined {
  try {
    checkPrerequisites();
    return undefined;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split("\n")[0]!;
  }
}

export async function record(options: RecordingOptions, run: () => Promise<void>): Promise<Recording> {
  const startMs = performance.now();
  const ringBytes = options.ringBytes ?? USUAL_RING_BYTES;
  const probe = Probe.load({
    elf: Deno.readFileSync(OBJECT),
    settings: {
      boot_epoch_ns: bootEpochNs(),
      own_mark: 0x5eed_0001n,
      cpus_per_ring: 1n,
      wakeup_bytes: BigInt(ringBytes / 8),
      wakeup_interval_ns: 10_000_000n,
      snaplen: 80n,
      drop_failed: options.dropFailed ? 1n : 0n,
    },
    interest: interestBytes(options.exitCalls, options.enterCalls, options.withRealpath),
    ...options.hooks === undefined ? {} : { hooks: options.hooks },
    ...options.plainReads === undefined ? {} : { plainReads: options.plainReads },
    filterMode: options.filter === undefined ? "off" : "auto",
    rings: planRings(readCpus("possible"), readCpus("online"), 1),
    ringDataBytes: ringBytes,
  });
  probe.filter(options.filter);
  probe.setOwn(BigInt(options.ownTgid ?? Deno.pid));
  const loadMs = performance.now() - startMs;
  try {
    probe.attach();
    await run();
    probe.detach();
    const rings = probe.ringFds.map((fd) => readRing(fd, ringBytes));
    const events = rings.flatMap((ring) => ring.events).sort(byTime);
    const records = rings.flatMap((ring) => ring.records).sort(byTime);
    return { events, records, counters: { ...probe.counters(), ...probe.leftOut() }, loadMs };
  } finally {
    probe.close();
  }
}

function byTime(a: { readonly timeNs: bigint }, b: { readonly timeNs: bigint }): number {
  return a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0;
}

function readRing(
  fd: number,
  ringBytes: number,
): { readonly events: SeenEvent[]; readonly records: OwnRecord[] } {
  const ring = new RingView(fd, ringBytes, PAGE_BYTES);
  const bytes = Number(ring.produced);
  const data = new Uint8Array(bytes);
  if (bytes > 0) ring.copy(0, bytes, BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(data))));
  ring.close();
  const view = new DataView(data.buffer);
  const events: SeenEvent[] = [];
  const records: OwnRecord[] = [];
  for (let at = 0; at < bytes;) {
    const word = view.getUint32(at, true);
    const length = word & ~(BUSY_BIT | DISCARD_BIT);
    const record = data.subarray(at + RECORD_HEADER_BYTES, at + RECORD_HEADER_BYTES + length);
    at += RECORD_HEADER_BYTES + (length + 7 & ~7);
    if ((word & (BUSY_BIT | DISCARD_BIT)) !== 0) continue;
    const code = new DataView(record.buffer, record.byteOffset).getUint16(20, true);
    if (code === PROBE_LIMITS.FORK_CODE || code === PROBE_LIMITS.FD_CODE) {
      records.push(takeRecord(record, code));
    } else events.push(takeApart(record));
  }
  return { events, records };
}

function takeRecord(record: Uint8Array, code: number): OwnRecord {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  return {
    code,
    timeNs: view.getBigUint64(0, true),
    tid: view.getUint32(8, true),
    pid: view.getUint32(12, true),
    params: paramsOf(record).params,
  };
}

function takeApart(record: Uint8Array): SeenEvent {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const code = view.getUint16(20, true);
  const count = view.getUint32(22, true);
  const def = EVENTS[code];
  const faults: string[] = [];
  if (def === undefined) throw new Error(`The probe made an event with code ${code}`);
  if (view.getUint32(16, true) !== record.length) faults.push("length in the header");
  const known = def.params.length;
  const more = count - known;
  if (more !== 0 && more !== stateParamCount(code) && !(more === 1 && ownParam(code) !== undefined)) {
    faults.push(`${count} parameters instead of ${known}`);
  }
  const { params, end } = paramsOf(record);
  if (end !== record.length) faults.push(`parameters end at ${end} of ${record.length}`);
  const [own] = params.splice(known);
  const tid = BigInt(view.getUint32(8, true));
  return { def, timeNs: view.getBigUint64(0, true), tid, params, own, faults };
}

function paramsOf(record: Uint8Array): { readonly params: Uint8Array[]; readonly end: number } {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const count = view.getUint32(22, true);
  const params: Uint8Array[] = [];
  let end = PROBE_LIMITS.EVENT_HEADER_BYTES + 2 * count;
  for (let i = 0; i < count; i++) {
    const length = view.getUint16(PROBE_LIMITS.EVENT_HEADER_BYTES + 2 * i, true);
    params.push(record.subarray(end, end + length));
    end += length;
  }
  return { params, end };
}
