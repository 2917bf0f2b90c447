// How the numbers of users and groups inside of a user namespace are called outside.
// In: a process's uid_map or gid_map, as this host's root reads it. Out: the host's number for one of the namespace's.
// Elsewhere: the kernel's own view (user_namespaces(7)).

import type { UserList } from "./users.ts";

interface Range {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

export type IdMap = readonly Range[];

export interface IdMaps {
  readonly uids: IdMap;
  readonly gids: IdMap;
}

/** The kernel takes no more lines. */
const MAX_RANGES = 340;
/** What the kernel shows for a number that has no name outside. */
const OVERFLOW_ID = 65_534;

/** Each line is the first number inside, the first outside, and how many follow. */
export function parseIdMap(text: string): IdMap {
  return text.split("\n", MAX_RANGES).flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(\d+)\s*$/.exec(line);
    return found === null
      ? []
      : [{ inside: Number(found[1]), outside: Number(found[2]), count: Number(found[3]) }];
  });
}

function toHost(map: IdMap, id: number): number | undefined {
  const range = map.find(({ inside, count }) => id >= inside && id < inside + count);
  return range === undefined ? undefined : range.outside + id - range.inside;
}

/** Accounts by the host's numbers; who has none there can never turn up in an event. */
export function accountsOnHost({ users, groups }: UserList, { uids, gids }: IdMaps): UserList {
  return {
    users: users.flatMap((user) => {
      const uid = toHost(uids, user.uid);
      return uid === undefined ? [] : [{ ...user, uid, gid: toHost(gids, user.gid) ?? OVERFLOW_ID }];
    }),
    groups: groups.flatMap((group) => {
      const gid = toHost(gids, group.gid);
      return gid === undefined ? [] : [{ ...group, gid }];
    }),
  };
}
