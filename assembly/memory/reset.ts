// What is forgotten when a new capture begins. Every module that keeps state says so itself, next to that state: hash tables
// by their `init`, everything else by `onReset`. So there is no list that could be incomplete.
// In: functions, when the module starts. Out: `resetState`, which calls them all; none may depend on their order.

import { emptyTables } from "./hash_table";

/** More than there are modules with state; the number is known when the module is compiled and run once. */
const MOST: u32 = 48;
/** table indices of the functions */
const functions: usize = memory.data(48 * 4, 4);
let registered: u32 = 0;

/** For the first lines of a module: has `forget` called whenever a new capture begins. */
export function onReset(forget: () => void): void {
  if (registered == MOST) unreachable();
  store<u32>(functions + (<usize>(registered++) << 2), <u32>forget.index);
}

/** A new capture begins: all state belongs to the previous one. */
export function resetState(): void {
  for (let i: u32 = 0; i < registered; i++) call_indirect<void>(load<u32>(functions + (<usize>i << 2)));
  emptyTables();
}
