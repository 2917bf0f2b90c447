// Reads the blocks of a `.scap` stream back into the values that scap/ writes: the other half, for tests only.

import { BLOCK, FD_TYPE } from "../../schema/wire.ts";
import type { FdEntry, FdTarget } from "../../scap/fd_list.ts";
import type { Interface } from "../../scap/interface_list.ts";
import type { ProcessEntry } from "../../scap/process_list.ts";
import type { Group, User } from "../../scap/user_list.ts";

export class Block {
  readonly type: number;
  readonly at: number;
  readonly #stream: Uint8Array;
  readonly #total: number;

  constructor(stream: Uint8Array, type: number, at: number, total: number) {
    this.#stream = stream;
    this.type = type;
    this.at = at;
    this.#total = total;
  }

  get bytes(): Uint8Array {
    return this.#stream.slice(this.at, this.at + this.#total);
  }

  get body(): Cursor {
    return new Cursor(this.#stream, this.at + 8, this.at + this.#total - 4);
  }
}

export class Cursor {
  readonly #view: DataView;
  at: number;
  readonly end: number;

  constructor(readonly bytes: Uint8Array, at: number, end: number) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
    this.end = end;
  }

  u8 = () => this.#view.getUint8(this.#skip(1));
  u16 = () => this.#view.getUint16(this.#skip(2), true);
  u32 = () => this.#view.getUint32(this.#skip(4), true);
  u64 = () => this.#view.getBigUint64(this.#skip(8), true);
  i64 = () => this.#view.getBigInt64(this.#skip(8), true);
  id = () => Number(this.i64());
  raw(bytes: number): Uint8Array {
    const at = this.#skip(bytes);
    return this.bytes.slice(at, at + bytes);
  }
  string = () => this.raw(this.u16());
  text = () => new TextDecoder().decode(this.string());

  #skip(bytes: number): number {
    const at = this.at;
    if (at + bytes > this.end) throw new RangeError(`read after the end at ${at}`);
    this.at += bytes;
    return at;
  }
}

export function parseBlocks(bytes: Uint8Array): Block[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks: Block[] = [];
  for (let at = 0; at < bytes.length;) {
    const type = view.getUint32(at, true);
    const total = view.getUint32(at + 4, true);
    if (total < 12 || total % 4 !== 0) throw new RangeError(`length ${total} at ${at}`);
    if (view.getUint32(at + total - 4, true) !== total) throw new RangeError(`trailer at ${at}`);
    blocks.push(new Block(bytes, type, at, total));
    at += total;
  }
  return blocks;
}

/** Entries until the padding, which is shorter than a length. */
function* entries(body: Cursor): Generator<number> {
  while (body.end - body.at >= 4) {
    const at = body.at;
    const length = body.u32();
    yield at + length;
  }
}

export function parseProcessList(block: Block): ProcessEntry[] {
  const list: ProcessEntry[] = [];
  const b = block.body;
  for (const end of entries(b)) {
    const [tid, pid, ptid, sid, vpgid] = [b.id(), b.id(), b.id(), b.id(), b.id()];
    const [comm, exe, exepath, args, cwd] = [b.string(), b.string(), b.string(), b.string(), b.string()];
    const fdlimit = b.i64();
    const [flags, uid, gid, vmsizeKb, vmrssKb, vmswapKb] = [
      b.u32(),
      b.u32(),
      b.u32(),
      b.u32(),
      b.u32(),
      b.u32(),
    ];
    const [pageFaultsMajor, pageFaultsMinor, env] = [b.u64(), b.u64(), b.string()];
    const [vtid, vpid, cgroups, root] = [b.id(), b.id(), b.string(), b.string()];
    const [pidnsInitStartNs, tty, loginuid, exeWritable] = [b.u64(), b.u32(), b.u32(), b.u8() !== 0];
    const [capInheritable, capPermitted, capEffective] = [b.u64(), b.u64(), b.u64()];
    const exeUpperLayer = b.u8() !== 0;
    const [exeIno, exeInoCtimeNs, exeInoMtimeNs] = [b.u64(), b.u64(), b.u64()];
    const [exeFromMemfd, exeLowerLayer, pgid] = [b.u8() !== 0, b.u8() !== 0, b.id()];
    if (b.at !== end) throw new RangeError(`entry of thread ${tid} ends at ${end}, read to ${b.at}`);
    // deno-fmt-ignore
    list.push({
      tid, pid, ptid, sid, vpgid, pgid, vtid, vpid, comm, exe, exepath, args, env, cwd, root, cgroups, fdlimit, flags,
      uid, gid, loginuid, tty, vmsizeKb, vmrssKb, vmswapKb, pageFaultsMajor, pageFaultsMinor, capInheritable,
      capPermitted, capEffective, pidnsInitStartNs, exeWritable, exeUpperLayer, exeLowerLayer, exeFromMemfd, exeIno,
      exeInoCtimeNs, exeInoMtimeNs,
    });
  }
  return list;
}

