// Users and groups by container and id; the host's container is the empty text.
// In: lists and records of captures, or of the host. Out: names. Bounded: a container image could hold any number.

import { allocate, allocateZeroed, free } from "../memory/heap";
import { literal } from "../render/literal";
import { internView, release, viewOf } from "../strings/intern";
import { MISSING, viewAt, viewBytes } from "../strings/view";
import { NO_ID } from "./thread";

@unmanaged
class Account {
  next: u32;
  id: u32;
  /** interned; 0 = host */
  container: u32;
  gid: u32;
  name: u32;
  home: u32;
  shell: u32;
  isGroup: u32;
}

const BUCKETS: u32 = 16384;
const MAX_ACCOUNTS: u32 = 262144;
/** Names longer than this are cut, as Falco does. */
const MAX_NAME: u64 = 255;

const ROOT = literal("root");
const ROOT_HOME = literal("/root");

let buckets: usize = 0;
let accounts: u32 = 0;

export function initUsers(): void {
  buckets = allocateZeroed(BUCKETS * 4);
  accounts = 0;
}

// id 0 of the host has its usual name even when no list says so

export function userName(container: u32, uid: u32): u64 {
  const user = find(container, uid, 0);
  if (changetype<usize>(user) != 0) return viewOf(user.name);
  return container == 0 && uid == 0 ? ROOT : MISSING;
}

/** Whether a list has the user. */
export function hasUser(container: u32, uid: u32): bool {
  return changetype<usize>(find(container, uid, 0)) != 0;
}

export function userHome(container: u32, uid: u32): u64 {
  const user = find(container, uid, 0);
  if (changetype<usize>(user) != 0) return viewOf(user.home);
  return container == 0 && uid == 0 ? ROOT_HOME : MISSING;
}

export function userShell(container: u32, uid: u32): u64 {
  const user = find(container, uid, 0);
  return changetype<usize>(user) == 0 ? MISSING : viewOf(user.shell);
}

export function groupName(container: u32, gid: u32): u64 {
  const group = find(container, gid, 1);
  if (changetype<usize>(group) != 0) return viewOf(group.name);
  return container == 0 && gid == 0 ? ROOT : MISSING;
}

/** Adds a user or renews what is known of it. */
export function addUser(container: u64, uid: u32, gid: u32, name: u64, home: u64, shell: u64): void {
  if (isForeign(name)) return;
  const user = findOrMake(container, uid, 0);
  if (changetype<usize>(user) == 0) return;
  user.gid = gid;
  setAccountName(user, name);
  const oldHome = user.home, oldShell = user.shell;
  user.home = internView(home);
  user.shell = internView(shell);
  release(oldHome);
  release(oldShell);
}

export function addGroup(container: u64, gid: u32, name: u64): void {
  if (isForeign(name)) return;
  const group = findOrMake(container, gid, 1);
  if (changetype<usize>(group) != 0) setAccountName(group, name);
}

export function removeUser(container: u64, uid: u32): void {
  remove(container, uid, 0);
}

export function removeGroup(container: u64, gid: u32): void {
  remove(container, gid, 1);
}

/** Forgets all: a new capture begins. */
export function clearUsers(): void {
  for (let i: usize = 0; i < BUCKETS && buckets != 0; i++) {
    const bucket = buckets + (i << 2);
    while (load<u32>(bucket) != 0) drop(bucket);
  }
}

/** Entries of network directories begin with + or - and stand for other lists. */
function isForeign(name: u64): bool {
  if (viewBytes(name) == 0) return false;
  const first = load<u8>(viewAt(name));
  return first == 43 || first == 45;
}

function setAccountName(account: Account, name: u64): void {
  const old = account.name;
  account.name = internView((name >> 32) > MAX_NAME ? (MAX_NAME << 32) | (name & 0xffffffff) : name);
  release(old);
}

// @ts-ignore: decorator
@inline
function bucketOf(container: u32, id: u32): usize {
  return buckets + (<usize>((id ^ (container >> 4)) & (BUCKETS - 1)) << 2);
}

function find(container: u32, id: u32, isGroup: u32): Account {
  if (buckets == 0 || id == NO_ID) return changetype<Account>(0);
  let at: usize = load<u32>(bucketOf(container, id));
  while (at != 0) {
    const account = changetype<Account>(at);
    if (account.id == id && account.container == container && account.isGroup == isGroup) return account;
    at = account.next;
  }
  return changetype<Account>(0);
}

function findOrMake(containerName: u64, id: u32, isGroup: u32): Account {
  const container = internView(containerName);
  const found = find(container, id, isGroup);
  if (changetype<usize>(found) != 0) {
    release(container);
    return found;
  }
  const at = buckets == 0 || accounts >= MAX_ACCOUNTS ? 0 : allocate(offsetof<Account>());
  if (at == 0) {
    release(container);
    return changetype<Account>(0);
  }
  memory.fill(at, 0, offsetof<Account>());
  const account = changetype<Account>(at);
  const bucket = bucketOf(container, id);
  account.id = id;
  account.container = container;
  account.isGroup = isGroup;
  account.next = load<u32>(bucket);
  store<u32>(bucket, <u32>at);
  accounts++;
  return account;
}

function remove(containerName: u64, id: u32, isGroup: u32): void {
  const container = internView(containerName);
  const account = find(container, id, isGroup);
  if (changetype<usize>(account) != 0) {
    let link = bucketOf(container, id);
    while (load<u32>(link) != <u32>changetype<usize>(account)) {
      link = load<u32>(link) + offsetof<Account>("next");
    }
    drop(link);
  }
  release(container);
}

/** Frees the account that the word at `link` refers to. */
function drop(link: usize): void {
  const account = changetype<Account>(<usize>load<u32>(link));
  store<u32>(link, account.next);
  release(account.container);
  release(account.name);
  release(account.home);
  release(account.shell);
  free(changetype<usize>(account));
  accounts--;
}
