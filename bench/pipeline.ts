// What one event costs on its way through the matcher: walking the ring, decoding and keeping state, evaluating.
// The events are those of recorded traces, reduced to what the probe would report live or whole, packed into the image of a
// ring in ordinary memory that is drained again and again. What others take away makes a pass slower and never faster: so the
// events are cut into small parts, and the fastest pass of each part counts.

import { type CompiledRules, compileRules } from "../rules/compile.ts";
import { loadRules } from "../rules/load.ts";
import { readSource } from "../rules/read_source.ts";
import { createMemory, planMemory } from "../engine/memory_plan.ts";
import { Matcher } from "../engine/matcher.ts";
import { instantiateRules } from "../engine/rule_module.ts";
import { BLOCK } from "../schema/wire.ts";
import { readTrace } from "../scap/reader.ts";
import { EVENTS } from "../schema/events.ts";
import { PAGE_BYTES, REGION } from "../schema/layout.ts";
import { wantedSyscalls } from "../sources/live/interest.ts";
import { recordingPath } from "../tests/support/recordings.ts";
import { upstreamMissing, upstreamRules } from "../tests/support/upstream.ts";
import type { Bench, Figure } from "./figure.ts";

const PROJECT = new URL("../", import.meta.url).pathname;
export const TRACES = ["build", "container", "files", "net", "procs", "scripts", "services"];
export const UPSTREAM = ["falco_rules", "falco-incubating_rules", "falco-sandbox_rules"];
const RING_BYTES = 32 << 20;
const RECORD_HEADER_BYTES = 8;
/** of a large host */
const MANY_RINGS = 128;
const FIRST_NS = 1_700_000_000_000_000_000n;
const PASSES = 40;
const WARMING_PASSES = 4;
const EVENTS_OF_PART = 500;
/** in place of types of events: all of them */
export const EVERY_EVENT = { has: () => true };
/** a type that no table knows: the event is walked over and no more */
const UNKNOWN_TYPE = 999;
const EVENT_BLOCKS: readonly number[] = [BLOCK.EVENT_V2, BLOCK.EVENT_V2_LARGE];

interface Recording {
  /** blocks that set up the state: machine, users, processes, fds */
  readonly state: Uint8Array;
  readonly events: readonly Uint8Array[];
}

export async function readRecording(path: string): Promise<Recording> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readTrace(path)) chunks.push(chunk.slice());
  const bytes = new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
  const data = new DataView(bytes.buffer);
  const events: Uint8Array[] = [];
  let stateEnd = 0;
  for (let at = 0; at + 12 <= bytes.length;) {
    const blockBytes = data.getUint32(at + 4, true);
    if (!EVENT_BLOCKS.includes(data.getUint32(at, true))) {
      if (events.length === 0) stateEnd = at + blockBytes;
    } else {
      const eventAt = at + 10; // after the block's header and the number of the CPU
      events.push(bytes.subarray(eventAt, eventAt + data.getUint32(eventAt + 16, true)));
    }
    at += blockBytes;
  }
  return { state: bytes.subarray(0, stateEnd), events };
}

/** Types of the events that the probe would report for these rules. */
export function reportedTypes(eventCodes: readonly number[]): Set<number> {
  const types = new Set(EVENTS.filter((event) => event.name === "procexit").map((event) => event.code));
  for (const { exitEvent, enterEvent } of wantedSyscalls({ eventCodes })) {
    if (exitEvent !== null && exitEvent !== 1) types.add(exitEvent);
    if (enterEvent !== undefined) types.add(enterEvent);
  }
  return types;
}

interface FilledRing {
  readonly at: number;
  bytes: number;
}

/** A matcher with rings in ordinary memory, full of events. */
export class Track {
  readonly matcher: Matcher;
  readonly count: number;
  #memory: DataView;
  readonly #ringBytes: number;
  readonly #rings: readonly FilledRing[];

