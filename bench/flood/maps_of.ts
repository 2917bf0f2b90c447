// Maps of another process's eBPF programs: what its descriptors lead to, by name.
// In: a process. Out: descriptors of our own, for an object that shall use its maps instead of making some.
// Elsewhere: what is done with them (writer.ts).

import { anySyscall } from "../../ffi/mod.ts";

const SYS_BPF = 321;
const BPF_MAP_GET_FD_BY_ID = 14;
const BPF_OBJ_GET_INFO_BY_FD = 15;
/** of `struct bpf_map_info` */
const INFO = { bytes: 88, nameAt: 24, nameBytes: 16 } as const;

export function bpf(command: number, attributes: Uint8Array<ArrayBuffer>): number {
  const result = anySyscall(SYS_BPF, [BigInt(command), attributes, BigInt(attributes.length)]);
  if (result < 0) throw new Error(`Cannot call bpf(${command}): error ${-result}`);
  return result;
}

/** By their names as the kernel has them, of which it keeps fifteen bytes. */
export function mapsOf(pid: number): Map<string, number> {
  const maps = new Map<string, number>();
  for (const { name } of Deno.readDirSync(`/proc/${pid}/fdinfo`)) {
    const id = /^map_id:\t(\d+)$/m.exec(readInfo(`/proc/${pid}/fdinfo/${name}`))?.[1];
    if (id === undefined) continue;
    const fd = bpf(BPF_MAP_GET_FD_BY_ID, words(Number(id), 0, 0));
    maps.set(nameOf(fd), fd);
  }
  return maps;
}

function readInfo(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return ""; // closed meanwhile
  }
}

function nameOf(fd: number): string {
  const info = new Uint8Array(INFO.bytes);
  const attributes = new Uint8Array(16);
  const view = new DataView(attributes.buffer);
  view.setUint32(0, fd, true);
  view.setUint32(4, info.length, true);
  view.setBigUint64(8, Deno.UnsafePointer.value(Deno.UnsafePointer.of(info)), true);
  bpf(BPF_OBJ_GET_INFO_BY_FD, attributes);
  const name = info.subarray(INFO.nameAt, INFO.nameAt + INFO.nameBytes);
  return new TextDecoder().decode(name.subarray(0, name.indexOf(0)));
}

function words(...values: number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new Uint32Array(values).buffer);
}
