// One event as a `.scap` block, for records that come from no system call: users, groups, containers.
// In: an event's type and the bytes of its parameters. Out: the block.
// Elsewhere: which parameters an event has (schema/event_table.ts).

import { BLOCK, EVENT_CODE, PROBE_LIMITS } from "../schema/mod.ts";
import { BlockWriter } from "./block_writer.ts";

/** Flag of a record that changes the state and is shown to no rule. */
export const STATE_ONLY = 1;
/** No thread caused it. */
const NO_TID = -1;
const encoder = new TextEncoder();

/** A text parameter: its bytes and a NUL. What follows a NUL inside it is left out. */
export function textParam(text: string): Uint8Array {
  const end = text.indexOf("\0");
  return encoder.encode(`${end < 0 ? text : text.slice(0, end)}\0`);
}

export function u32Param(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

/** @param timeNs epoch; the matcher replaces it when it is injected besides a stream of events */
export function writeEvent(
  writer: BlockWriter,
  name: "ASYNCEVENT_E" | "USERADDED_E" | "USERDELETED_E" | "GROUPADDED_E" | "GROUPDELETED_E",
  params: readonly Uint8Array[],
  timeNs: bigint,
  flags = 0,
): void {
  const isLarge = name === "ASYNCEVENT_E";
  const lengthBytes = isLarge ? 4 : 2;
  const bytes = params.reduce<number>(
    (sum, param) => sum + lengthBytes + param.length,
    PROBE_LIMITS.EVENT_HEADER_BYTES,
  );
  writer.beginBlock(isLarge ? BLOCK.EVENT_V2_FLAGS_LARGE : BLOCK.EVENT_V2);
  writer.u16(0);
  if (isLarge) writer.u32(flags);
  writer.u64(timeNs);
  writer.u64(NO_TID);
  writer.u32(bytes);
  writer.u16(EVENT_CODE[name]!);
  writer.u32(params.length);
  for (const { length } of params) isLarge ? writer.u32(length) : writer.u16(length);
  for (const param of params) writer.raw(param);
  writer.endBlock();
}

/**
 * What somebody other than the kernel says, as Falco's captures carry it: `json` is the text of `{"container": {…}}` …
 * @param isEvent rules see it; otherwise it only changes what is known
 */
export function asyncEvent(
  name: "container" | "container_removed" | "k8s" | "hostname",
  json: string,
  timeNs: bigint,
  isEvent = false,
): Uint8Array<ArrayBuffer> {
  const writer = new BlockWriter(json.length + 256);
  const params = [u32Param(0), textParam(name), textParam(json)];
  writeEvent(writer, "ASYNCEVENT_E", params, timeNs, isEvent ? 0 : STATE_ONLY);
  return writer.take();
}
