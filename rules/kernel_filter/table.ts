// The filter as the probe has it: bits and keys instead of texts.
// In: a filter. Out: what sources/live writes into the probe's maps.

import { PROBE_LIMITS } from "../../schema/mod.ts";
import { filterBit, type KernelFilter, tableKey } from "./plan.ts";

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
  /** which keys there may be */
  readonly bits: BigUint64Array<ArrayBuffer>;
}

export function filterTable({ opens, filesAsked, fcntlAsked, allAsked }: KernelFilter): FilterTable {
  const bits = new BigUint64Array(PROBE_LIMITS.FILTER_BITS / 64);
  const keys = (opens?.keys ?? []).map(({ part, name, resolved }) => {
    const key = tableKey(part);
    const bit = filterBit(key);
    bits[bit >> 6]! |= 1n << BigInt(bit & 63);
    return [key, (name | resolved << 16) >>> 0] as const;
  });
  return {
    opens: opens !== undefined && filesAsked === undefined && allAsked === undefined,
    fcntl: fcntlAsked === undefined && allAsked === undefined,
    anyPath: opens?.anyPath ?? 0,
    resolved: opens?.resolved ?? 0,
    keys,
    bits,
  };
}
