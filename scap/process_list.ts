// The process list of a `.scap` file (version 9): one entry per thread.
// In: threads as sources/live/process_scan.ts finds them. Out: entries inside a PROCESS_LIST_V9 block of a BlockWriter.
// Elsewhere: reading it (the matcher), the open files of the threads (fd_list.ts).

import { LIST_BLOCK_BYTES, TEXT_LIMIT } from "./blocks.ts";
import { BLOCK } from "../schema/mod.ts";
import type { BlockWriter } from "./block_writer.ts";

export interface ProcessEntry {
  tid: number;
  pid: number;
  /** the parent process */
  ptid: number;
  sid: number;
  /** process group in the thread's own pid namespace, and in the host's; -1 = not known */
  vpgid: number;
  pgid: number;
  vtid: number;
  vpid: number;
  comm: Uint8Array;
  /** argv[0] */
  exe: Uint8Array;
  exepath: Uint8Array;
  /** argv[1..], each ended by NUL */
  args: Uint8Array;
  /** each ended by NUL */
  env: Uint8Array;
  cwd: Uint8Array;
  root: Uint8Array;
  /** `subsys=path`, each ended by NUL */
  cgroups: Uint8Array;
  fdlimit: bigint;
  /** driver's clone flags (schema/flags.ts) */
  flags: number;
  uid: number;
  gid: number;
  /** 0xFFFFFFFF = never set */
  loginuid: number;
  tty: number;
  vmsizeKb: number;
  vmrssKb: number;
  vmswapKb: number;
  pageFaultsMajor: bigint;
  pageFaultsMinor: bigint;
  capInheritable: bigint;
  capPermitted: bigint;
  capEffective: bigint;
  pidnsInitStartNs: bigint;
  exeWritable: boolean;
  exeUpperLayer: boolean;
  exeLowerLayer: boolean;
  exeFromMemfd: boolean;
  exeIno: bigint;
  exeInoCtimeNs: bigint;
  exeInoMtimeNs: bigint;
}

/** Writes the threads as one or more blocks. */
export function writeProcessList(writer: BlockWriter, entries: Iterable<ProcessEntry>): void {
  writer.beginBlock(BLOCK.PROCESS_LIST_V9);
  for (const entry of entries) {
    if (writer.bodyBytes > LIST_BLOCK_BYTES) {
      writer.endBlock();
      writer.beginBlock(BLOCK.PROCESS_LIST_V9);
    }
    writeEntry(writer, entry);
  }
  writer.endBlock();
}

function writeEntry(writer: BlockWriter, entry: ProcessEntry): void {
  const at = writer.beginEntry();
  for (const id of [entry.tid, entry.pid, entry.ptid, entry.sid, entry.vpgid]) writer.u64(id);
  for (const text of [entry.comm, entry.exe, entry.exepath]) writer.string(text, TEXT_LIMIT.PATH);
  writer.string(entry.args, TEXT_LIMIT.LIST);
  writer.string(entry.cwd, TEXT_LIMIT.PATH);
  writer.u64(entry.fdlimit);
  for (const n of [entry.flags, entry.uid, entry.gid]) writer.u32(n);
  for (const n of [entry.vmsizeKb, entry.vmrssKb, entry.vmswapKb]) writer.u32(n);
  writer.u64(entry.pageFaultsMajor);
  writer.u64(entry.pageFaultsMinor);
  writer.string(entry.env, TEXT_LIMIT.LIST);
  writer.u64(entry.vtid);
  writer.u64(entry.vpid);
  writer.string(entry.cgroups, TEXT_LIMIT.LIST);
  writer.string(entry.root, TEXT_LIMIT.PATH);
  writer.u64(entry.pidnsInitStartNs);
  writer.u32(entry.tty);
  writer.u32(entry.loginuid);
  writer.u8(entry.exeWritable ? 1 : 0);
  for (const set of [entry.capInheritable, entry.capPermitted, entry.capEffective]) writer.u64(set);
  writer.u8(entry.exeUpperLayer ? 1 : 0);
  for (const n of [entry.exeIno, entry.exeInoCtimeNs, entry.exeInoMtimeNs]) writer.u64(n);
  writer.u8(entry.exeFromMemfd ? 1 : 0);
  writer.u8(entry.exeLowerLayer ? 1 : 0);
  writer.u64(entry.pgid);
  writer.endEntry(at);
}
