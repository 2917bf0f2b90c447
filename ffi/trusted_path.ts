// Which users can put something at a path: only root and the user that falco runs as, or others too.
// In: a path, or what stat says of a folder. Out: undefined, or what makes it another's.
// For code that is loaded, and for folders with files of ours. Elsewhere: opening files to write (own_file.ts).

import { dirname, join } from "node:path";

const STICKY = 0o1000;
const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;
const MAX_LINKS = 40;

export interface Facts {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** Root can do everything anyway. */
export function isTrusted(uid: number): boolean {
  return uid === 0 || uid === Deno.uid();
}

/** Others than root and falco's own user that may change a file, or put what they like into a folder. */
export function otherWriters({ uid, gid, mode }: Facts): string | undefined {
  if (!isTrusted(uid)) return `belongs to user ${uid}`;
  if ((mode & OTHERS_WRITE) !== 0) return "can be written by everybody";
  if ((mode & GROUP_WRITES) !== 0 && gid !== 0) return `can be written by group ${gid}`;
  return undefined;
}

/**
 * Goes along a path as the kernel does. In a sticky folder no user can remove another user's files.
 * @returns why the path cannot be trusted; undefined when it can, as far as it exists
 */
export function distrust(path: string): string | undefined {
  const names = absolute(path).split("/");
  let at = "/";
  for (let links = 0; names.length > 0;) {
    const name = names.shift()!;
    if (name === "" || name === ".") continue;
    const next = name === ".." ? dirname(at) : join(at, name);
    let facts: Deno.FileInfo;
    try {
      facts = Deno.lstatSync(next);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
    if (facts.isSymlink) {
      if (!isTrusted(facts.uid!)) return `${next} is a link of user ${facts.uid}`;
      if (++links > MAX_LINKS) return `${path} leads in a circle`;
      const target = Deno.readLinkSync(next);
      names.unshift(...target.split("/"));
      if (target.startsWith("/")) at = "/";
      continue;
    }
    const isSticky = facts.isDirectory && (facts.mode! & STICKY) !== 0 && isTrusted(facts.uid!) &&
      names.length > 0;
    const reason = isSticky ? undefined : otherWriters(facts as Facts);
    if (reason !== undefined) return `${next} ${reason}`;
    at = next;
  }
  return undefined;
}

export function absolute(path: string): string {
  return path.startsWith("/") ? path : `${Deno.cwd()}/${path}`;
}
