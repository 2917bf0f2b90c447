// Records that come from no system call: users and groups that were added or have gone.

import { event, paramNumber } from "../../event";
import { GROUPADDED_E, USERADDED_E } from "../../generated/events";
import { viewBytes } from "../../strings/view";
import { isLive } from "../machine";
import { paramText } from "../params";
import { addGroup, addUser, removeGroup, removeUser } from "../users";

/** The container of a record; the host's is the empty text, which is written as a lone NUL. */
let container: u64 = 0;

/** Falco, when it replays a recording, does not take over what records say about containers. */
function isUsed(containerAt: u32): bool {
  container = paramText(containerAt);
  return viewBytes(container) == 0 || isLive;
}

export function parseUserRecord(): void {
  if (!isUsed(5)) return;
  const uid = paramNumber<u32>(0);
  if (event.type == USERADDED_E) {
    addUser(container, uid, paramNumber<u32>(1), paramText(2), paramText(3), paramText(4));
  } else {
    removeUser(container, uid);
  }
}

export function parseGroupRecord(): void {
  if (!isUsed(2)) return;
  const gid = paramNumber<u32>(0);
  if (event.type == GROUPADDED_E) addGroup(container, gid, paramText(1));
  else removeGroup(container, gid);
}
