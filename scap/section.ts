// The head of a `.scap` file: section header and machine information.
// Elsewhere: the lists that follow (interface_list.ts, user_list.ts, process_list.ts, fd_list.ts).

import { BLOCK, SECTION } from "../schema/mod.ts";
import type { BlockWriter } from "./block_writer.ts";

export interface MachineInfo {
  readonly cpus: number;
  readonly memoryBytes: bigint;
  readonly maxPid: number;
  readonly hostname: string;
  readonly bootEpochNs: bigint;
  /** recorded by our own probe: a replay then evaluates as live monitoring does, where that differs from Falco's replay */
  readonly isOwn?: boolean;
}

/** In the last reserved number, which other programs do not look at (assembly/state/seed.ts). */
const OWN_MARK = 0x4f434c4146504353n;

const HOSTNAME_BYTES = 128;

export function writeSectionHeader(writer: BlockWriter): void {
  writer.beginBlock(BLOCK.SECTION_HEADER);
  writer.u32(SECTION.MAGIC);
  writer.u16(SECTION.MAJOR);
  writer.u16(SECTION.MINOR);
  writer.u64(-1n); // length of the section: not known while it is written
  writer.endBlock();
}

export function writeMachineInfo(writer: BlockWriter, info: MachineInfo): void {
  const hostname = new Uint8Array(HOSTNAME_BYTES);
  // the last byte stays 0
  new TextEncoder().encodeInto(info.hostname, hostname.subarray(0, HOSTNAME_BYTES - 1));
  writer.beginBlock(BLOCK.MACHINE_INFO);
  writer.u32(info.cpus);
  writer.u64(info.memoryBytes);
  writer.u64(info.maxPid);
  writer.raw(hostname);
  writer.u64(info.bootEpochNs);
  for (let i = 0; i < 2; i++) writer.u64(0); // flags, reserved
  writer.u64(info.isOwn === true ? OWN_MARK : 0);
  writer.endBlock();
}
