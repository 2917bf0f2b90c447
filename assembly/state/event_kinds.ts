// What the state has to know about each event type, in one table: what kind of event it is, where its fd
// parameter lies, which parser handles it. Built once; afterwards an event costs one load.

import {
  ASYNCEVENT_E,
  CLONE3_X,
  CLONE_X,
  CONNECT_E,
  CONTAINER_E,
  CREAT_E,
  EC_SYSCALL,
  EF_SKIP_PARSER_RESET,
  EF_USES_FD,
  EVENT_COUNT,
  EXECVE_X,
  EXECVEAT_X,
  FORK_X,
  GENERIC_X,
  GROUPADDED_E,
  GROUPDELETED_E,
  OPEN_E,
  OPENAT2_E,
  OPENAT_E,
  PLUGINEVENT_E,
  PROCEXIT_E,
  SPLICE_X,
  SWITCH_E,
  USERADDED_E,
  USERDELETED_E,
  VFORK_X,
} from "../generated/events";
import { hasLargeLengths } from "../event";
import { eventCategory, eventFlags, eventParamCount, paramType, PT_FD } from "../generated/tables";

/** Bits of a kind. */
// deno-fmt-ignore
export namespace Kind {
  /** has no thread and leaves what is current alone */
  export const SKIP: u32 = 1;
  /** user, group, container and plugin records: no thread */
  export const RECORD: u32 = 2;
  export const ENTER: u32 = 4;
  /** an exit event of a system call: its first parameter is the result */
  export const RESULT: u32 = 8;
  export const USES_FD: u32 = 16;
  /** a thread that is not in the table is not made up for such an event */
  export const NO_PLACEHOLDER: u32 = 32;
  export const SWITCH: u32 = 64;
  /** serves the state only; no rule sees it */
  export const NOT_EVALUATED: u32 = 128;
  /** users, groups, containers at the start of a capture: change the state before the capture proper begins */
  export const PREAMBLE: u32 = 256;
  /** clone and execve: with it a thread may enter a container */
  export const ENTERING: u32 = 512;
  /** the exit of a call of which idle.ts knows what it changes */
  export const PLAIN: u32 = 1024;
  /** such an event that no rule asks for */
  export const IDLE: u32 = 2048;
}

/** What a plain event may change besides when its thread was last active. */
// deno-fmt-ignore
export namespace Light {
  export const NOTHING: u32 = 0;
  /** reads and writes without addresses: a socket is connected */
  export const TRANSFER: u32 = 1;
  /** brk, mmap …: how much memory the process has */
  export const MEMORY: u32 = 2;
  export const CLOSE: u32 = 3;
  export const FCNTL: u32 = 4;
  /** makes something unless it has failed */
  export const CREATE: u32 = 5;
}

/** u32 per type: kind in the low 16 bits, fd parameter + 1 in the next 8, then how light it is */
const kinds: usize = memory.data(454 * 4, 8);
/** u32 per type: index of the parser in the function table, 0 = none */
const parsers: usize = memory.data(454 * 4, 8);

// event types of old captures only
const EXECVE_E: u32 = 292;
const EXECVEAT_E: u32 = 330;

// @ts-ignore: decorator
@inline
export function kindOf(type: u32): u32 {
  return load<u32>(kinds + (<usize>type << 2));
}

/** What a plain event of a kind may change (Light). */
// @ts-ignore: decorator
@inline
export function lightOf(kind: u32): u32 {
  return kind >> 24;
}

/** Position of the fd parameter of a kind, −1 = none. */
// @ts-ignore: decorator
@inline
export function fdParamOf(kind: u32): i32 {
  return <i32>(kind >> 16 & 0xff) - 1;
}

// @ts-ignore: decorator
@inline
export function parserOf(type: u32): u32 {
  return load<u32>(parsers + (<usize>type << 2));
}

/** @param light what the parser changes as far as idle.ts knows about it */
export function setParser(type: u32, parser: () => void, light: u32 = Light.NOTHING): void {
  const kind = kindOf(type);
  store<u32>(kinds + (<usize>type << 2), light == Light.NOTHING ? kind & ~Kind.PLAIN : kind | light << 24);
  store<u32>(parsers + (<usize>type << 2), parser.index);
}

// @ts-ignore: decorator
@inline
export function isPlain(type: u32): bool {
  return (kindOf(type) & Kind.PLAIN) != 0;
}

export function setIdle(type: u32, on: bool): void {
  const kind = kindOf(type);
  store<u32>(kinds + (<usize>type << 2), on ? kind | Kind.IDLE : kind & ~Kind.IDLE);
}

export function initKinds(): void {
  for (let type: u32 = 0; type < EVENT_COUNT; type++) {
    store<u32>(kinds + (<usize>type << 2), computeKind(type));
  }
}

function computeKind(type: u32): u32 {
  const flags = eventFlags(type);
  const enter = (type & 1) == 0;
  let kind: u32 = enter ? Kind.ENTER : 0;
  if ((flags & EF_SKIP_PARSER_RESET) != 0) kind |= Kind.SKIP;
  if (!enter && type != GENERIC_X && (eventCategory(type) & EC_SYSCALL) != 0) kind |= Kind.RESULT;
  if ((flags & EF_USES_FD) != 0) kind |= Kind.USES_FD | (<u32>(fdParam(type, enter) + 1) << 16);
  if (isPreamble(type)) kind |= Kind.PREAMBLE | Kind.RECORD;
  if (type == PLUGINEVENT_E) kind |= Kind.RECORD;
  if (type == CLONE_X || type == CLONE3_X || type == FORK_X || type == VFORK_X || type == PROCEXIT_E) {
    kind |= Kind.NO_PLACEHOLDER;
  }
  if (isEntering(type)) kind |= Kind.ENTERING;
  if (type == SWITCH_E) kind |= Kind.NO_PLACEHOLDER | Kind.SWITCH;
  if (isStored(type)) kind |= Kind.NOT_EVALUATED;
  const other = kind & 0xffff & ~(Kind.RESULT | Kind.USES_FD);
  if (other == 0 && !enter && !hasLargeLengths(type)) kind |= Kind.PLAIN;
  return kind;
}

function isPreamble(type: u32): bool {
  return type == CONTAINER_E || type == USERADDED_E || type == USERDELETED_E || type == GROUPADDED_E ||
    type == GROUPDELETED_E || type == ASYNCEVENT_E;
}

function isEntering(type: u32): bool {
  return type == CLONE_X || type == CLONE3_X || type == FORK_X || type == VFORK_X || type == EXECVE_X ||
    type == EXECVEAT_X;
}

/** Enter events that are kept until their exit event. */
function isStored(type: u32): bool {
  return type == OPEN_E || type == CREAT_E || type == OPENAT_E || type == OPENAT2_E || type == CONNECT_E ||
    type == EXECVE_E || type == EXECVEAT_E;
}

/** Position of the parameter that names the fd an event is about; −1 = none. */
function fdParam(type: u32, enter: bool): i32 {
  // splice is about the fd it writes to
  if (type == SPLICE_X) return 2;
  const count = eventParamCount(type);
  for (let i: u32 = enter ? 0 : 1; i < count; i++) {
    if (paramType(type, i) == PT_FD) return <i32>i;
  }
  return -1;
}
