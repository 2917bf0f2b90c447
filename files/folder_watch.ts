// Tells that something has changed in folders, or on the way to them.
// In: paths of files and folders, which need not exist. Out: a call for each round of changes; the callee
// looks what they are. Nothing that appears is opened; names are bytes.
//
// Each name on the way to a path is watched in its folder, so that one that comes into being, is renamed, replaced, or a
// link that is moved is seen, and the watches are set again. When the kernel's queue has run over, or a watch has
// gone with its file system, everything counts as changed. What inotify does not report (a file system that is mounted on
// top, a change made on another host) is found by looking now and then.
// Where the kernel grants no watches the caller is called every second.

import { CallError, ERRNO, messageOf } from "../base/mod.ts";
import { IN, Inotify, type InotifyEvent } from "../ffi/mod.ts";
import { pathWay } from "./path_steps.ts";
import { onReadable } from "./readiness.ts";
import { inTime, lookSlowly } from "./slow_file.ts";

export interface WatchedPath {
  readonly path: string;
  /** names in the folder `path` that matter; undefined: it is a file, or only the folder itself matters */
  readonly inside?: (name: string) => boolean;
}

export interface FolderWatchOptions {
  readonly onChange: () => void;
  /** why changes are only looked for every second; given once */
  readonly onTrouble: (reason: string) => void;
  /** how often to look for what inotify does not report */
  readonly lookMs?: number;
}

interface Watched {
  /** of the way to a path: another file of this name leads elsewhere */
  readonly onWay: Set<string>;
  readonly inside: ((name: string) => boolean)[];
}

const WAY_MASK = IN.CREATE | IN.DELETE | IN.MOVED_FROM | IN.MOVED_TO | IN.DELETE_SELF | IN.MOVE_SELF;
const CONTENT_MASK = WAY_MASK | IN.MODIFY | IN.CLOSE_WRITE | IN.ATTRIB;
const GONE_MASK = IN.IGNORED | IN.UNMOUNT | IN.DELETE_SELF | IN.MOVE_SELF;
/** Far more than a configuration has; the kernel's own bound counts for all programs of a user. */
const MAX_WATCHES = 1024;
const LOOK_MS = 15_000;
const POLL_MS = 1000;
/** Folders that are moved without end are followed only so often. */
const SETTLE_MS = 100;

const decoder = new TextDecoder();

export class FolderWatch {
  readonly #options: FolderWatchOptions;
  readonly #looking: ReturnType<typeof setInterval>;
  #paths: readonly WatchedPath[] = [];
  #inotify: Inotify | undefined;
  #stopReading: (() => void) | undefined;
  #watched = new Map<number, Watched>();
  #ends = "";
  #polling: ReturnType<typeof setInterval> | undefined;
  #settling: ReturnType<typeof setTimeout> | undefined;
  #hasComplained = false;
  #round = 0;
  #isClosed = false;

  constructor(options: FolderWatchOptions) {
    this.#options = options;
    this.#looking = setInterval(() => this.#look(), options.lookMs ?? LOOK_MS);
  }

