// Users and groups by container and id; the host's container is the empty text.
// In: lists and records of captures, or of the host. Out: names. Bounded: a container image could hold any number.

import { HashTable, TABLE_BYTES } from "../memory/hash_table";
import { allocateZeroed, free } from "../memory/heap";
import { literal } from "../strings/literal";
import { internView, release, viewOf } from "../strings/intern";
import { MISSING, viewAt, viewBytes } from "../strings/view";
import { NO_ID } from "./thread";

@unmanaged
class Account {
  next: u32;
  gid: u32;
  /** container and id (`keyOf`) */
  key: u64;
  name: u32;
  home: u32;
  shell: u32;
  unused: u32;

  // @ts-ignore: decorator
  @inline
  has(key: u64, _hash: u32): bool {
    return this.key == key;
  }
}

const BUCKETS: u32 = 16384;
const MAX_ACCOUNTS: u32 = 262144;
/** Names longer than this are cut, as Falco does. */
const MAX_NAME: u64 = 255;

const ROOT = literal("root");
const ROOT_HOME = literal("/root");

const users = changetype<HashTable<Account>>(memory.data(TABLE_BYTES, 8));
const groups = changetype<HashTable<Account>>(memory.data(TABLE_BYTES, 8));

export function initUsers(): void {
  users.init(BUCKETS, dropUser);
  groups.init(BUCKETS, dropGroup);
}

/** @param container interned; 0 = host */
// @ts-ignore: decorator
@inline
function keyOf(container: u32, id: u32): u64 {
  return (<u64>container << 32) | <u64>id;
}

// @ts-ignore: decorator
@inline
function hashOfKey(key: u64): u32 {
  return <u32>key ^ <u32>(key >> 36);
}

// id 0 of the host has its usual name even when no list says so

export function userName(container: u32, uid: u32): u64 {
  const user = find(users, container, uid);
  if (changetype<usize>(user) != 0) return viewOf(user.name);
  return container == 0 && uid == 0 ? ROOT : MISSING;
}

/** Whether a list has the user. */
export function hasUser(container: u32, uid: u32): bool {
  return changetype<usize>(find(users, container, uid)) != 0;
}

export function userHome(container: u32, uid: u32): u64 {
  const user = find(users, container, uid);
  if (changetype<usize>(user) != 0) return viewOf(user.home);
  return container == 0 && uid == 0 ? ROOT_HOME : MISSING;
}

export function userShell(container: u32, uid: u32): u64 {
  const user = find(users, container, uid);
  return changetype<usize>(user) == 0 ? MISSING : viewOf(user.shell);
}

export function groupName(container: u32, gid: u32): u64 {
  const group = find(groups, container, gid);
  if (changetype<usize>(group) != 0) return viewOf(group.name);
  return container == 0 && gid == 0 ? ROOT : MISSING;
}

/** Adds a user or renews what is known of it. */
export function addUser(container: u64, uid: u32, gid: u32, name: u64, home: u64, shell: u64): void {
  if (isForeign(name)) return;
  const user = findOrMake(users, container, uid);
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
  const group = findOrMake(groups, container, gid);
  if (changetype<usize>(group) != 0) setAccountName(group, name);
}

export function removeUser(container: u64, uid: u32): void {
  remove(users, container, uid);
}

export function removeGroup(container: u64, gid: u32): void {
  remove(groups, container, gid);
}

/** Entries of network directories begin with + or - and refer to other lists. */
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

function find(accounts: HashTable<Account>, container: u32, id: u32): Account {
  if (id == NO_ID) return changetype<Account>(0);
  const key = keyOf(container, id);
  return accounts.find(hashOfKey(key), key);
}

function findOrMake(accounts: HashTable<Account>, containerName: u64, id: u32): Account {
  const container = internView(containerName);
  const found = find(accounts, container, id);
  if (changetype<usize>(found) != 0) {
    release(container);
    return found;
  }
  const isFull = accounts.isMissing || users.count + groups.count >= MAX_ACCOUNTS;
  const at = isFull ? 0 : allocateZeroed(offsetof<Account>());
  if (at == 0) {
    release(container);
    return changetype<Account>(0);
  }
  const account = changetype<Account>(at);
  account.key = keyOf(container, id);
  accounts.insert(hashOfKey(account.key), account);
  return account;
}

function remove(accounts: HashTable<Account>, containerName: u64, id: u32): void {
  const container = internView(containerName);
  const account = find(accounts, container, id);
  if (changetype<usize>(account) != 0) drop(accounts, account);
  release(container);
}

function dropUser(user: Account): void {
  drop(users, user);
}

function dropGroup(group: Account): void {
  drop(groups, group);
}

function drop(accounts: HashTable<Account>, account: Account): void {
  accounts.remove(hashOfKey(account.key), account);
  release(<u32>(account.key >> 32));
  release(account.name);
  release(account.home);
  release(account.shell);
  free(changetype<usize>(account));
}
