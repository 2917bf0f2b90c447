// The process that makes the self-test's events: the probe does not report those of falco itself, so it is another one.
// In: nothing; it is this program, started once more (assets/own_command.ts) with the self-test's mark among its
// arguments. Out: a line of JSON: what the kernel answered to each call.

import { anySyscall } from "../ffi/mod.ts";
import { syscallByName } from "../schema/mod.ts";
import { MADE_CALLS } from "./self_test_calls.ts";

/** Result of each call, by name: a negative one is −errno. */
export type Answers = Readonly<Record<string, number>>;

export function makeEvents(): Answers {
  const results = new Map<string, number>();
  const resultOf = (call: string) => BigInt(results.get(call) ?? -1);
  for (const { call, args } of MADE_CALLS) {
    const number = syscallByName(call)?.x86_64;
    if (number !== null && number !== undefined) results.set(call, anySyscall(number, args(resultOf)));
  }
  return Object.fromEntries(results);
}
