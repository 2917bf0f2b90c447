// A section header begins a capture: nothing of the one before is left, in any table and in no remembered text.
// What a module keeps it registers for that itself (assembly/memory/reset.ts); what it forgot to would stay here as memory
// that is in use, or as a value that a field still gives.

import assert from "node:assert/strict";
import { readTrace } from "../../scap/reader.ts";
import { asyncEvent } from "../../scap/event_block.ts";
import { EVENT_CODE } from "../../schema/events.ts";
import { BLOCK } from "../../schema/wire.ts";
import { RECORDING_NAMES, recordingPath } from "../support/recordings.ts";
import { ContainerLab } from "./container_lab.ts";
import { block, concat, event, eventBlock, i64, StateMatcher, text, u32 } from "./event_stream.ts";

const SECTION = block(BLOCK.SECTION_HEADER, concat([u32(0x1a2b3c4d), u32(1), i64(-1)]));
const COUNTED = ["THREADS", "FDS", "CONTAINERS", "KUBERNETES_OBJECTS", "STRINGS", "STRING_BYTES"] as const;

async function recording(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of readTrace(recordingPath(name))) chunks.push(new Uint8Array(chunk));
  return concat(chunks);
}

const record = (name: Parameters<typeof asyncEvent>[0], json: string) => asyncEvent(name, json, 1n);

const account = (type: string, container: string, name: string) =>
  eventBlock(event({
    type: EVENT_CODE[type]!,
    tid: -1,
    params: type === "USERADDED_E"
      ? [u32(7), u32(7), text(name), text("/home"), text("/bin/sh"), text(container)]
      : [u32(7), text(name), text(container)],
  }));

/** Records of all kinds that recordings do not hold. */
const RECORDS = concat([
  record("container", `{"container":{"id":"aaaabbbbcccc","name":"web","type":0,"labels":{"a":"b"}}}`),
  record("k8s", `{"kind":"Pod","meta":"{\\"name\\":\\"web\\"}","reason":"Create","uid":"pod-1"}`),
  record("hostname", `{"name":"a.example","addresses":["7f000001"]}`),
  account("USERADDED_E", "", "ann"),
  account("USERADDED_E", "aaaabbbbcccc", "bob"),
  account("GROUPADDED_E", "aaaabbbbcccc", "crew"),
  // an enter event of an old capture, whose exit event does not come
  eventBlock(event({ type: 6, tid: 7, params: [i64(5), u32(100)] })),
]);

const counted = (owner: StateMatcher) =>
  Object.fromEntries(COUNTED.map((name) => [name, owner.counter(name)]));

/** What a new matcher holds: the names that it uses itself. */
function empty(): Record<string, number> {
  const owner = new StateMatcher();
  owner.ingest(SECTION);
  return counted(owner);
}

Deno.test("after a section header no table holds anything, and no text is kept", async () => {
  const owner = new StateMatcher({ heapBytes: 64 << 20 });
  for (const name of RECORDING_NAMES) {
    owner.ingest(await recording(name));
    owner.ingest(RECORDS);
    assert.ok(owner.counter("CONTAINERS") > 0);
    assert.equal(owner.counter("KUBERNETES_OBJECTS"), 1);
    owner.ingest(SECTION);
    assert.deepEqual(counted(owner), empty(), name);
  }
  assert.ok(owner.counter("THREADS_ADDED") > 1000 && owner.counter("FDS_ADDED") > 1000);
});

Deno.test("after a section header the heap holds what it held after the one before", async () => {
  const owner = new StateMatcher({ heapBytes: 64 << 20 });
  const blocks = concat([...await Promise.all(["container", "procs", "net"].map(recording)), RECORDS]);
  const used: number[] = [];
  for (let i = 0; i < 3; i++) {
    owner.ingest(blocks);
    owner.ingest(SECTION);
    used.push(owner.counter("HEAP_BYTES"));
  }
  // the first time tables get their buckets, which stay
  assert.equal(used[1], used[0]);
  assert.equal(used[2], used[0]);
});

Deno.test("after a section header nothing waits for a container, and one that was known is new", () => {
  const lab = new ContainerLab();
  lab.starts(10, 1);
  lab.pump();
  assert.equal(lab.seen.length, 1);
  assert.equal(lab.owner.matcher.exports.is_holding(), 1);
  lab.owner.ingest(SECTION);
  assert.equal(lab.owner.matcher.exports.is_holding(), 0);
  lab.pump();
  // the event is still there, and names a container that is not known any more
  assert.equal(lab.seen.length, 2);
  assert.equal(lab.owner.matcher.exports.is_holding(), 1);
});
