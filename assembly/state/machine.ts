// Facts about the machine that the state needs: when it was booted, and whether this is that machine.

import { onReset } from "../memory/reset";

let bootNs: u64 = 0;
let hasRings: bool = false;
let isOwnRecording: bool = false;
/** events come from our own probe, live or from a capture file, and not from a capture file of Falco's */
export let isLive: bool = false;

onReset(forgetMachine);

function forgetMachine(): void {
  bootNs = 0;
  setOwnRecording(false);
}

export function setBootNs(ns: u64): void {
  bootNs = ns;
}

export function setLive(on: bool): void {
  hasRings = on;
  isLive = hasRings || isOwnRecording;
}

/** Events of falco's own capture files are evaluated as they were live. */
export function setOwnRecording(on: bool): void {
  isOwnRecording = on;
  isLive = hasRings || isOwnRecording;
}

/**
 * What to add to the kernel's times since boot. Falco, when it replays a recording, takes it to be 0, and the times
 * of pid namespaces and containers come out accordingly; so do ours.
 */
// @ts-ignore: decorator
@inline
export function bootTimeNs(): u64 {
  return isLive ? bootNs : 0;
}
