// An event as a `.scap` block.
// In: code, thread, time, parameters. Out: bytes, as the probe and recordings have them.
// Elsewhere: values of parameters (params.ts), what is not written (event_defaults.ts).

import type { BlockWriter } from "../../scap/mod.ts";
import { BLOCK, EVENT_FLAGS, EVENTS, PROBE_LIMITS } from "../../schema/mod.ts";

export interface EventBytes {
  readonly code: number;
  readonly tid: number;
  readonly timeNs: bigint;
  readonly params: readonly Uint8Array[];
}

const MAX_SMALL_PARAM = 0xffff;

export function writeEventBlock(writer: BlockWriter, { code, tid, timeNs, params }: EventBytes): void {
  const isLarge = (EVENTS[code]!.flags & EVENT_FLAGS.LARGE_PAYLOAD) !== 0;
  const lengthBytes = isLarge ? 4 : 2;
  const kept = isLarge ? params : params.map((param) => param.subarray(0, MAX_SMALL_PARAM));
  const bytes = kept.reduce<number>(
    (sum, { length }) => sum + lengthBytes + length,
    PROBE_LIMITS.EVENT_HEADER_BYTES,
  );
  writer.beginBlock(isLarge ? BLOCK.EVENT_V2_LARGE : BLOCK.EVENT_V2);
  writer.u16(0);
  writer.u64(timeNs);
  writer.u64(tid);
  writer.u32(bytes);
  writer.u16(code);
  writer.u32(kept.length);
  for (const { length } of kept) isLarge ? writer.u32(length) : writer.u16(length);
  for (const param of kept) writer.raw(param);
  writer.endBlock();
}