  /** Resolves when everything is watched: changes from then on are reported. The old watches end after that. */
  async watch(paths: readonly WatchedPath[]): Promise<void> {
    this.#paths = paths;
    await this.#open();
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#looking);
    clearInterval(this.#polling);
    clearTimeout(this.#settling);
    this.#drop();
  }

  async #open(): Promise<void> {
    try {
      await this.#set();
    } catch (error) {
      this.#drop();
      this.#pollIf(messageOf(error));
    }
  }

  async #set(): Promise<void> {
    const round = ++this.#round;
    const { folders, ends } = await this.#plan();
    const inotify = this.#begin();
    if (inotify === undefined) return;
    const watched = new Map<number, Watched>();
    let refused = "";
    for (const [folder, one] of [...folders].slice(0, MAX_WATCHES)) {
      const mask = one.hasContent ? CONTENT_MASK : WAY_MASK;
      const watch = await inTime(folder, () => inotify.add(folder, mask)) ?? -1;
      if (watch >= 0) watched.set(watch, merged(watched.get(watch), one));
      else if ((await lookSlowly(folder))?.kind === "directory") refused ||= folder;
    }
    if (this.#isClosed || round !== this.#round) return inotify.close();
    if (folders.size > MAX_WATCHES) refused ||= [...folders.keys()][MAX_WATCHES]!;
    this.#drop();
    this.#inotify = inotify;
    this.#watched = watched;
    this.#ends = ends;
    this.#stopReading = onReadable(inotify.fd, () => this.#read(inotify));
    this.#pollIf(refused === "" ? undefined : `${refused} cannot be watched (fs.inotify.max_user_watches?)`);
  }

  /** Folders by path; two paths of the same one get the same watch. */
  async #plan() {
    const folders = new Map<string, Watched & { hasContent: boolean }>();
    const at = (folder: string) => {
      const known = folders.get(folder);
      if (known !== undefined) return known;
      const fresh = { onWay: new Set<string>(), inside: [], hasContent: false };
      folders.set(folder, fresh);
      return fresh;
    };
    const ends: string[] = [];
    for (const { path, inside } of this.#paths) {
      const way = await pathWay(path, linkTarget);
      for (const { folder, name } of way.steps) at(folder).onWay.add(name);
      if (inside === undefined) {
        const last = way.steps.at(-1);
        if (last !== undefined) at(last.folder).hasContent = true;
      } else {
        const end = at(way.end);
        end.inside.push(inside);
        end.hasContent = true;
      }
      ends.push(await identity(path));
    }
    return { folders, ends: ends.join("\n") };
  }

  #begin(): Inotify | undefined {
    try {
      return new Inotify();
    } catch (error) {
      const isFull = error instanceof CallError && error.errno === ERRNO.EMFILE;
      const reason = messageOf(error);
      this.#drop();
      this.#pollIf(
        isFull ? "this user has as many inotify instances as fs.inotify.max_user_instances allows" : reason,
      );
      return undefined;
    }
  }

  #drop(): void {
    this.#stopReading?.();
    this.#inotify?.close();
    this.#stopReading = undefined;
    this.#inotify = undefined;
    this.#watched = new Map();
  }

  #pollIf(reason: string | undefined): void {
    clearInterval(this.#polling);
    this.#polling = undefined;
    if (reason === undefined || this.#isClosed) return;
    this.#polling = setInterval(() => this.#options.onChange(), POLL_MS);
    if (!this.#hasComplained) this.#options.onTrouble(reason);
    this.#hasComplained = true;
  }

  #read(inotify: Inotify): void {
    let [leads, changes] = [false, false];
    for (const event of inotify.read()) {
      const what = this.#effectOf(event);
      leads ||= what === "leads elsewhere";
      changes ||= what !== "nothing";
    }
    if (leads) this.#settling ??= setTimeout(() => this.#reopen(), SETTLE_MS);
    if (changes) this.#options.onChange();
  }

  #effectOf({ watch, mask, name }: InotifyEvent): "nothing" | "has changed" | "leads elsewhere" {
    if ((mask & IN.Q_OVERFLOW) !== 0) return "leads elsewhere";
    const watched = this.#watched.get(watch);
    if (watched === undefined) return "nothing";
    if ((mask & GONE_MASK) !== 0) return "leads elsewhere";
    const text = decoder.decode(name);
    if (watched.onWay.has(text)) return (mask & WAY_MASK) !== 0 ? "leads elsewhere" : "has changed";
    return watched.inside.some((matters) => matters(text)) ? "has changed" : "nothing";
  }

  async #reopen(): Promise<void> {
    await this.#open();
    this.#settling = undefined;
    // what has changed while the watches were set
    if (!this.#isClosed) this.#options.onChange();
  }

  async #look(): Promise<void> {
    const ends = (await Promise.all(this.#paths.map(({ path }) => identity(path)))).join("\n");
    if ((ends !== this.#ends || this.#polling !== undefined) && !this.#isClosed) {
      this.#settling ??= setTimeout(() => this.#reopen(), 0);
    }
  }
}

function merged(before: Watched | undefined, one: Watched): Watched {
  if (before === undefined) return one;
  return { onWay: new Set([...before.onWay, ...one.onWay]), inside: [...before.inside, ...one.inside] };
}

async function linkTarget(path: string): Promise<string | undefined> {
  return await inTime(path, () => Deno.readLink(path).catch(() => undefined));
}

/** Of the folder or file, not of its content. */
async function identity(path: string): Promise<string> {
  return (await lookSlowly(path))?.identity ?? "nothing";
}
