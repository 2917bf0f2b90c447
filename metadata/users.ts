// Users and groups of the host, from its passwd and group files.
// In: the root of the host's file system ("" on the host itself, HOST_ROOT in a container). Out: `readUsers`, and
// `UserFiles`, which reads again when a file has changed. Damaged lines are skipped, a missing file is an empty list: a
// host without user names is watched all the same.
// Elsewhere: users of containers (events that the matcher keeps), the block that carries the list (scap/user_list.ts).

import { lookAt, readRegularText } from "../files/mod.ts";

export interface User {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
  readonly home: string;
  readonly shell: string;
}

export interface Group {
  readonly gid: number;
  readonly name: string;
}

export interface UserList {
  readonly users: readonly User[];
  readonly groups: readonly Group[];
}

const MAX_ID = 0xffff_ffff;
const MAX_TEXT = 255;

export function readUsers(hostRoot: string): UserList {
  return {
    users: parsePasswd(readText(`${hostRoot}/etc/passwd`)),
    groups: parseGroup(readText(`${hostRoot}/etc/group`)),
  };
}

/** The user list together with the question whether it is still true. */
export class UserFiles {
  readonly #hostRoot: string;
  #stamp: string;
  #list: UserList;

  constructor(hostRoot: string) {
    this.#hostRoot = hostRoot;
    this.#stamp = this.#readStamp();
    this.#list = readUsers(hostRoot);
  }

  get list(): UserList {
    return this.#list;
  }

  /** The new list when a file has changed since the last call, otherwise nothing. */
  refresh(): UserList | undefined {
    const stamp = this.#readStamp();
    if (stamp === this.#stamp) return undefined;
    this.#stamp = stamp;
    this.#list = readUsers(this.#hostRoot);
    return this.#list;
  }

  /** Tools replace these files by renaming another over them: inode and size change even within one tick of mtime. */
  #readStamp(): string {
    return ["passwd", "group"].map((name) => lookAt(`${this.#hostRoot}/etc/${name}`)?.stamp ?? "missing")
      .join(", ");
  }
}

export function parsePasswd(text: string): User[] {
  const users: User[] = [];
  for (const line of text.split("\n")) {
    const [name = "", , uidText, gidText, , home = "", shell = ""] = line.split(":");
    const uid = parseId(uidText);
    const gid = parseId(gidText);
    if (!isName(name) || uid === undefined || gid === undefined) continue;
    users.push({ uid, gid, name: cut(name), home: cut(home), shell: cut(shell) });
  }
  return users;
}

export function parseGroup(text: string): Group[] {
  const groups: Group[] = [];
  for (const line of text.split("\n")) {
    const [name = "", , gidText] = line.split(":");
    const gid = parseId(gidText);
    if (!isName(name) || gid === undefined) continue;
    groups.push({ gid, name: cut(name) });
  }
  return groups;
}

function isName(name: string): boolean {
  // "+" and "-" begin the entries of NIS
  return name !== "" && !/^[#+-]/.test(name);
}

function parseId(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return undefined;
  const id = Number(text);
  return id <= MAX_ID ? id : undefined;
}

function cut(text: string): string {
  return text.slice(0, MAX_TEXT);
}

/** Far more than the accounts of any host need. */
const MAX_FILE_BYTES = 16 << 20;

function readText(path: string): string {
  return readRegularText(path, MAX_FILE_BYTES) ?? "";
}
