// Users and groups of a test file.
// In: the values of `users` and `groups`. Out: numbers by names. A name that nobody has defined gets the next number.

import type { YamlNode } from "../../rules/mod.ts";
import { type Group, type User, USUAL_USERS } from "../scenario/world.ts";
import { entriesOf, type NodeReader, valueOf } from "./nodes.ts";

export const USER_KEYS = ["uid", "gid", "home", "shell"] as const;

const FIRST_UID = 1000;

export class Users {
  readonly #users = new Map<string, User>(USUAL_USERS.map((user) => [user.name, user]));
  readonly #groups = new Map<string, Group>(USUAL_USERS.map(({ name, gid }) => [name, { name, gid }]));
  #next = FIRST_UID;

  constructor(readonly reader: NodeReader, users: YamlNode | undefined, groups: YamlNode | undefined) {
    const userMap = users === undefined ? undefined : reader.map(users, "`users`");
    for (const { key, value } of userMap === undefined ? [] : entriesOf(userMap)) {
      this.#readUser(key.value, value);
    }
    const groupMap = groups === undefined ? undefined : reader.map(groups, "`groups`");
    for (const { key, value } of groupMap === undefined ? [] : entriesOf(groupMap)) {
      const gid = reader.whole(value, "a group");
      if (gid !== undefined) this.#groups.set(key.value, { name: key.value, gid });
    }
  }

  get users(): readonly User[] {
    return [...this.#users.values()];
  }

  get groups(): readonly Group[] {
    return [...this.#groups.values()];
  }

  get uids(): ReadonlyMap<string, number> {
    return new Map(this.users.map(({ name, uid }) => [name, uid]));
  }

  get gids(): ReadonlyMap<string, number> {
    return new Map(this.groups.map(({ name, gid }) => [name, gid]));
  }

  /** A number, or a name. */
  uid(node: YamlNode | undefined): number | undefined {
    const name = this.reader.text(node, "a user");
    if (name === undefined) return undefined;
    if (/^\d+$/.test(name)) return this.reader.whole(node, "a user");
    return (this.#users.get(name) ?? this.#define(name, this.#next++)).uid;
  }

  gid(node: YamlNode | undefined): number | undefined {
    const name = this.reader.text(node, "a group");
    if (name === undefined) return undefined;
    if (/^\d+$/.test(name)) return this.reader.whole(node, "a group");
    let group = this.#groups.get(name);
    if (group === undefined) this.#groups.set(name, group = { name, gid: this.#next++ });
    return group.gid;
  }

  /** The main group of a user. */
  groupOf(uid: number): number {
    return this.users.find((user) => user.uid === uid)?.gid ?? uid;
  }

  #readUser(name: string, node: YamlNode): void {
    const { reader } = this;
    if (node.kind === "scalar") {
      const uid = reader.whole(node, "a user");
      if (uid !== undefined) this.#define(name, uid);
      return;
    }
    const map = reader.map(node, "a user", USER_KEYS);
    if (map === undefined) return;
    const uid = reader.whole(valueOf(map, "uid"), "`uid`") ?? this.#next++;
    const text = (key: string) => reader.text(valueOf(map, key), `\`${key}\``);
    this.#define(name, uid, reader.whole(valueOf(map, "gid"), "`gid`"), text("home"), text("shell"));
  }

  #define(name: string, uid: number, gid = uid, home = `/home/${name}`, shell = "/bin/bash"): User {
    const user = { name, uid, gid, home, shell };
    this.#users.set(name, user);
    const known = [...this.#groups.values()].some((group) => group.gid === gid);
    if (!known) this.#groups.set(name, { name, gid });
    return user;
  }
}
