// Facts about the machine that the events are of: its name, when it was booted, and whether this is that machine.

import { lengthToNul } from "../strings/bytes";
import { MISSING, view } from "../strings/view";

let bootNs: u64 = 0;
let hasRings: bool = false;
let isOwnRecording: bool = false;
/** events come from our own probe, at once or by way of a recording, and not from a recording of Falco's */
export let isLive: bool = false;

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

/** Our own recordings are judged as their events were when they happened. */
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
