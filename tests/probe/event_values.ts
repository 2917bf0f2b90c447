// Values of an event as the tests compare them, and the check that each parameter has the form of its type.
// In: an event, names of parameters. Out: texts without their end, numbers as bigint, other types as hex.

import type { ParamType } from "../../schema/types.ts";
import type { SeenEvent } from "./recording.ts";

const BYTES_OF: Partial<Record<ParamType, readonly number[]>> = {
  int8: [1],
  int16: [2],
  int32: [4],
  int64: [8],
  uint8: [1],
  uint16: [2],
  uint32: [4],
  uint64: [8],
  errno: [8],
  fd: [8],
  pid: [8],
  syscallid: [2],
  sigtype: [1],
  reltime: [8],
  abstime: [8],
  flags8: [1],
  flags16: [2],
  flags32: [4],
  enumflags8: [1],
  enumflags16: [2],
  enumflags32: [4],
  uid: [4],
  gid: [4],
  sigset: [4],
  mode: [4],
};

const SIGNED: readonly ParamType[] = ["int8", "int16", "int32", "int64", "errno", "fd", "pid"];
const TEXTS: readonly ParamType[] = ["charbuf", "fspath", "fsrelpath"];

/** What is wrong with the parameters' forms, whatever their values; empty when nothing is. */
export function formFaults(event: SeenEvent): string[] {
  const faults = [...event.faults];
  event.def.params.forEach(({ name, type }, i) => {
    const bytes = event.params[i];
    if (bytes === undefined || bytes.length === 0 && mayBeEmpty(event, name, type)) return;
    const fault = formFault(type, bytes);
    if (fault !== undefined) faults.push(`${event.def.name} ${name} (${type}): ${fault}`);
  });
  return faults;
}

/** Of numbers, only the size of a message whose header cannot be read is left out. */
function mayBeEmpty(event: SeenEvent, name: string, type: ParamType): boolean {
  return BYTES_OF[type] === undefined || event.def.name === "sendmsg" && name === "size";
}

function formFault(type: ParamType, bytes: Uint8Array): string | undefined {
  const sizes = BYTES_OF[type];
  if (sizes !== undefined) return sizes.includes(bytes.length) ? undefined : `${bytes.length} bytes`;
  if (TEXTS.includes(type)) {
    return bytes.indexOf(0) === bytes.length - 1 ? undefined : "does not end with its only 0";
  }
  if (type === "sockaddr") return familyFault(bytes, 7, 19, 2);
  if (type === "socktuple") return familyFault(bytes, 13, 37, 18);
  if (type === "dyn") {
    return [1, 2, 5, 9].includes(bytes.length) || bytes[0]! <= 1 ? undefined : "size of a variant";
  }
  if (type === "fdlist") {
    return bytes.length === 2 + 10 * (bytes[0]! | bytes[1]! << 8) ? undefined : "count of a list";
  }
  return type === "bytebuf" ? undefined : "type without a known form";
}

function familyFault(bytes: Uint8Array, ip4: number, ip6: number, unix: number): string | undefined {
  const family = bytes[0];
  if (family === 2) return bytes.length === ip4 ? undefined : `${bytes.length} bytes for IPv4`;
  if (family === 10) return bytes.length === ip6 ? undefined : `${bytes.length} bytes for IPv6`;
  if (family === 1) return bytes.length >= unix && bytes.at(-1) === 0 ? undefined : "path without end";
  return `family ${family}`;
}

/** The value of a parameter; undefined when it is empty. */
export function valueOf(event: SeenEvent, name: string): string | bigint | undefined {
  const index = event.def.params.findIndex((param) => param.name === name);
  const bytes = event.params[index];
  if (bytes === undefined) throw new Error(`${event.def.name} has no parameter ${name}`);
  if (bytes.length === 0) return undefined;
  const type = event.def.params[index]!.type;
  if (TEXTS.includes(type)) return new TextDecoder().decode(bytes.subarray(0, -1));
  if (type === "bytebuf") return new TextDecoder().decode(bytes);
  if (BYTES_OF[type] === undefined) return bytes.toHex();
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = value << 8n | BigInt(bytes[i]!);
  return SIGNED.includes(type) ? BigInt.asIntN(8 * bytes.length, value) : value;
}

/** The values of some parameters, in their order. */
export function valuesOf(event: SeenEvent, ...names: string[]): (string | bigint | undefined)[] {
  return names.map((name) => valueOf(event, name));
}
