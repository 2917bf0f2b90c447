// What sinks have not acknowledged, on disk: one file for all sinks of a run.
// In: messages, in the order of each sink. Out: the same messages, in this run or, after whatever end, in the next.
// A message is accepted when the transaction that holds it is committed: from then on it outlives the program, kill -9
// included. (When the machine itself goes down, what the kernel had not yet written to the disk is lost.)
// The file is bounded. A damaged one is set aside; one that cannot be written is tried again later. All of this is
// counted and none of it stops anybody: what the file does not take stays in memory.
// Every call waits for the disk, so all of this runs in a thread of its own (spool_worker.ts).
// Elsewhere: how others reach it (spool_client.ts), what waits in memory (spool_backlog.ts), tables and statements
// (spool_file.ts).

import { join } from "node:path";
import { messageOf } from "../base/mod.ts";
import { distrust, openOwnFileSync } from "../ffi/mod.ts";
import { SpoolFile, type SpoolRow } from "./spool_file.ts";

export interface SpoolLimits {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

export interface SpoolStats {
  readonly path: string;
  readonly isWorking: boolean;
  /** its disk does not answer at the moment */
  readonly isStalled?: boolean;
  readonly bytes: number;
  /** damaged files that were set aside */
  readonly damaged: bigint;
  /** writes that failed: disk full, read-only … */
  readonly failures: bigint;
  readonly lastError?: string;
}

export type SpoolNews = (level: "error" | "notice", message: string) => void;

/** Who uses the spool. */
export interface SpoolUser {
  /** the file has been opened: what it holds is unknown */
  opened(): void;
}

const FILE_NAME = "spool.db";
const REOPEN_AFTER_MS = 10_000;
const DAMAGED = /malformed|not a database|corrupt|disk image/i;

export class Spool {
  readonly path: string;
  readonly #directory: string;
  readonly #onNews: SpoolNews;
  #limits: SpoolLimits;
  #file: SpoolFile | undefined;
  #bytes = 0;
  #lastTryMs = -Infinity;
  #damaged = 0n;
  #failures = 0n;
  #lastError: string | undefined;
  readonly #users = new Set<SpoolUser>();
  readonly #nextIds = new Map<string, number>();
  /** deletions and claims that go with the next transaction; they say how many bytes are free by that */
  #deferred: ((file: SpoolFile) => number)[] = [];
  #isScheduled = false;
  /** what has to be added to performance.now() */
  #clockMs: number | undefined;

  constructor(directory: string, limits: SpoolLimits, onNews: SpoolNews) {
    this.#directory = directory;
    this.path = join(directory, FILE_NAME);
    this.#limits = limits;
    this.#onNews = onNews;
    this.#open();
  }

  set limits(limits: SpoolLimits) {
    this.#limits = limits;
  }

