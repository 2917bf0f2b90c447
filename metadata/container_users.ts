// Users and groups of containers, from their own passwd and group files.
// In: containers and processes of them, as they turn up. Out: what has been added to the lists of a container, or has
// gone from them, by the host's numbers, and that a container's files have been read.
//
// The files are read through the root of one of its processes. The first ones are those of the runtime, which has not
// changed its root yet, and many live for a moment only: so each that turns up is looked at, a few times, until one had
// a root of its own. A runtime that gets no CPU takes longer than alerts wait: then the host's files are as good as any, until
// the process has its root after all. Later the files are looked at again every few seconds.
// Elsewhere: reading them safely (ffi/foreign_root.ts), the events that carry the lists (service/containers/container_users.ts).

import { accountsOnHost, type IdMaps } from "./id_map.ts";
import { type Group, parseGroup, parsePasswd, type User, type UserList } from "./users.ts";

/** What reading the files of a process's root gave. */
export type AccountFiles =
  /** there is no such process in this container (any more) */
  | { readonly kind: "gone" }
  /** its root is still the host's */
  | { readonly kind: "host" }
  /** a file that has not changed has no text */
  | {
    readonly kind: "own";
    /** its root is the host's, but that was accepted */
    readonly isHosts?: true;
    readonly passwd: AccountFile;
    readonly group: AccountFile;
    /** of the process's user namespace; nothing where its numbers are the host's */
    readonly ids?: IdMaps;
  };

export interface AccountFile {
  /** empty when there is no such file */
  readonly stamp: string;
  readonly text?: string;
}

export interface ReadRequest {
  readonly id: string;
  readonly pid: number;
  /** read the files of the host's root too */
  readonly acceptsHost: boolean;
  readonly stamps: { readonly passwd: string; readonly group: string };
}

export interface ContainerUsersOptions {
  readonly read: (request: ReadRequest) => Promise<AccountFiles>;
  /** ids of containers that have processes, each with one of these */
  readonly findProcesses: (ids: ReadonlySet<string>) => ReadonlyMap<string, number>;
  readonly onChange: (id: string, change: { readonly added: UserList; readonly removed: UserList }) => void;
  /** the lists of this container are complete */
  readonly onRead: (id: string) => void;
}

/** When a process is looked at again, while its root is the host's: from then to its first program it is a moment only. */
const RETRY_MS = [2, 3, 5, ...new Array<number>(60).fill(8)];
/** The same, once the host's files have been told for it. */
const LATER_MS = new Array<number>(20).fill(250);
const PAUSES_MS = [...RETRY_MS, ...LATER_MS];
const REFRESH_MS = 5000;
const FIND_MS = 60_000;
const MAX_CONTAINERS = 16_384;
const MAX_ACCOUNTS = 1024;
/** Processes of one container that are looked at at the same time. */
const MAX_TRIES = 4;
/** A file system that does not answer keeps its slot; when all are taken, nothing is read any more. */
const MAX_READS = 16;
/** Containers whose files are looked at again in one turn. */
const REFRESH_AT_ONCE = 200;

const NOTHING: UserList = { users: [], groups: [] };
const UNREAD = { passwd: "", group: "" };

interface Entry {
  pid: number;
  isRead: boolean;
  /** what was read is the container's, not the host's */
  isOwn: boolean;
  /** processes that are being looked at */
  readonly tries: Set<number>;
  stamps: { passwd: string; group: string };
  /** those of the first process with a root of its own: later ones may have namespaces of their own inside */
  ids: IdMaps | undefined;
  users: ReadonlyMap<number, User>;
  groups: ReadonlyMap<number, Group>;
}

export class ContainerUsers {
  readonly #options: ContainerUsersOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #timers = [0, 0];
  #reads = 0;
  #refused = 0;
  #isClosed = false;

