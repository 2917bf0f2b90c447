// `.scap` blocks: capture files, and the lists with which live capture begins.
// In: whole blocks at an address (TypeScript puts them into the ingest region and keeps an incomplete one for the
// next call). Out: seeded state, evaluated events. Unknown blocks are skipped and counted.
//
//   block   u32 type · u32 total length (header, body, padding, trailer) · body · u32 total length again
//   event   u16 cpu · [u32 flags] · event

import { convert, Converted, isOfToday } from "./convert/convert";
import { count } from "./memory/counters";
import { event, isWhole, Opened, openEvent } from "./event";
import { eventParamCount } from "./generated/tables";
import { ASYNCEVENT_E, EVENT_COUNT } from "./generated/events";
import {
  COUNT_BLOCKS_SKIPPED,
  COUNT_EVENTS_UNKNOWN,
  EVENT_HEADER_BYTES,
  INGEST_BYTES,
} from "./generated/layout";
import {
  BLOCK_EVENT,
  BLOCK_EVENT_FLAGS,
  BLOCK_EVENT_V2,
  BLOCK_EVENT_V2_FLAGS,
  BLOCK_EVENT_V2_FLAGS_LARGE,
  BLOCK_EVENT_V2_LARGE,
  BLOCK_FD_LIST,
  BLOCK_FD_LIST_V2,
  BLOCK_INTERFACE_LIST,
  BLOCK_INTERFACE_LIST_V2,
  BLOCK_MACHINE_INFO,
  BLOCK_PROCESS_LIST,
  BLOCK_PROCESS_LIST_V2,
  BLOCK_PROCESS_LIST_V3,
  BLOCK_PROCESS_LIST_V4,
  BLOCK_PROCESS_LIST_V5,
  BLOCK_PROCESS_LIST_V6,
  BLOCK_PROCESS_LIST_V7,
  BLOCK_PROCESS_LIST_V8,
  BLOCK_PROCESS_LIST_V9,
  BLOCK_SECTION_HEADER,
  BLOCK_USER_LIST,
  BLOCK_USER_LIST_V2,
  SECTION_MAGIC,
} from "./generated/wire";
import { evaluateEvent } from "./evaluate";
import { idleKind, passIdle } from "./idle";
import { allocate } from "./memory/heap";
import { resetState } from "./memory/reset";
import { forgetServerPorts, readFdList } from "./state/fd_list";
import { setAnswer } from "./state/look_up";
import { readProcessList } from "./state/process_list";
import { markSeeded, readInterfaceList, readMachine, readUserList } from "./state/seed";
import { lastTimeNs } from "./state/update";

const FRAME_BYTES: u32 = 12;
/** Flag of an event that changes the state and is shown to no rule. */
const STATE_ONLY: u32 = 1;
/** Header of events of old captures: without the number of parameters. */
const OLD_HEADER_BYTES: usize = 22;
const OLD_EVENT_BYTES: usize = 1 << 16;

/** where events of old captures get the number of their parameters; 0 = not needed yet */
let withCount: usize = 0;
let injecting: bool = false;

/**
 * Walks whole blocks.
 * @returns bytes consumed; negative when damaged at offset −result − 1
 */
export function ingest(at: i32, bytes: i32): i32 {
  const start = <usize>at, end = start + <usize>bytes;
  let block = start;
  while (end - block >= FRAME_BYTES) {
    const total = load<u32>(block, 4);
    if (total < FRAME_BYTES || total > <u32>INGEST_BYTES) return damaged(start, block);
    if (total > end - block) break;
    if (load<u32>(block + total - 4) != total) return damaged(start, block);
    const body = block + 8;
    const problem = readBlock(load<u32>(block), body, total - FRAME_BYTES);
    if (problem != 0) return damaged(start, problem);
    block += total;
  }
  return <i32>(block - start);
}

/**
 * The same for records that come from outside the stream of events, such as what is known of a container. They get the
 * time of the last event, so that time never runs backwards. Rules see of them that containers come and go, as far as the
 * record is not marked as state.
 */
export function inject(at: i32, bytes: i32): i32 {
  injecting = true;
  const consumed = ingest(at, bytes);
  injecting = false;
  return consumed;
}

/** Process and file lists that answer a question (state/look_up.ts), in the middle of an event: what is known stays. */
export function look_up(at: i32, bytes: i32): i32 {
  setAnswer(true);
  const consumed = ingest(at, bytes);
  setAnswer(false);
  forgetServerPorts();
  return consumed;
}

// @ts-ignore: decorator
@inline
function damaged(start: usize, at: usize): i32 {
  return -1 - <i32>(at - start);
}