  /** @param rings over which the events are dealt out, each by chance */
  constructor(
    wasm: Uint8Array<ArrayBuffer>,
    recordings: readonly Recording[],
    types: Pick<ReadonlySet<number>, "has"> | "walk",
    rings = 1,
  ) {
    this.#ringBytes = rings === 1 ? RING_BYTES : 2 * RING_BYTES / rings;
    const plan = planMemory(256 << 20, rings, this.#ringBytes);
    const memory = createMemory(plan);
    this.#memory = new DataView(memory.buffer);
    this.#rings = plan.rings.map(({ at }) => ({ at, bytes: 0 }));
    const host = { onAlert: () => {}, now: () => 0n };
    this.matcher = new Matcher(
      wasm,
      memory,
      { heapEnd: plan.heapEnd, maxThreads: 262144, maxFds: 1 << 20 },
      host,
    );
    const bytes = new Uint8Array(memory.buffer);
    for (const { state } of recordings) {
      bytes.set(state, REGION.INGEST.at);
      this.matcher.ingest(REGION.INGEST.at, state.length);
    }
    let count = 0, dealt = 0;
    for (const { events } of recordings) {
      for (const event of events) {
        const type = event[20]! | event[21]! << 8;
        const step = RECORD_HEADER_BYTES + event.length + 7 & ~7;
        const ring = this.#rings[(dealt >>> 16) % rings]!;
        if (types !== "walk" && !types.has(type) || ring.bytes + step > this.#ringBytes) continue;
        const record = ring.at + 2 * PAGE_BYTES + ring.bytes;
        this.#memory.setUint32(record, event.length, true);
        bytes.set(event, record + RECORD_HEADER_BYTES);
        if (types === "walk") this.#memory.setUint16(record + RECORD_HEADER_BYTES + 20, UNKNOWN_TYPE, true);
        // several rings are merged by time, and the recordings are of different days
        if (rings > 1) {
          this.#memory.setBigUint64(record + RECORD_HEADER_BYTES, FIRST_NS + BigInt(count), true);
        }
        ring.bytes += step;
        count++;
        dealt = Math.imul(dealt, 1664525) + 1013904223 >>> 0;
      }
    }
    this.count = count;
  }

  /** Drains the whole ring in parts; of each, the fastest time in milliseconds stays in `fastest`. */
  passInParts(events: number, fastest: number[]): void {
    let i = 0;
    for (const { ms } of this.#drain(events)) {
      fastest[i] = Math.min(fastest[i] ?? Infinity, ms);
      i++;
    }
  }

  *#drain(events: number): Generator<{ ms: number; taken: number }> {
    this.matcher.rings_clear();
    this.#rings.forEach(({ at, bytes }, cpu) => {
      this.#memory.setBigUint64(at, 0n, true);
      this.#memory.setBigUint64(at + PAGE_BYTES, BigInt(bytes), true);
      this.matcher.ring_add(at, this.#ringBytes, cpu);
    });
    for (let left = this.count; left > 0;) {
      const startMs = performance.now();
      const taken = this.matcher.pump(2n ** 62n, events);
      yield { ms: performance.now() - startMs, taken };
      left -= taken;
    }
  }

  /** Of the fastest passes of all parts; the first ones warm the code up. */
  nsPerEvent(): number {
    const fastest: number[] = [];
    for (let i = -WARMING_PASSES; i < PASSES; i++) this.passInParts(EVENTS_OF_PART, i < 0 ? [] : fastest);
    return nsOf(fastest, this.count);
  }
}

/** Nanoseconds for each of so many events, from the milliseconds of their parts. */
export function nsOf(partsMs: readonly number[], events: number): number {
  return partsMs.reduce((sum, ms) => sum + ms, 0) * 1e6 / events;
}

export function compile(names: readonly string[], costs = false): CompiledRules {
  const sources = names.map((name) => {
    const read = readSource(name.includes("/") ? PROJECT + name : upstreamRules(`${name}.yaml`));
    if (!("source" in read)) throw new Error(`Cannot read the rules of ${name}: ${read.reason}`);
    return read.source;
  });
  return compileRules(loadRules(sources, {}).rules, { matching: "first", costs });
}

async function run(): Promise<readonly Figure[]> {
  const wasm = await Deno.readFile(PROJECT + "build/matcher.wasm");
  const recordings: Recording[] = [];
  for (const trace of TRACES) recordings.push(await readRecording(recordingPath(trace)));
  const sets = {
    "bundled rules": compile(["rules/bundled/falco_rules.yaml"]),
    "25 stable rules": compile(["falco_rules"]),
    "all upstream rules": compile(UPSTREAM),
    "all upstream rules, their costs counted": compile(UPSTREAM, true),
  };
  const types = reportedTypes(sets["all upstream rules"].eventCodes);

  const walk = new Track(wasm, recordings, "walk").nsPerEvent();
  const against = { name: "ring walk", value: walk };
  const figures: Figure[] = [{ name: "ring walk", value: walk, unit: "ns/event" }];
  const state = new Track(wasm, recordings, types);
  state.matcher.set_evaluating(0);
  figures.push({ name: "decode and state", value: state.nsPerEvent(), unit: "ns/event", against });
  for (const [name, rules] of Object.entries(sets)) {
    const track = new Track(wasm, recordings, types);
    instantiateRules(track.matcher, rules);
    figures.push({ name: `decode, state and ${name}`, value: track.nsPerEvent(), unit: "ns/event", against });
  }
  const whole = new Track(wasm, recordings, EVERY_EVENT);
  whole.matcher.set_evaluating(0);
  figures.push({
    name: "every event, decode and state",
    value: whole.nsPerEvent(),
    unit: "ns/event",
    against,
  });
  for (const name of ["25 stable rules", "all upstream rules"] as const) {
    const track = new Track(wasm, recordings, EVERY_EVENT);
    instantiateRules(track.matcher, sets[name]);
    figures.push({ name: `every event, ${name}`, value: track.nsPerEvent(), unit: "ns/event", against });
  }
  const dealt = new Track(wasm, recordings, EVERY_EVENT, MANY_RINGS);
  instantiateRules(dealt.matcher, sets["25 stable rules"]);
  figures.push({
    name: `every event, 25 stable rules, from ${MANY_RINGS} rings`,
    value: dealt.nsPerEvent(),
    unit: "ns/event",
    against,
  });
  return figures;
}

const present = upstreamMissing === undefined;

export const PIPELINE: Bench = {
  name: "pipeline",
  refusal: () => present ? undefined : "the recorded traces are not next to the project",
  run,
};
