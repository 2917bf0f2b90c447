// The state at the start of a capture: lists of threads, files, users, interfaces, in any number of blocks, and
// what has to follow when the last of them has been read: that is when the first event comes.
// In: bodies of blocks. Out: the state. Elsewhere: the framing of blocks (ingest.ts).

import { forgetServerPorts, settleSockets } from "./fd_list";
import { addIpv4Interface, addIpv6Interface, clearInterfaces } from "./interfaces";
import { setBootNs, setHostName, setOwnRecording } from "./machine";
import {
  bytesLeft,
  hasFailed,
  readBytes,
  readNumber,
  readPosition,
  readText,
  skipTo,
  startReading,
} from "./reader";
import { setDue } from "./due";
import { isAnswer } from "./look_up";
import { bucketHead } from "./thread_table";
import { linkAllThreads } from "./thread_life";
import { addGroup, addUser } from "./users";
import { onReset } from "../memory/reset";
import { viewAt } from "../strings/view";
import { Thread } from "./thread";

const MAX_PATH: u32 = 1024;
const MAX_NAME: u32 = 255;
const NOTHING: u64 = 0;
/** after u32 CPUs, u64 memory, u64 largest pid */
const HOST_NAME_AT: usize = 20;
/** after 128 bytes of host name */
const BOOT_NS_AT: usize = 148;
/** a reserved number of the machine block, and what our own recordings have there (scap/section.ts) */
const MARK_AT: usize = 172;
const MARK: u64 = 0x4f434c4146504353;

/** whether lists have been read since the last event */
let pending: bool = false;

onReset(forgetPending);

function forgetPending(): void {
  pending = false;
}

/** A process list or a file list has been read. */
export function markSeeded(): void {
  if (isAnswer) return;
  pending = true;
  setDue();
}

/** Before an event: gives the threads of the lists their groups, parents and the roles of their sockets. */
// @ts-ignore: decorator
@inline
export function finishSeeding(): void {
  if (pending) finish();
}

function finish(): void {
  pending = false;
  linkAllThreads();
  for (let i: u32 = 0;; i++) {
    let at = bucketHead(i);
    if (at == 1) break;
    for (; at != 0; at = changetype<Thread>(at).next) settleSockets(changetype<Thread>(at));
  }
  forgetServerPorts();
}

/** Machine information: its name, when it was booted, and whose probe it was. */
export function readMachine(at: usize, bytes: usize): void {
  if (bytes >= BOOT_NS_AT) setHostName(at + HOST_NAME_AT);
  if (bytes >= BOOT_NS_AT + 8) setBootNs(load<u64>(at + BOOT_NS_AT));
  setOwnRecording(bytes >= MARK_AT + 8 && load<u64>(at + MARK_AT) == MARK);
}

/** Users and groups. @returns 0, or the address of the damaged entry */
export function readUserList(at: usize, bytes: usize, version: u32): usize {
  startReading(at, bytes);
  while (bytesLeft() >= 4) {
    const entry = readPosition();
    const length = version >= 2 ? readNumber<u32>() : 0;
    const end = length == 0 ? at + bytes : entry + length;
    if (end > at + bytes) return entry;
    const kind: u32 = readNumber<u8>();
    const id = readNumber<u32>();
    if (kind == 0) {
      const gid = readNumber<u32>();
      const name = readText(MAX_NAME), home = readText(MAX_PATH), shell = readText(MAX_PATH);
      if (!hasFailed()) addUser(NOTHING, id, gid, name, home, shell);
    } else {
      const name = readText(MAX_NAME);
      if (!hasFailed()) addGroup(NOTHING, id, name);
    }
    if (hasFailed() || (length != 0 && readPosition() > end)) return entry;
    if (length != 0) skipTo(end);
  }
  return 0;
}

/** Network interfaces. @returns 0, or the address of the damaged entry */
export function readInterfaceList(at: usize, bytes: usize, version: u32): usize {
  clearInterfaces();
  startReading(at, bytes);
  while (bytesLeft() >= 4) {
    const entry = readPosition();
    // the length of an entry does not count itself, unlike in all other lists
    const length = version >= 2 ? readNumber<u32>() : 0;
    const end = version < 2 ? at + bytes : entry + 4 + length;
    if (end > at + bytes || end < entry) return entry;
    const type: u32 = readNumber<u16>();
    const nameBytes: u32 = readNumber<u16>();
    const addressBytes: u32 = type == 1 || type == 3 ? 4 : 16;
    const address = readBytes(addressBytes), netmask = readBytes(addressBytes);
    readBytes(addressBytes);
    if (type <= 2) readNumber<u64>();
    readBytes(nameBytes);
    if (type < 1 || type > 4 || hasFailed() || readPosition() > end) return entry;
    if (addressBytes == 4) addIpv4Interface(load<u32>(viewAt(address)), load<u32>(viewAt(netmask)));
    else addIpv6Interface(viewAt(address));
    if (version >= 2) skipTo(end);
  }
  return 0;
}
