// Fields of the user as which the process runs, and of the login user.
// In: the current thread; the users of its container (state/users.ts). Users are looked up when a field asks.

import { EMPTY, literal, NOT_AVAILABLE } from "../strings/literal";
import { currentThread } from "../state/current";
import { hasUser, userHome, userName, userShell } from "../state/users";
import { NO_NUMBER } from "../strings/view";
import { noThread } from "./process";

const ROOT = literal("root");
const ROOT_HOME = literal("/root");

export function user_uid(): i64 {
  return noThread() ? NO_NUMBER : <i64>currentThread.uid;
}

/** What a user list says of a user that it has; the empty text when it says nothing. */
function orEmpty(text: u64): u64 {
  return text != 0 || !hasUser(currentThread.containerId, currentThread.uid) ? text : EMPTY;
}

/** Name of a user; root is root even where no user list says so. */
function nameOf(uid: u32): u64 {
  const name = userName(currentThread.containerId, uid);
  return name != 0 ? name : uid == 0 ? ROOT : NOT_AVAILABLE;
}

export function user_name(): u64 {
  return noThread() ? 0 : nameOf(currentThread.uid);
}

export function user_homedir(): u64 {
  if (noThread()) return 0;
  const home = orEmpty(userHome(currentThread.containerId, currentThread.uid));
  return home != 0 ? home : currentThread.uid == 0 ? ROOT_HOME : NOT_AVAILABLE;
}

export function user_shell(): u64 {
  if (noThread()) return 0;
  const shell = orEmpty(userShell(currentThread.containerId, currentThread.uid));
  return shell != 0 ? shell : NOT_AVAILABLE;
}

/** −1 when no user logged in. */
export function user_loginuid(): i64 {
  if (noThread()) return NO_NUMBER;
  return currentThread.loginuid == 0xffffffff ? -1 : <i64>currentThread.loginuid;
}

export function user_loginname(): u64 {
  return noThread() ? 0 : nameOf(currentThread.loginuid);
}
