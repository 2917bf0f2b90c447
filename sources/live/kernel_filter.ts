// The filter of the loaded rules, in the probe's maps: what no rule can match is left out in the kernel.
// In: tables (rules/kernel_filter/table.ts). Out: the maps `filter_plans`, `filter_keys` and `filter_slot`.
// A plan is written where no program looks and put in use by one word. While rules are changed there is no filter, so what the
// old or the new rules need is reported. Elsewhere: what the probe does with it (probe/lib/filter.bpf.h).

import {
  type BpfObject,
  deleteKey64,
  mapFd,
  updateKey64,
  updateMap,
  updateMap32,
} from "../../ffi/bpf/mod.ts";
import { PROBE_LIMITS } from "../../schema/mod.ts";
import type { FilterNeeds } from "../matcher_port.ts";

/** `shadow`: nothing is left out; what would be is marked, so that it shows whether a rule matches it. */
export type FilterMode = "auto" | "off" | "shadow";

const SLOTS = [1, 2] as const;
const SLOT_OF_KEY = 40n;

export class KernelFilterMaps {
  readonly #object: BpfObject;
  readonly #keys = new Map<number, readonly bigint[]>();
  #slot = 0;
  #generation = 0;

  constructor(object: BpfObject) {
    this.#object = object;
  }

  /** Everything is reported from here on. */
  clear(): void {
    this.#use(0);
  }

  put(table: FilterNeeds): void {
    if (!table.opens && !table.fcntl && table.unasked === 0 && table.calls.every((word) => word === 0)) {
      return this.clear();
    }
    const slot = this.#slot === SLOTS[0] ? SLOTS[1] : SLOTS[0];
    this.#writeKeys(slot, table);
    updateMap(this.#fd("filter_plans"), slot - 1, this.#planOf(table));
    this.#use(slot);
    this.#slot = slot;
  }

  #planOf(
    { opens, directories, fcntl, failedUnclean, ...table }: FilterNeeds,
  ): Uint8Array<ArrayBuffer> {
    const { anyPath, resolved, parts, dotless, failed, unasked, beginnings, bits, calls, clauses } = table;
    const flags = (opens ? PROBE_LIMITS.FILTER_OPENS : 0) | (fcntl ? PROBE_LIMITS.FILTER_FCNTL : 0) |
      (failedUnclean ? PROBE_LIMITS.FILTER_FAILED_UNCLEAN : 0) |
      (directories ? PROBE_LIMITS.FILTER_DIRECTORIES : 0);
    const head = [anyPath, resolved, flags, ++this.#generation, parts, dotless, failed, unasked];
    const arrays = [new Uint32Array(head), beginnings, bits, calls, clauses];
    const plan = new Uint8Array(arrays.reduce((bytes, { byteLength }) => bytes + byteLength, 0));
    let at = 0;
    for (const part of arrays) {
      plan.set(bytesOf(part), at);
      at += part.byteLength;
    }
    return plan;
  }

  #writeKeys(slot: number, { keys }: FilterNeeds): void {
    const fd = this.#fd("filter_keys");
    for (const key of this.#keys.get(slot) ?? []) deleteKey64(fd, key);
    const written = keys.map(([key, kinds]) => {
      const full = BigInt(slot) << SLOT_OF_KEY | key;
      updateKey64(fd, full, kinds);
      return full;
    });
    this.#keys.set(slot, written);
  }

  #use(slot: number): void {
    updateMap32(this.#fd(".data.filter"), 0, slot);
  }

  #fd(name: string): number {
    return mapFd(this.#object.map(name));
  }
}

function bytesOf(
  { buffer, byteOffset, byteLength }: BigUint64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
