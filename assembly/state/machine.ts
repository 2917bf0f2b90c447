// Facts about the machine of a capture that the state needs: when it was booted.

export let bootNs: u64 = 0;

export function setBootNs(ns: u64): void {
  bootNs = ns;
}
