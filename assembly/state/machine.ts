// Facts about the machine that the events are of: its name, when it was booted, and whether this is that machine.

import { lengthToNul } from "../memory/bytes";
import { MISSING, view } from "../strings/view";

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

const MAX_HOST_NAME: u32 = 127;
const name: usize = memory.data(128);
let nameBytes: u32 = 0;

/** A text that ends with NUL, or after 127 bytes. */
export function setHostName(at: usize): void {
  nameBytes = <u32>lengthToNul(at, MAX_HOST_NAME);
  memory.copy(name, at, nameBytes);
}

/** The name of the machine that the events are of; missing where nothing says it. */
export function hostName(): u64 {
  return nameBytes == 0 ? MISSING : view(name, nameBytes);
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
