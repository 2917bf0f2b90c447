// Mounts of the container in which the event happened.
// In: a mount's position, or an expression for its source or its destination. Out: one part of it, or all.
//
// The text form of each mount is source:destination:mode:writable:propagation.

import { str_find } from "../match/find";
import { EMPTY } from "../strings/literal";
import { begin, finish, putByte, putText } from "../strings/writer";
import { MOUNT_PARTS } from "../state/container";
import { currentContainer, isNone } from "../state/container_table";
import { viewAt, viewBytes } from "../strings/view";
import { textOf } from "./text";

// @ts-ignore: decorator
@inline const SOURCE: u32 = 0;

// @ts-ignore: decorator
@inline const DEST: u32 = 1;

// @ts-ignore: decorator
@inline const MODE: u32 = 2;

// @ts-ignore: decorator
@inline const RDWR: u32 = 3;

// @ts-ignore: decorator
@inline const PROPAGATION: u32 = 4;

// @ts-ignore: decorator
@inline const WHOLE: u32 = MOUNT_PARTS;

/** the parts of one mount */
const parts: usize = memory.data(5 * 8, 8);
let next: usize = 0;
let end: usize = 0;

/** Goes to the mounts of the container; false when nothing is known of it. */
function startMounts(): bool {
  const container = currentContainer();
  if (isNone(container)) return false;
  const list = textOf(container.mounts);
  next = viewAt(list);
  end = next + viewBytes(list);
  return true;
}

/** Reads the next mount into `parts`; false after the last one. */
function nextMount(): bool {
  if (next >= end) return false;
  for (let i: u32 = 0; i < MOUNT_PARTS; i++) {
    let to = next;
    while (to < end && load<u8>(to) != 0) to++;
    store<u64>(parts + (<usize>i << 3), (<u64>(to - next) << 32) | <u64>next);
    next = to + 1;
  }
  return true;
}

function putMount(): void {
  for (let i: u32 = 0; i < MOUNT_PARTS; i++) {
    if (i != 0) putByte(58);
    putText(load<u64>(parts + (<usize>i << 3)));
  }
}

function answer(part: u32): u64 {
  if (part != WHOLE) return load<u64>(parts + (<usize>part << 3));
  begin();
  putMount();
  return finish();
}

function byPosition(index: i32, part: u32): u64 {
  if (!startMounts()) return 0;
  for (let i = 0; nextMount(); i++) if (i == index) return answer(part);
  return 0;
}

/** The first mount in whose `key` part the expression is found. */
function byText(expression: u64, key: u32, part: u32): u64 {
  if (!startMounts()) return 0;
  while (nextMount()) {
    if (str_find(load<u64>(parts + (<usize>key << 3)), expression)) return answer(part);
  }
  return 0;
}

/** All mounts, joined by commas. */
export function container_mounts(): u64 {
  if (!startMounts()) return 0;
  if (next == end) return EMPTY;
  begin();
  for (let i = 0; nextMount(); i++) {
    if (i != 0) putByte(44);
    putMount();
  }
  return finish();
}

export function container_mount(index: i32): u64 {
  return byPosition(index, WHOLE);
}

export function container_mount_named(source: u64): u64 {
  return byText(source, SOURCE, WHOLE);
}

export function container_mount_source(index: i32): u64 {
  return byPosition(index, SOURCE);
}

export function container_mount_source_named(dest: u64): u64 {
  return byText(dest, DEST, SOURCE);
}

export function container_mount_dest(index: i32): u64 {
  return byPosition(index, DEST);
}

export function container_mount_dest_named(source: u64): u64 {
  return byText(source, SOURCE, DEST);
}

export function container_mount_mode(index: i32): u64 {
  return byPosition(index, MODE);
}

export function container_mount_mode_named(source: u64): u64 {
  return byText(source, SOURCE, MODE);
}

export function container_mount_rdwr(index: i32): u64 {
  return byPosition(index, RDWR);
}

export function container_mount_rdwr_named(source: u64): u64 {
  return byText(source, SOURCE, RDWR);
}

export function container_mount_propagation(index: i32): u64 {
  return byPosition(index, PROPAGATION);
}

export function container_mount_propagation_named(source: u64): u64 {
  return byText(source, SOURCE, PROPAGATION);
}
