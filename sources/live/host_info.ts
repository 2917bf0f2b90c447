// What the head of a recording says about the host: machine and network interfaces.
// In: the running system. Out: values for scap/section.ts and scap/interface_list.ts.

import { bootEpochNs, hostName } from "../../ffi/mod.ts";
import type { Interface, MachineInfo } from "../../scap/mod.ts";
import { readCpus } from "./cpus.ts";

export function readMachineInfo(bootNs: bigint = bootEpochNs()): MachineInfo {
  return {
    cpus: readCpus("online").length,
    memoryBytes: BigInt(Deno.systemMemoryInfo().total),
    maxPid: readMaxPid(),
    hostname: hostName(),
    bootEpochNs: bootNs,
  };
}

function readMaxPid(): number {
  try {
    return Number(Deno.readTextFileSync("/proc/sys/kernel/pid_max")) || 0;
  } catch {
    return 0;
  }
}

export function readInterfaces(): Interface[] {
  const interfaces: Interface[] = [];
  for (const { name, address, netmask } of Deno.networkInterfaces()) {
    const addressBytes = parseIp(address);
    const netmaskBytes = parseIp(netmask);
    if (addressBytes === undefined || netmaskBytes?.length !== addressBytes.length) continue;
    interfaces.push({ name, address: addressBytes, netmask: netmaskBytes });
  }
  // as the kernel lists them: all of IPv4 first
  return interfaces.sort((a, b) => a.address.length - b.address.length);
}

/** The bytes of an address in network order; undefined when the text is none. */
export function parseIp(text: string): Uint8Array | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return Uint8Array.from(text.split(".").map(Number));
  const [head = "", tail, ...more] = text.replace(/%.*$/, "").split("::");
  if (!text.includes(":") || more.length > 0) return undefined;
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = 8 - left.length - right.length;
  if (missing < 0 || (tail === undefined && missing !== 0)) return undefined;
  const words = [...left, ...Array<string>(missing).fill("0"), ...right];
  if (!words.every((word) => /^[0-9a-f]{1,4}$/i.test(word))) return undefined;
  return Uint8Array.from(words.flatMap((word) => {
    const value = Number.parseInt(word, 16);
    return [value >> 8, value & 0xff];
  }));
}