  stats(): SpoolStats {
    return {
      path: this.path,
      isWorking: this.#file !== undefined,
      bytes: this.#bytes,
      damaged: this.#damaged,
      failures: this.#failures,
      ...(this.#lastError === undefined ? {} : { lastError: this.#lastError }),
    };
  }

  join(user: SpoolUser): void {
    this.#users.add(user);
  }

  leave(user: SpoolUser): void {
    this.#users.delete(user);
  }

  /** Messages of a sink that wait in the file. */
  count(sink: string): number {
    this.flush();
    return this.#try((file) => file.count(sink)) ?? 0;
  }

  /** Puts messages into the file and gives them their numbers; undefined: none is in it, the reason is in the stats. */
  append(sink: string, messages: readonly Omit<SpoolRow, "id">[]): number[] | undefined {
    if (this.#bytes >= this.#limits.maxBytes) {
      this.#failed(`the spool is full (${this.#limits.maxBytes} bytes)`);
      return undefined;
    }
    return this.#try((file) => {
      const firstId = this.#nextId(file, sink);
      let bytes = 0;
      const nowMs = this.#nowMs();
      this.#commit(file, () => {
        messages.forEach((message, index) =>
          bytes += file.insert(sink, { ...message, id: firstId + index }, nowMs)
        );
      });
      this.#bytes += bytes;
      this.#nextIds.set(sink, firstId + messages.length);
      return messages.map((_, index) => firstId + index);
    });
  }

  /** Undefined when the file cannot be read. */
  load(sink: string, afterId: number, limit: number): SpoolRow[] | undefined {
    this.flush();
    return this.#try((file) => file.select(sink, afterId, limit));
  }

  /** Up to this number messages may have arrived, whatever happens next. It is in the file when this returns. */
  claim(sink: string, id: number): void {
    this.#deferred.push((file) => {
      file.claim(sink, id);
      return 0;
    });
    this.flush();
  }

  claimed(sink: string): number {
    return this.#try((file) => file.claimed(sink)) ?? 0;
  }

  /** These have arrived. The file learns it a little later: the next claim takes it along. */
  remove(sink: string, ids: readonly number[]): void {
    this.#deferred.push((file) => ids.reduce((sum, id) => sum + file.delete(sink, id), 0));
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setTimeout(() => {
      this.#isScheduled = false;
      this.flush();
    });
  }

  /** Forgets what is too old: the numbers of those messages. */
  expire(sink: string): number[] {
    const { maxAgeMs } = this.#limits;
    const gone = this.#try((file) => file.expire(sink, this.#nowMs() - maxAgeMs));
    this.#bytes -= gone?.bytes ?? 0;
    return gone?.ids ?? [];
  }

  flush(): void {
    if (this.#deferred.length > 0) this.#try((file) => this.#commit(file, () => {}));
  }

  close(): void {
    this.flush();
    try {
      this.#file?.close();
    } catch (error) {
      this.#failed(messageOf(error));
    }
    this.#file = undefined;
    this.#lastTryMs = Infinity;
  }

  #commit(file: SpoolFile, action: () => void): void {
    let freed = 0;
    file.transaction(() => {
      for (const change of this.#deferred) freed += change(file);
      action();
    });
    this.#bytes -= freed;
    this.#deferred = [];
  }

  /** Numbers never come twice: a claim speaks of those before it. */
  #nextId(file: SpoolFile, sink: string): number {
    const known = this.#nextIds.get(sink);
    return known ?? Math.max(file.lastId(sink), file.claimed(sink)) + 1;
  }

  #try<T>(action: (file: SpoolFile) => T): T | undefined {
    if (this.#file === undefined) this.#open();
    if (this.#file === undefined) return undefined;
    try {
      return action(this.#file);
    } catch (error) {
      const message = messageOf(error);
      this.#failed(message);
      if (DAMAGED.test(message)) this.#setAside(message);
      return undefined;
    }
  }

  #open(): void {
    const now = performance.now();
    if (now - this.#lastTryMs < REOPEN_AFTER_MS) return;
    this.#lastTryMs = now;
    for (const isLast of [false, true]) {
      try {
        makeFile(this.#directory, this.path);
        this.#file = new SpoolFile(this.path);
        Deno.chmodSync(this.path, 0o600);
        break;
      } catch (error) {
        const message = messageOf(error);
        this.#failed(message);
        if (isLast || !DAMAGED.test(message) || !this.#rename(message)) return;
      }
    }
    this.#bytes = this.#file?.bytes() ?? 0;
    this.#setClock(this.#file?.newestMs());
    this.#nextIds.clear();
    this.#deferred = [];
    for (const user of this.#users) user.opened();
  }

  /**
   * The clock of this host may be set, by years when a machine without one of its own starts: it would make all that
   * waits too old at once. So age counts only while falco runs, from where the newest message stands.
   */
  #setClock(newestMs: number | undefined): void {
    const fromFile = newestMs === undefined ? undefined : newestMs - performance.now();
    this.#clockMs = this.#clockMs === undefined
      ? fromFile ?? Date.now() - performance.now()
      : Math.max(this.#clockMs, fromFile ?? -Infinity);
  }

  #nowMs(): number {
    return Math.round(performance.now() + (this.#clockMs ?? 0));
  }

  #setAside(message: string): void {
    try {
      this.#file?.close();
    } catch {
      // it is damaged
    }
    this.#file = undefined;
    if (!this.#rename(message)) return;
    this.#lastTryMs = -Infinity;
    this.#open();
  }

  /** The file stays for anyone who wants to look into it; its name says since when. */
  #rename(reason: string): boolean {
    const aside = `${this.path}.damaged-${new Date().toISOString().replace(/[:.]/g, "")}`;
    try {
      for (const ending of ["-wal", "-shm"]) {
        try {
          Deno.renameSync(this.path + ending, aside + ending);
        } catch (error) {
          if (!(error instanceof Deno.errors.NotFound)) throw error;
        }
      }
      Deno.renameSync(this.path, aside);
    } catch (error) {
      this.#failed(messageOf(error));
      return false;
    }
    this.#damaged++;
    this.#onNews(
      "error",
      `spool ${this.path} is damaged (${reason}): set aside as ${aside}; starting a new spool`,
    );
    return true;
  }

  #failed(reason: string): void {
    const message = /locked|busy/i.test(reason) ? `${reason}: in use by another falco process` : reason;
    if (message !== this.#lastError) {
      this.#onNews("error", `spool ${this.path}: ${message}; alerts wait in memory only`);
    }
    this.#failures++;
    this.#lastError = message;
  }
}

/**
 * SQLite opens files by their names, and follows links: nobody else may put any into the folder. Its `-wal` and `-shm`
 * get the mode of the file.
 */
function makeFile(folder: string, path: string): void {
  const stranger = distrust(folder);
  if (stranger !== undefined) throw new Error(`others could exchange its files: ${stranger}`);
  Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
  openOwnFileSync(path, { how: "append", mode: 0o600 }).close();
}