  constructor(options: ContainerUsersOptions) {
    this.#options = options;
    this.#timers = [
      setInterval(() => this.#refresh(), REFRESH_MS),
      setInterval(() => this.#find(), FIND_MS),
    ].map(Number);
    for (const timer of this.#timers) Deno.unrefTimer(timer);
  }

  /** A process of a container has turned up. */
  seen(id: string, pid: number): void {
    if (pid <= 0 || this.#isClosed) return;
    let entry = this.#entries.get(id);
    if (entry === undefined) {
      if (this.#entries.size >= MAX_CONTAINERS) this.removed(this.#entries.keys().next().value!);
      entry = {
        pid,
        isRead: false,
        isOwn: false,
        tries: new Set(),
        stamps: UNREAD,
        ids: undefined,
        users: new Map(),
        groups: new Map(),
      };
      this.#entries.set(id, entry);
    }
    if (entry.isRead) {
      if (entry.pid === 0) entry.pid = pid;
      // who asks again has forgotten that it was told
      this.#options.onRead(id);
    } else if (entry.tries.size < MAX_TRIES && !entry.tries.has(pid)) this.#try(id, entry, pid);
  }

  /** A container has ended. */
  removed(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    this.#take(id, entry, NOTHING);
  }

  /** Tells all lists again: the listener has been replaced. */
  repeat(): void {
    for (const [id, { users, groups, isRead }] of this.#entries) {
      if (!isRead) continue;
      this.#options.onChange(id, {
        added: { users: [...users.values()], groups: [...groups.values()] },
        removed: NOTHING,
      });
      this.#options.onRead(id);
    }
  }

  counters(): Record<string, number> {
    return { containers: this.#entries.size, reads_under_way: this.#reads, reads_refused: this.#refused };
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) clearInterval(timer);
  }

  async #try(id: string, entry: Entry, pid: number): Promise<void> {
    entry.tries.add(pid);
    try {
      for (let i = 0; i <= PAUSES_MS.length; i++) {
        const files = await this.#read(id, entry, pid, i >= RETRY_MS.length);
        if (entry.isOwn || this.#isClosed || this.#entries.get(id) !== entry) return;
        if (files?.kind === "gone") return;
        if (files?.kind === "own" && (!entry.isRead || files.isHosts === undefined)) {
          entry.pid = pid;
          entry.isRead = true;
          this.#update(id, entry, files);
          this.#options.onRead(id);
          if (entry.isOwn) return;
        }
        await new Promise((resolve) => Deno.unrefTimer(Number(setTimeout(resolve, PAUSES_MS[i]))));
      }
    } finally {
      entry.tries.delete(pid);
    }
  }

  /** Nothing when too many others are being read. */
  async #read(
    id: string,
    entry: Entry,
    pid: number,
    acceptsHost: boolean,
  ): Promise<AccountFiles | undefined> {
    if (this.#isClosed) return { kind: "gone" };
    if (this.#reads >= MAX_READS) {
      this.#refused++;
      return undefined;
    }
    this.#reads++;
    try {
      // what the host's files said does not count for the container's, even if they are the same ones
      const stamps = entry.isOwn ? entry.stamps : UNREAD;
      return await this.#options.read({ id, pid, acceptsHost, stamps });
    } finally {
      this.#reads--;
    }
  }

  #update(id: string, entry: Entry, { passwd, group, ids, isHosts }: AccountFiles & { kind: "own" }): void {
    if (!entry.isOwn) entry.ids = ids;
    entry.isOwn ||= isHosts === undefined;
    entry.stamps = { passwd: passwd.stamp, group: group.stamp };
    const said = {
      users: passwd.text === undefined ? [] : parsePasswd(passwd.text),
      groups: group.text === undefined ? [] : parseGroup(group.text),
    };
    const { users, groups } = entry.ids === undefined ? said : accountsOnHost(said, entry.ids);
    this.#take(id, entry, {
      users: passwd.text === undefined ? [...entry.users.values()] : users,
      groups: group.text === undefined ? [...entry.groups.values()] : groups,
    });
  }

  /** New lists in place of the old ones. */
  #take(id: string, entry: Entry, list: UserList): void {
    // as getpwuid does: the first line with a number counts
    const users = firstByKey(list.users, ({ uid }) => uid);
    const groups = firstByKey(list.groups, ({ gid }) => gid);
    const added = { users: changed(entry.users, users), groups: changed(entry.groups, groups) };
    const removed = { users: missing(entry.users, users), groups: missing(entry.groups, groups) };
    entry.users = users;
    entry.groups = groups;
    if (added.users.length + added.groups.length + removed.users.length + removed.groups.length === 0) return;
    this.#options.onChange(id, { added, removed });
  }

  async #refresh(): Promise<void> {
    let left = REFRESH_AT_ONCE;
    for (const [id, entry] of [...this.#entries]) {
      if (!entry.isRead || entry.pid === 0) continue;
      if (--left < 0 || this.#reads >= MAX_READS / 2) return;
      // the others have their turn next time
      this.#entries.delete(id);
      this.#entries.set(id, entry);
      const files = await this.#read(id, entry, entry.pid, true);
      if (this.#entries.get(id) !== entry) continue;
      if (files?.kind === "gone") entry.pid = 0;
      else if (files?.kind === "own") this.#update(id, entry, files);
    }
  }

  /** Another process for containers whose process has ended; a container without any has ended too. */
  #find(): void {
    const lost = new Set([...this.#entries].filter(([, { pid }]) => pid === 0).map(([id]) => id));
    for (const [id, entry] of this.#entries) if (!entry.isRead && entry.tries.size === 0) lost.add(id);
    if (lost.size === 0) return;
    const found = this.#options.findProcesses(lost);
    for (const id of lost) {
      const pid = found.get(id);
      const entry = this.#entries.get(id)!;
      if (pid === undefined) this.removed(id);
      else if (entry.isRead) entry.pid = pid;
      else this.#try(id, entry, pid);
    }
  }
}

function firstByKey<T>(items: readonly T[], key: (item: T) => number): Map<number, T> {
  const map = new Map<number, T>();
  for (const item of items) {
    if (map.size >= MAX_ACCOUNTS) break;
    if (!map.has(key(item))) map.set(key(item), item);
  }
  return map;
}

function changed<T extends User | Group>(old: ReadonlyMap<number, T>, now: ReadonlyMap<number, T>): T[] {
  return [...now].filter(([id, item]) => JSON.stringify(old.get(id)) !== JSON.stringify(item)).map((
    [, item],
  ) => item);
}

function missing<T>(old: ReadonlyMap<number, T>, now: ReadonlyMap<number, T>): T[] {
  return [...old].filter(([id]) => !now.has(id)).map(([, item]) => item);
}
