// The filter as the probe has it: bits and keys instead of texts.
// In: a filter. Out: what sources/live writes into the probe's maps.

import { PROBE_LIMITS } from "../../schema/mod.ts";
import { beginningBit, filterBit, type KernelFilter, READS, tableKey } from "./plan.ts";

/** Numbers only: it crosses over to the worker. */
export interface FilterTable {
  /** opens of files that no rule can match are left out, and what happens to their fds */
  readonly opens: boolean;
  /** so are commands of fcntl that change nothing */
  readonly fcntl: boolean;
  /** kinds of opens that can match whatever the path is */
  readonly anyPath: number;
  /** kinds of opens that can match by the resolved path only */
  readonly resolved: number;
  /** key of a part of a path → kinds: by the name, and in the upper half by the resolved path */
  readonly keys: readonly (readonly [bigint, number])[];
  /** kinds of opens that can match by a part anywhere in the path */
  readonly parts: number;
  /** … by a part without a dot */
  readonly dotless: number;
  /** how paths begin that can match: of opens that only read, then of others */
  readonly beginnings: BigUint64Array<ArrayBuffer>;
  /** which keys there may be */
  readonly bits: BigUint64Array<ArrayBuffer>;
}

const ONLY_READS = 1 << READS;
const DOT = 0x2e;

export function filterTable({ opens, filesAsked, fcntlAsked, allAsked }: KernelFilter): FilterTable {
  const bits = new BigUint64Array(PROBE_LIMITS.FILTER_BITS / 64);
  const half = (1 << PROBE_LIMITS.BEGINNING_BITS_LOG) / 64;
  const beginnings = new BigUint64Array(2 * half);
  let [parts, dotless] = [0, 0];
  const keys = (opens?.keys ?? []).map(({ part, name, resolved }) => {
    const key = tableKey(part);
    set(bits, filterBit(key));
    if (part.kind === "part") {
      parts |= name | resolved;
      if (!part.bytes.includes(DOT)) dotless |= name | resolved;
    } else {
      const bit = beginningBit(part.bytes);
      if ((name | resolved) & ONLY_READS) set(beginnings.subarray(0, half), bit);
      if ((name | resolved) & ~ONLY_READS) set(beginnings.subarray(half), bit);
    }
    return [key, (name | resolved << 16) >>> 0] as const;
  });
  return {
    opens: opens !== undefined && filesAsked === undefined && allAsked === undefined,
    fcntl: fcntlAsked === undefined && allAsked === undefined,
    anyPath: opens?.anyPath ?? 0,
    resolved: opens?.resolved ?? 0,
    keys,
    parts,
    dotless,
    beginnings,
    bits,
  };
}

/** Without a number all of them: then nothing can be told by it. */
function set(bits: BigUint64Array, bit: number | undefined): void {
  if (bit === undefined) bits.fill(~0n);
  else bits[bit >> 6]! |= 1n << BigInt(bit & 63);
}
