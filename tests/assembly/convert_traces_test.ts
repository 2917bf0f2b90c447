// Recorded traces, made older: events that once came in pairs are taken apart into enter and exit event. Converted on
// reading, they are what they were, and the state with them.

import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { type Conversion, CONVERSIONS } from "../../schema/conversions.ts";
import { RECORDING_NAMES, recordingPath } from "../support/recordings.ts";
import { block, concat, event, NONE, StateMatcher, u16 } from "./event_stream.ts";

const EVENT_BLOCK = 0x216;
const HEADER_BYTES = 26;

const stored = new Map(
  CONVERSIONS.filter(({ action }) => action === "store").map(({ code, params }) => [code, params]),
);

/** What a current event was made of: by its code, where nothing of it was added later. */
const origins = new Map<number, Conversion>(
  CONVERSIONS.filter(({ code, action, sources }) =>
    action === "convert" && stored.has(code - 1) &&
    sources.every(({ kind }) => kind === "old" || kind.startsWith("enter"))
  ).map((conversion) => [conversion.newCode, conversion]),
);

function paramsOf(bytes: Uint8Array): Uint8Array[] {
  const data = new DataView(bytes.buffer, bytes.byteOffset);
  const count = data.getUint32(22, true);
  let at = HEADER_BYTES + 2 * count;
  return Array.from({ length: count }, (_, i) => {
    const length = data.getUint16(HEADER_BYTES + 2 * i, true);
    at += length;
    return bytes.subarray(at - length, at);
  });
}

/** The enter and the exit event that an event was once recorded as; undefined when it was not. */
function older(bytes: Uint8Array): Uint8Array[] | undefined {
  const data = new DataView(bytes.buffer, bytes.byteOffset);
  const origin = origins.get(data.getUint16(20, true));
  const params = paramsOf(bytes);
  if (origin === undefined || params.length !== origin.sources.length) return undefined;
  const entered = new Array<Uint8Array>(stored.get(origin.code - 1)!).fill(NONE);
  const exit = new Array<Uint8Array>(origin.params).fill(NONE);
  origin.sources.forEach(({ kind, param }, i) => (kind === "old" ? exit : entered)[param] = params[i]!);
  const common = { tid: Number(data.getBigUint64(8, true)), timeNs: data.getBigUint64(0, true) };
  return [
    event({ ...common, type: origin.code - 1, params: entered }),
    event({ ...common, type: origin.code, params: exit }),
  ];
}

/** The blocks of a trace with its events taken apart, and how many were. */
function makeOlder(trace: Uint8Array): { blocks: Uint8Array; pairs: number } {
  const data = new DataView(trace.buffer, trace.byteOffset);
  const blocks: Uint8Array[] = [];
  let pairs = 0;
  for (let at = 0; at < trace.length;) {
    const bytes = data.getUint32(at + 4, true);
    const cpu = u16(data.getUint16(at + 8, true));
    const pair = data.getUint32(at, true) === EVENT_BLOCK
      ? older(trace.subarray(at + 10, at + 10 + data.getUint32(at + 26, true)))
      : undefined;
    if (pair === undefined) blocks.push(trace.subarray(at, at + bytes));
    else {
      pairs++;
      for (const one of pair) blocks.push(block(EVENT_BLOCK, concat([cpu, one])));
    }
    at += bytes;
  }
  return { blocks: concat(blocks), pairs };
}

function seen(blocks: Uint8Array): string[] {
  const owner = new StateMatcher({ heapBytes: 128 << 20 });
  const lines: string[] = [];
  const fields = ["evt_type", "evt_args", "proc_name", "proc_cwd", "fd_name", "evt_res"];
  owner.onEvent = () => lines.push(fields.map((field) => owner.text(field)).join(" "));
  assert.ok(owner.ingest(blocks) > 0);
  assert.equal(owner.counter("EVENTS_DAMAGED"), 0);
  return lines;
}

for (const name of RECORDING_NAMES) {
  Deno.test({
    name: `${name}, taken apart into older events, is what it was`,
    fn() {
      const trace = new Uint8Array(gunzipSync(Deno.readFileSync(recordingPath(name))));
      const { blocks, pairs } = makeOlder(trace);
      assert.ok(pairs > 500, `only ${pairs} events could be taken apart`);
      const [made, expected] = [seen(blocks), seen(trace)];
      made.forEach((line, i) => assert.equal(line, expected[i], `event ${i}`));
      assert.equal(made.length, expected.length);
    },
  });
}
