// Writes a tape into the rings of a falco at a given rate: a process of its own, which keeps one CPU busy.
// In: falco's process, object file, tape, records a second, seconds, as JSON. Out: what became of the records, as JSON.
// Elsewhere: the program in the kernel (ring_writer.bpf.c), the tape (tape.ts), what falco makes of it (flood.ts).

import { BpfObject, libbpf, lookupMap, mapFd, updateMap } from "../../ffi/bpf/mod.ts";
import { bpf, mapsOf } from "./maps_of.ts";

const BPF_PROG_TEST_RUN = 10;
const SHARED_MAPS = ["rings", "counters", "scratch", ".rodata.settings"];
const KERNEL_NAME_BYTES = 15;
const TAPE_BYTES = 16 << 20;
/** preemption is off meanwhile */
const RECORDS_OF_CALL = 256;
/** What could not be written for longer, since others had the CPU, is not made up for: that would be a burst at a higher rate. */
const FORGIVEN_AFTER_MS = 1;
const TALLY = ["end", "at", "records", "reported", "dropped"] as const;

export interface WriterOrder {
  readonly falco: number;
  readonly object: string;
  readonly tape: string;
  readonly perSecond: number;
  readonly seconds: number;
}

export interface Written {
  readonly records: number;
  /** of these, as the probe counts: events in the ring; records, those that are no events too, that were dropped */
  readonly reported: number;
  readonly dropped: number;
  readonly seconds: number;
}

function write({ falco, object: path, tape, perSecond, seconds }: WriterOrder): Written {
  const object = new BpfObject(Deno.readFileSync(path));
  const maps = mapsOf(falco);
  for (const name of SHARED_MAPS) {
    const fd = maps.get(name.slice(0, KERNEL_NAME_BYTES));
    if (fd === undefined) throw new Error(`Cannot find the map ${name} of process ${falco}`);
    if (libbpf().bpf_map__reuse_fd(object.map(name), fd) < 0) throw new Error(`Cannot share the map ${name}`);
  }
  object.load();
  const records = new Uint8Array(TAPE_BYTES);
  const recorded = Deno.readFileSync(tape);
  records.set(recorded);
  updateMap(mapFd(object.map("tape")), 0, records);
  const tally = new BigUint64Array(TALLY.length);
  const tallyFd = mapFd(object.map(".data.tally"));
  tally[0] = BigInt(recorded.length);
  updateMap(tallyFd, 0, new Uint8Array(tally.buffer));

  const call = testRun(libbpf().bpf_program__fd(object.program("write_records")), RECORDS_OF_CALL);
  const startMs = performance.now();
  let nextMs = startMs, nowMs = startMs;
  for (; nowMs < startMs + seconds * 1000; nowMs = performance.now()) {
    if (nowMs < nextMs) continue;
    bpf(BPF_PROG_TEST_RUN, call);
    nextMs = Math.max(nextMs, nowMs - FORGIVEN_AFTER_MS) + RECORDS_OF_CALL / perSecond * 1000;
  }
  lookupMap(tallyFd, 0, new Uint8Array(tally.buffer));
  object.close();
  const [, , written, reported, dropped] = [...tally].map(Number);
  return { records: written!, reported: reported!, dropped: dropped!, seconds: (nowMs - startMs) / 1000 };
}

const context = new BigUint64Array(1);

/** `union bpf_attr` of a test run of a raw tracepoint's program with one argument. */
function testRun(program: number, argument: number): Uint8Array<ArrayBuffer> {
  context[0] = BigInt(argument);
  const attributes = new Uint8Array(80);
  const view = new DataView(attributes.buffer);
  view.setUint32(0, program, true);
  view.setUint32(40, context.byteLength, true);
  view.setBigUint64(48, Deno.UnsafePointer.value(Deno.UnsafePointer.of(context)), true);
  return attributes;
}

if (import.meta.main) console.log(JSON.stringify(write(JSON.parse(Deno.args[0]!))));
