// What the matcher hands over for a recording, byte for byte.

import { deepEqual, equal } from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { Control } from "../../engine/control.ts";
import { Matcher } from "../../engine/matcher.ts";
import { createMemory, planMemory } from "../../engine/memory_plan.ts";
import type { RecordedChunk } from "../../engine/messages.ts";
import { ChunkChannel } from "../../engine/chunk_channel.ts";
import { Recording } from "../../engine/recording.ts";
import { instantiateRules } from "../../engine/rule_module.ts";
import { BlockFeeder } from "../../sources/ingest_blocks.ts";
import { recordingPath } from "../support/recordings.ts";
import { matcherMissing, noRules, readMatcher } from "./matcher_artefact.ts";

const EVENT_BLOCK = 0x216;
const HEADER_BYTES = 26;
const CLOSE_EXIT = 5;

function start(maxEvents?: number) {
  const plan = planMemory(32 << 20, 1, 4096);
  const memory = createMemory(plan);
  const chunks: RecordedChunk[] = [];
  const host = {
    onAlert: (_: number, at: number, bytes: number) => recording.takeEvents(at, bytes),
    now: () => 0n,
  };
  const limits = { heapEnd: plan.heapEnd, maxThreads: 4096, maxFds: 65536 };
  const matcher = new Matcher(readMatcher(), memory, limits, host);
  const recording = new Recording(matcher, (chunk) => chunks.push(chunk));
  instantiateRules(matcher, noRules());
  recording.start({ all: true, ...(maxEvents === undefined ? {} : { maxEvents }) });
  return { matcher, recording, chunks, ring: plan.rings[0]! };
}

/** A `close` of fd 3 with so many parameters of 8 bytes; the table knows two. */
function close(params: number): Uint8Array<ArrayBuffer> {
  const eventBytes = HEADER_BYTES + params * 10;
  const bytes = new Uint8Array((10 + eventBytes + 3 & ~3) + 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, EVENT_BLOCK, true);
  view.setUint32(4, bytes.length, true);
  view.setUint16(8, 1, true);
  view.setBigUint64(10, 1000n, true);
  view.setBigUint64(18, 77n, true);
  view.setUint32(26, eventBytes, true);
  view.setUint16(30, CLOSE_EXIT, true);
  view.setUint32(32, params, true);
  for (let i = 0; i < params; i++) {
    view.setUint16(36 + 2 * i, 8, true);
    view.setBigUint64(36 + 2 * params + 8 * i, BigInt(i + 3), true);
  }
  view.setUint32(bytes.length - 4, bytes.length, true);
  return bytes;
}

function test(name: string, missing: string | undefined, fn: () => void): void {
  const ignore = missing !== undefined;
  Deno.test({ name: ignore ? `${name}: skipped, ${missing}` : name, ignore, fn });
}

test("parameters that the event table does not have are left out of a recording", matcherMissing, () => {
  const { matcher, recording, chunks, ring } = start();
  // a ring whose pages lie in ordinary memory: consumer page, producer page, data
  equal(matcher.ring_add(ring.at, ring.dataBytes, 1), 0);
  const memory = new DataView(matcher.memory.buffer);
  let produced = 0;
  for (const params of [2, 3, 4]) {
    const block = close(params);
    const eventBytes = new DataView(block.buffer).getUint32(26, true);
    const record = ring.at + 8192 + produced;
    memory.setUint32(record, eventBytes, true);
    new Uint8Array(matcher.memory.buffer).set(block.subarray(10, 10 + eventBytes), record + 8);
    produced += 8 + eventBytes + 7 & ~7;
  }
  memory.setBigUint64(ring.at + 4096, BigInt(produced), true);
  equal(matcher.pump(1n << 60n, 100), 3);
  recording.flush();
  const one = close(2);
  equal(chunks[0]?.events, 3);
  deepEqual(chunks[0]?.bytes, new Uint8Array([...one, ...one, ...one]));
});

test("the limit of events is kept exactly, and said once", matcherMissing, () => {
  const { matcher, recording, chunks } = start(3);
  const feeder = new BlockFeeder(matcher);
  for (let i = 0; i < 5; i++) feeder.feed(close(2));
  for (let turn = 0; turn < 3; turn++) recording.flush();
  deepEqual(chunks.map(({ events, full }) => [events, full]), [[3, true]]);
  equal(chunks[0]?.bytes.length, 3 * close(2).length);
});

test("events of a recording of Falco's come out as they went in", matcherMissing, () => {
  const { matcher, recording, chunks } = start();
  const whole = new Uint8Array(gunzipSync(Deno.readFileSync(recordingPath("net"))));
  new BlockFeeder(matcher).feed(whole);
  recording.flush();
  const view = new DataView(whole.buffer);
  let at = 0;
  while (view.getUint32(at, true) !== EVENT_BLOCK && view.getUint32(at, true) !== 0x221) {
    at += view.getUint32(at + 4, true);
  }
  const made = new Uint8Array(whole.length - at);
  let used = 0;
  for (const { bytes } of chunks) {
    made.set(bytes, used);
    used += bytes.length;
  }
  deepEqual(made, whole.slice(at));
});

test("chunks wait while too much is unwritten", undefined, async () => {
  const memory = createMemory(planMemory(1 << 20, 0, 0));
  const control = new Control(memory);
  let sent = 0;
  const channel = new ChunkChannel(control, () => sent++);
  const bytes = () => new Uint8Array(20 << 20);
  channel.send({ kind: "events", bytes: bytes(), events: 1, begins: false, full: false });
  await channel.awaitWriter();
  channel.send({ kind: "events", bytes: bytes(), events: 1, begins: false, full: false });
  equal(control.untakenBytes(40 << 20), 40 << 20);
  control.addTakenBytes(20 << 20);
  await channel.awaitWriter();
  equal(sent, 2);
});