export function parseFdList(block: Block): { tid: number; fds: FdEntry[] } {
  const b = block.body;
  const tid = b.id();
  const fds: FdEntry[] = [];
  for (const end of entries(b)) {
    const [fd, ino, type] = [b.id(), b.u64(), b.u8()];
    fds.push({ fd, ino, target: parseTarget(b, type) });
    if (b.at !== end) throw new RangeError(`entry of fd ${fd} ends at ${end}, read to ${b.at}`);
  }
  return { tid, fds };
}

function parseTarget(b: Cursor, type: number): FdTarget {
  switch (type) {
    case FD_TYPE.IPV4_SOCK:
      return { kind: "ipv4", sip: b.u32(), dip: b.u32(), sport: b.u16(), dport: b.u16(), l4: b.u8() };
    case FD_TYPE.IPV6_SOCK:
      return { kind: "ipv6", sip: b.raw(16), dip: b.raw(16), sport: b.u16(), dport: b.u16(), l4: b.u8() };
    case FD_TYPE.IPV4_SERVSOCK:
      return { kind: "ipv4 server", ip: b.u32(), port: b.u16(), l4: b.u8() };
    case FD_TYPE.IPV6_SERVSOCK:
      return { kind: "ipv6 server", ip: b.raw(16), port: b.u16(), l4: b.u8() };
    case FD_TYPE.UNIX_SOCK:
      return { kind: "unix", source: b.u64(), peer: b.u64(), name: b.string() };
    case FD_TYPE.FILE_V2: {
      const [openFlags, name, dev] = [b.u32(), b.string(), b.u32()];
      return { kind: "file", openFlags, dev, name };
    }
    default:
      return { kind: "named", type, name: b.string() };
  }
}

export function parseUserList(block: Block): { users: User[]; groups: Group[] } {
  const b = block.body;
  const users: User[] = [];
  const groups: Group[] = [];
  for (const end of entries(b)) {
    if (b.u8() === 0) {
      users.push({ uid: b.u32(), gid: b.u32(), name: b.text(), home: b.text(), shell: b.text() });
    } else groups.push({ gid: b.u32(), name: b.text() });
    if (b.at !== end) throw new RangeError(`entry ends at ${end}, read to ${b.at}`);
  }
  return { users, groups };
}

export function parseInterfaceList(block: Block): Interface[] {
  const b = block.body;
  const list: Interface[] = [];
  while (b.end - b.at >= 4) {
    b.u32();
    const bytes = b.u16() === 1 ? 4 : 16;
    const nameBytes = b.u16();
    const [address, netmask] = [b.raw(bytes), b.raw(bytes)];
    b.raw(bytes);
    b.u64();
    list.push({ name: new TextDecoder().decode(b.raw(nameBytes)), address, netmask });
  }
  return list;
}

export function blocksOf(bytes: Uint8Array, type: keyof typeof BLOCK): Block[] {
  return parseBlocks(bytes).filter((block) => block.type === BLOCK[type]);
}
