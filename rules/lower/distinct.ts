// Sets of byte texts that are constants of the module.

import { latin1 } from "./ir.ts";

/** Without repetitions, in an order that depends on the content alone: equal sets are equal nodes. */
export function distinct(items: readonly Uint8Array[]): readonly Uint8Array[] {
  const byContent = new Map(items.map((item) => [latin1(item), item]));
  return [...byContent.keys()].sort().map((key) => byContent.get(key)!);
}
