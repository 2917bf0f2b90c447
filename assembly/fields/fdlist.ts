// Fields of the fds that poll and ppoll wait for: numbers, names, addresses and ports, joined by commas.
// In: the event's list of fds, {i64 fd, i16 events} each; the current thread's fds.

import { event, param } from "../event";
import { POLL_X, PPOLL_X } from "../generated/events";
import { putIp } from "../strings/address";
import { fdOfCurrent } from "../render/fd";
import { NOT_AVAILABLE } from "../strings/literal";
import { begin, cutTo, finish, putByte, putInt, putText, putUnsigned, written } from "../strings/writer";
import { Fd, FdType } from "../state/fd";
import { viewOf } from "../strings/intern";
import { view, viewAt, viewBytes } from "../strings/view";
import { noThread } from "./process";

// @ts-ignore: decorator
@inline const NUMBERS: u32 = 0;
// @ts-ignore: decorator
@inline const NAMES: u32 = 1;
// @ts-ignore: decorator
@inline const CLIENTS: u32 = 2;
// @ts-ignore: decorator
@inline const SERVERS: u32 = 3;
// @ts-ignore: decorator
@inline const CLIENT_PORTS: u32 = 4;
// @ts-ignore: decorator
@inline const SERVER_PORTS: u32 = 5;

function list(what: u32): u64 {
  const type = <u16>event.type;
  const fds = param(1);
  if ((type != POLL_X && type != PPOLL_X) || viewBytes(fds) < 2 || noThread()) return 0;
  const count = min<usize>(load<u16>(viewAt(fds)), (viewBytes(fds) - 2) / 10);
  begin();
  for (let i: usize = 0; i < count; i++) {
    const before = written();
    if (putItem(what, load<i64>(viewAt(fds) + 2 + i * 10))) putByte(44);
    else cutTo(before);
  }
  const empty = written() == 0;
  if (!empty) cutTo(written() - 1);
  const text = finish();
  return empty ? 0 : text;
}

/** Puts what is wanted of one fd; false when it has nothing of the kind. */
function putItem(what: u32, number: i64): bool {
  if (what == NUMBERS) {
    putInt(number);
    return true;
  }
  const fd = fdOfCurrent(number);
  if (what == NAMES) {
    putText(changetype<usize>(fd) == 0 || fd.name == 0 ? NOT_AVAILABLE : viewOf(fd.name));
    return true;
  }
  if (changetype<usize>(fd) == 0) return false;
  const ends = fd.type == FdType.IPV4_SOCK || fd.type == FdType.IPV6_SOCK;
  const listening = fd.type == FdType.IPV4_SERVSOCK || fd.type == FdType.IPV6_SERVSOCK;
  const server = what == SERVERS || what == SERVER_PORTS;
  if (!ends && !(listening && what == SERVERS)) return false;
  if (what >= CLIENT_PORTS) putUnsigned(server ? fd.dport : fd.sport);
  else putIp(addressOf(fd, server));
  return true;
}

function addressOf(fd: Fd, server: bool): u64 {
  const v6 = fd.type == FdType.IPV6_SOCK || fd.type == FdType.IPV6_SERVSOCK;
  return view(changetype<usize>(fd) + (server ? offsetof<Fd>("dip") : offsetof<Fd>("sip")), v6 ? 16 : 4);
}

export function fdlist_nums(): u64 {
  return list(NUMBERS);
}

export function fdlist_names(): u64 {
  return list(NAMES);
}

export function fdlist_cips(): u64 {
  return list(CLIENTS);
}

export function fdlist_sips(): u64 {
  return list(SERVERS);
}

export function fdlist_cports(): u64 {
  return list(CLIENT_PORTS);
}

export function fdlist_sports(): u64 {
  return list(SERVER_PORTS);
}