/** @returns 0, or the address of the damage */
function readBlock(type: u32, at: usize, bytes: usize): usize {
  switch (type) {
    case BLOCK_EVENT_V2:
    case BLOCK_EVENT_V2_LARGE:
      return readEvent(at, bytes, 2, 0);
    case BLOCK_EVENT_V2_FLAGS:
    case BLOCK_EVENT_V2_FLAGS_LARGE:
      return bytes < 6 ? at : readEvent(at, bytes, 6, load<u32>(at, 2));
    case BLOCK_EVENT:
    case 0x8010abcd:
      return readOldEvent(at, bytes, 2, 0);
    case BLOCK_EVENT_FLAGS:
      return bytes < 6 ? at : readOldEvent(at, bytes, 6, load<u32>(at, 2));
    case BLOCK_SECTION_HEADER:
      return readSection(at, bytes);
    case BLOCK_MACHINE_INFO:
    case 0x8002abcd:
      readMachine(at, bytes);
      return 0;
    case BLOCK_INTERFACE_LIST:
    case 0x8011abcd:
      return readInterfaceList(at, bytes, 1);
    case BLOCK_INTERFACE_LIST_V2:
      return readInterfaceList(at, bytes, 2);
    case BLOCK_USER_LIST:
    case 0x8012abcd:
      return readUserList(at, bytes, 1);
    case BLOCK_USER_LIST_V2:
      return readUserList(at, bytes, 2);
    case BLOCK_FD_LIST:
    case 0x8001abcd:
      markSeeded();
      return readFdList(at, bytes, 1);
    case BLOCK_FD_LIST_V2:
      markSeeded();
      return readFdList(at, bytes, 2);
  }
  const version = processListVersion(type);
  if (version != 0) {
    markSeeded();
    return readProcessList(at, bytes, version);
  }
  count(COUNT_BLOCKS_SKIPPED);
  return 0;
}

function processListVersion(type: u32): u32 {
  switch (type) {
    case BLOCK_PROCESS_LIST:
    case 0x8000abcd:
      return 1;
    case BLOCK_PROCESS_LIST_V2:
    case 0x8013abcd:
      return 2;
    case BLOCK_PROCESS_LIST_V3:
    case 0x8014abcd:
      return 3;
    case BLOCK_PROCESS_LIST_V4:
      return 4;
    case BLOCK_PROCESS_LIST_V5:
      return 5;
    case BLOCK_PROCESS_LIST_V6:
      return 6;
    case BLOCK_PROCESS_LIST_V7:
      return 7;
    case BLOCK_PROCESS_LIST_V8:
      return 8;
    case BLOCK_PROCESS_LIST_V9:
      return 9;
  }
  return 0;
}

/** A section begins a capture: all state belongs to the previous one. */
function readSection(at: usize, bytes: usize): usize {
  // capture files of the other byte order and of a later major version cannot be read
  if (bytes < 16 || load<u32>(at) != SECTION_MAGIC || load<u16>(at, 4) > 1) return at;
  resetState();
  return 0;
}

function readEvent(at: usize, bytes: usize, offset: usize, flags: u32): usize {
  if (bytes < offset + EVENT_HEADER_BYTES) return at;
  return accept(at + offset, bytes - offset, <i32>load<u16>(at), flags) ? 0 : at;
}

/** Evaluates an event, or what it is converted to. @returns whether it is whole */
function accept(given: usize, bytes: usize, cpu: i32, flags: u32): bool {
  if (injecting && lastTimeNs != 0) store<u64>(given, lastTimeNs);
  if (!isOfToday(given)) {
    const converted = convert(given, bytes);
    if (converted == Converted.DAMAGED) return false;
    if (converted == Converted.NOTHING) return true;
    given = converted;
    bytes = load<u32>(given, 16);
  }
  const idle = flags == 0 && !injecting ? idleKind(given) : 0;
  if (idle != 0 && isWhole(given, bytes) && passIdle(given, idle, load<i64>(given, 8), 0)) return true;
  const opened = openEvent(given, bytes, cpu);
  if (opened == Opened.YES) evaluateEvent((flags & STATE_ONLY) != 0 || (injecting && event.type != ASYNCEVENT_E));
  else if (opened == Opened.UNKNOWN) count(COUNT_EVENTS_UNKNOWN);
  return opened != Opened.DAMAGED;
}

/** Puts the number of parameters into the header: the largest with which the lengths add up. */
function readOldEvent(at: usize, bytes: usize, offset: usize, flags: u32): usize {
  if (bytes < offset + OLD_HEADER_BYTES || bytes > OLD_EVENT_BYTES) return at;
  const old = at + offset;
  const type: u32 = load<u16>(old, 20);
  if (type >= EVENT_COUNT) {
    count(COUNT_EVENTS_UNKNOWN);
    return 0;
  }
  // the length of these two was written wrong
  const surplus: u32 = type == 280 || type == 286 ? 3 : 0;
  const length = load<u32>(old, 16) - surplus;
  if (length > bytes - offset || length < OLD_HEADER_BYTES) return at;
  if (withCount == 0) withCount = allocate(OLD_EVENT_BYTES + 8);
  if (withCount == 0) return 0;
  const params = oldParamCount(old, length, eventParamCount(type));
  if (params < 0) return at;
  memory.copy(withCount, old, OLD_HEADER_BYTES);
  store<u32>(withCount, length + 4, 16);
  store<u32>(withCount, params, OLD_HEADER_BYTES);
  memory.copy(withCount + EVENT_HEADER_BYTES, old + OLD_HEADER_BYTES, length - OLD_HEADER_BYTES);
  accept(withCount, length + 4, <i32>load<u16>(at), flags);
  return 0;
}

/** −1 when no number of parameters fits. */
function oldParamCount(at: usize, length: u32, most: u32): i32 {
  for (let params = <i32>most; params >= 0; params--) {
    let sum: u32 = OLD_HEADER_BYTES + 2 * params;
    if (sum > length) continue;
    for (let i = 0; i < params; i++) sum += load<u16>(at + OLD_HEADER_BYTES + (<usize>i << 1));
    if (sum == length) return params;
  }
  return -1;
}
