// Opens and closes one file as fast as one thread can: in a process that is watched.
// In: seconds. Out: how often.
// Elsewhere: how many do it at once (bench_host.ts).

import { measuredCalls } from "../ffi/mod.ts";

/** This program: it is there wherever it runs, and hardly any rule asks who reads it. */
export const OPENED_FILE = Deno.execPath();

const CALLS_BETWEEN_LOOKS = 1_000;

export function floodOpens(seconds: number): number {
  const open = measuredCalls().openAndClose(OPENED_FILE);
  const untilMs = performance.now() + seconds * 1000;
  let opens = 0;
  for (; performance.now() < untilMs; opens += CALLS_BETWEEN_LOOKS) {
    for (let i = 0; i < CALLS_BETWEEN_LOOKS; i++) open();
  }
  return opens;
}
