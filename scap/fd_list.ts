// The fd list of a `.scap` file (version 2): one block per thread, which holds the open files of a main thread.
// In: open files as sources/live/fd_scan.ts finds them. Out: FD_LIST_V2 blocks of a BlockWriter.
// Elsewhere: reading it (the matcher), the threads themselves (process_list.ts).

import { LIST_BLOCK_BYTES, TEXT_LIMIT } from "./blocks.ts";
import { BLOCK, FD_TYPE } from "../schema/mod.ts";
import type { BlockWriter } from "./block_writer.ts";

/** What an fd refers to; addresses in network order, ports as numbers. */
export type FdTarget =
  | {
    readonly kind: "ipv4";
    readonly sip: number;
    readonly dip: number;
    readonly sport: number;
    readonly dport: number;
    readonly l4: number;
  }
  | { readonly kind: "ipv4 server"; readonly ip: number; readonly port: number; readonly l4: number }
  | {
    readonly kind: "ipv6";
    readonly sip: Uint8Array;
    readonly dip: Uint8Array;
    readonly sport: number;
    readonly dport: number;
    readonly l4: number;
  }
  | { readonly kind: "ipv6 server"; readonly ip: Uint8Array; readonly port: number; readonly l4: number }
  | { readonly kind: "unix"; readonly source: bigint; readonly peer: bigint; readonly name: Uint8Array }
  | { readonly kind: "file"; readonly openFlags: number; readonly dev: number; readonly name: Uint8Array }
  /** everything else: a type of FD_TYPE and a name */
  | { readonly kind: "named"; readonly type: number; readonly name: Uint8Array };

export interface FdEntry {
  readonly fd: number;
  readonly ino: bigint;
  readonly target: FdTarget;
}

const TYPE_OF: Readonly<Record<Exclude<FdTarget["kind"], "named">, number>> = {
  "ipv4": FD_TYPE.IPV4_SOCK,
  "ipv4 server": FD_TYPE.IPV4_SERVSOCK,
  "ipv6": FD_TYPE.IPV6_SOCK,
  "ipv6 server": FD_TYPE.IPV6_SERVSOCK,
  "unix": FD_TYPE.UNIX_SOCK,
  "file": FD_TYPE.FILE_V2,
};

export function writeFdList(writer: BlockWriter, tid: number, entries: Iterable<FdEntry>): void {
  writer.beginBlock(BLOCK.FD_LIST_V2);
  writer.u64(tid);
  for (const { fd, ino, target } of entries) {
    if (writer.bodyBytes > LIST_BLOCK_BYTES) {
      writer.endBlock();
      writer.beginBlock(BLOCK.FD_LIST_V2);
      writer.u64(tid);
    }
    const at = writer.beginEntry();
    writer.u64(fd);
    writer.u64(ino);
    writer.u8(target.kind === "named" ? target.type : TYPE_OF[target.kind]);
    writeTarget(writer, target);
    writer.endEntry(at);
  }
  writer.endBlock();
}

function writeTarget(writer: BlockWriter, target: FdTarget): void {
  switch (target.kind) {
    case "ipv4":
      writer.u32(target.sip);
      writer.u32(target.dip);
      return ports(writer, target);
    case "ipv6":
      writer.raw(target.sip);
      writer.raw(target.dip);
      return ports(writer, target);
    case "ipv4 server":
      writer.u32(target.ip);
      writer.u16(target.port);
      return writer.u8(target.l4);
    case "ipv6 server":
      writer.raw(target.ip);
      writer.u16(target.port);
      return writer.u8(target.l4);
    case "unix":
      writer.u64(target.source);
      writer.u64(target.peer);
      return writer.string(target.name, TEXT_LIMIT.PATH);
    case "file":
      writer.u32(target.openFlags);
      writer.string(target.name, TEXT_LIMIT.PATH);
      return writer.u32(target.dev);
    case "named":
      return writer.string(target.name, TEXT_LIMIT.PATH);
  }
}

function ports(writer: BlockWriter, pair: { sport: number; dport: number; l4: number }): void {
  writer.u16(pair.sport);
  writer.u16(pair.dport);
  writer.u8(pair.l4);
}
