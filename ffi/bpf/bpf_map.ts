// Maps of the kernel by file descriptor: create, read, write.
// Elsewhere: maps of an object file (bpf_object.ts), the pages of ring buffers (ring_pages.ts).

import { cString } from "../libc.ts";
import { checkSyscall, libbpf } from "./libbpf.ts";
import { ERRNO } from "../../base/mod.ts";

const MAP_TYPE_RINGBUF = 27;

/** A ring buffer that belongs to no object file. `dataBytes` is a power of two and a multiple of the page size. */
export function createRing(name: string, dataBytes: number): number {
  const fd = libbpf().bpf_map_create(MAP_TYPE_RINGBUF, cString(name), 0, 0, dataBytes, null);
  return checkSyscall(`bpf_map_create(ring buffer of ${dataBytes >> 10} KiB)`, fd);
}

export function mapFd(map: Deno.PointerObject): number {
  return checkSyscall("bpf_map__fd", libbpf().bpf_map__fd(map));
}

export function updateMap(fd: number, key: number, value: Uint8Array<ArrayBuffer>): void {
  checkSyscall("bpf_map_update_elem", libbpf().bpf_map_update_elem(fd, key32(key), value, 0n));
}

/** Writes a u32: the usual value of a table of programs or of maps is a file descriptor. */
export function updateMap32(fd: number, key: number, value: number): void {
  updateMap(fd, key, key32(value));
}

/** A u32 under a key of 64 bits. */
export function updateKey64(fd: number, key: bigint, value: number): void {
  checkSyscall("bpf_map_update_elem", libbpf().bpf_map_update_elem(fd, key64(key), key32(value), 0n));
}

/** Nothing happens when there is no such key. */
export function deleteKey64(fd: number, key: bigint): void {
  const result = libbpf().bpf_map_delete_elem(fd, key64(key));
  if (result !== -ERRNO.ENOENT) checkSyscall("bpf_map_delete_elem", result);
}

/** False when there is no such key. For per-CPU maps `value` holds one value per possible CPU. */
export function lookupMap(fd: number, key: number, value: Uint8Array<ArrayBuffer>): boolean {
  const result = libbpf().bpf_map_lookup_elem(fd, key32(key), value);
  if (result === -ERRNO.ENOENT) return false;
  checkSyscall("bpf_map_lookup_elem", result);
  return true;
}

/** Number of CPUs that the kernel may ever bring up: the number of values of a per-CPU map. */
export function possibleCpus(): number {
  return checkSyscall("libbpf_num_possible_cpus", libbpf().libbpf_num_possible_cpus());
}

function key64(key: bigint): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new BigUint64Array([key]).buffer);
}

function key32(key: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new Uint32Array([key]).buffer);
}
