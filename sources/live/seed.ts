// The state that a live run begins with, as `.scap` blocks: machine, interfaces, users, processes, open files.
// In: the host. Out: chunks of whole blocks, for the matcher's `ingest` or the head of a recording.
// Elsewhere: the scan itself (process_scan.ts), the block layouts (scap/).

import type { UserList } from "../../metadata/mod.ts";
import {
  BlockWriter,
  writeFdList,
  writeInterfaceList,
  writeMachineInfo,
  writeProcessList,
  writeSectionHeader,
  writeUserList,
} from "../../scap/mod.ts";
import { readInterfaces, readMachineInfo } from "./host_info.ts";
import { type ProcessScan, scanProcesses } from "./process_scan.ts";

export interface Seed {
  /** whose /proc shows the host's processes; undefined: none does, and none is believed */
  readonly hostRoot: string | undefined;
  readonly bootEpochNs: bigint;
  readonly users: UserList;
}

/** Chunks are cut between blocks at about this size. */
const CHUNK_BYTES = 2 << 20;

export function* seedBlocks(seed: Seed): Generator<Uint8Array<ArrayBuffer>> {
  const writer = new BlockWriter();
  writeSectionHeader(writer);
  writeMachineInfo(writer, { ...readMachineInfo(seed.bootEpochNs), isOwn: true });
  writeInterfaceList(writer, readInterfaces());
  writeUserList(writer, seed.users.users, seed.users.groups);
  yield writer.take();
  if (seed.hostRoot !== undefined) {
    yield* processBlocks(writer, scanProcesses(seed.hostRoot, seed.bootEpochNs));
  }
}

function* processBlocks(writer: BlockWriter, scan: ProcessScan): Generator<Uint8Array<ArrayBuffer>> {
  for (let from = 0; from < scan.threads.length; from += 1000) {
    writeProcessList(writer, scan.threads.slice(from, from + 1000));
    if (writer.length > CHUNK_BYTES) yield writer.take();
  }
  for (const [tid, fds] of scan.fds) {
    writeFdList(writer, tid, fds);
    if (writer.length > CHUNK_BYTES) yield writer.take();
  }
  yield writer.take();
}

/** The users alone, when their files have changed. */
export function userBlock(users: UserList): Uint8Array<ArrayBuffer> {
  const writer = new BlockWriter(1 << 16);
  writeUserList(writer, users.users, users.groups);
  return writer.take();
}
