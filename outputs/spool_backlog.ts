// What waits for one sink, on disk: the kind of backlog that outlives the program.
// In: messages. Out: the oldest ones as batches, those of former runs first. Memory holds a window on the oldest; the
// rest is in the spool only. What the spool does not take waits in memory behind it, within bounds, and goes there
// when it can.
// Elsewhere: the file (spool.ts), the kind without a disk (backlog.ts).

import { Buffer } from "node:buffer";
import {
  type Backlog,
  type BacklogBounds,
  MemoryBacklog,
  type OnDrop,
  type QueuedMessage,
} from "./backlog.ts";
import type { SinkMessage } from "./sink.ts";
import type { Spool, SpoolUser } from "./spool.ts";

const WINDOW_MESSAGES = 1024;
const WINDOW_BYTES = 8 << 20;
const LOAD_MESSAGES = 256;
/** A disk that is full is not asked with each alert. */
const AGAIN_AFTER_MS = 1000;
const EXPIRE_EVERY_MS = 10_000;

export class SpoolBacklog implements Backlog, SpoolUser {
  readonly sink: string;
  readonly #spool: Spool;
  readonly #onDrop: OnDrop;
  /** taken this turn, not yet written */
  #fresh: QueuedMessage[] = [];
  /** the oldest, with their numbers in the file; those without one are in memory only */
  #window: QueuedMessage[] = [];
  readonly #ids = new Map<SinkMessage, number>();
  #windowBytes = 0;
  /** in the file, behind the window */
  #onDisk = 0;
  /** what the file holds is counted when it is first read: a queue of the same name may still be ending */
  #isCounted = false;
  #lastId = 0;
  #claimedId = 0;
  /** behind those on disk: what the file did not take */
  readonly #refused: MemoryBacklog;
  #triedMs = -Infinity;
  #expiredMs = -Infinity;

  constructor(sink: string, spool: Spool, bounds: BacklogBounds, onDrop: OnDrop) {
    this.sink = sink;
    this.#spool = spool;
    this.#onDrop = onDrop;
    this.#refused = new MemoryBacklog(bounds, onDrop);
    this.#onDisk = spool.count(sink);
    this.#isCounted = this.#onDisk === 0;
    spool.join(this);
  }

  get messages(): number {
    return this.#window.length + this.#onDisk + this.#fresh.length + this.#refused.messages;
  }

  /** only the file knows, when it is written to */
  readonly isFull = false;

  /** in memory; what is on disk is in the stats of the spool */
  get bytes(): number {
    return this.#windowBytes + this.#refused.bytes;
  }

  /** Accepted when it is written: at the end of this turn, together with the others of the turn. */
  push(message: QueuedMessage): void {
    if (this.#fresh.push(message) === 1) queueMicrotask(() => this.#writeFresh());
  }

  peek(maxMessages: number, maxBytes: number): readonly QueuedMessage[] {
    this.#writeFresh();
    this.#expire();
    if (this.#window.length < maxMessages && this.#onDisk > 0) this.#load();
    if (this.#onDisk === 0) this.#takeRefused();
    let end = 0;
    for (let bytes = 0; end < this.#window.length && end < maxMessages; end++) {
      bytes += this.#window[end]?.bytes ?? 0;
      if (bytes > maxBytes && end > 0) break;
    }
    return this.#window.slice(0, end);
  }

  claim(count: number): void {
    let lastId = 0;
    for (const message of this.#window.slice(0, count)) {
      lastId = Math.max(lastId, this.#ids.get(message) ?? 0);
    }
    if (lastId <= this.#claimedId) return;
    this.#claimedId = lastId;
    this.#spool.claim(this.sink, lastId);
  }

  remove(done: readonly SinkMessage[]): void {
    const gone = new Set(done);
    const ids = done.flatMap((message) => this.#ids.get(message) ?? []);
    this.#forget((message) => gone.has(message));
    if (ids.length > 0) this.#spool.remove(this.sink, ids);
  }

  /** Their places in the file are behind those of newer ones that are in it already. */
  adopt(messages: readonly QueuedMessage[]): void {
    for (const message of messages) this.push(message);
  }

  release(): readonly QueuedMessage[] {
    this.#writeFresh();
    this.#spool.flush();
    this.#spool.leave(this);
    const unwritten = this.#window.filter((message) => !this.#ids.has(message));
    this.#forget(() => true);
    this.#onDisk = 0;
    return [...unwritten, ...this.#refused.release()];
  }

  close(): number {
    return this.release().length;
  }

  /** Of what was in the window nothing is in this file; it holds what it holds. */
  opened(): void {
    this.#ids.clear();
    this.#lastId = 0;
    this.#claimedId = 0;
    // it was damaged, and they were in it alone
    if (this.#onDisk > 0) this.#onDrop("spool_lost", this.#onDisk);
    this.#onDisk = this.#spool.count(this.sink);
    this.#isCounted = false;
  }

  #writeFresh(): void {
    const fresh = this.#fresh;
    if (fresh.length === 0) return;
    this.#fresh = [];
    const waiting = this.#refused.messages > 0;
    if (waiting && performance.now() - this.#triedMs < AGAIN_AFTER_MS) {
      for (const message of fresh) this.#refused.push(message);
      return;
    }
    if (waiting && !this.#write(this.#refused.peek(Infinity, Infinity))) {
      for (const message of fresh) this.#refused.push(message);
      return;
    }
    if (waiting) this.#refused.close();
    if (!this.#write(fresh)) { for (const message of fresh) this.#refused.push(message); }
  }

  #write(messages: readonly QueuedMessage[]): boolean {
    const ids = this.#spool.append(this.sink, messages);
    if (ids === undefined) {
      this.#triedMs = performance.now();
      return false;
    }
    messages.forEach((message, index) => {
      const id = ids[index]!;
      const isInWindow = this.#isCounted && this.#onDisk === 0 && this.#window.length < WINDOW_MESSAGES &&
        this.#windowBytes < WINDOW_BYTES;
      if (isInWindow) this.#add(message, id);
      else this.#onDisk++;
    });
    return true;
  }

  #load(): void {
    if (!this.#isCounted) {
      this.#onDisk = this.#spool.count(this.sink);
      this.#claimedId = this.#spool.claimed(this.sink);
      this.#isCounted = true;
    }
    const rows = this.#spool.load(this.sink, this.#lastId, LOAD_MESSAGES);
    if (rows === undefined || rows.length === 0) {
      // the file has been lost under us
      if (this.#onDisk > 0) this.#onDrop("spool_lost", this.#onDisk);
      this.#onDisk = 0;
      return;
    }
    for (const { id, alert, body } of rows) {
      this.#add({ alert, body, bytes: Buffer.byteLength(body), redelivered: id <= this.#claimedId }, id);
    }
    this.#onDisk = Math.max(0, this.#onDisk - rows.length);
  }

  #takeRefused(): void {
    const taken = this.#refused.peek(LOAD_MESSAGES, WINDOW_BYTES);
    if (taken.length === 0 || this.#window.length > 0) return;
    for (const message of taken) this.#add(message, undefined);
    this.#refused.remove(taken);
  }

  #add(message: QueuedMessage, id: number | undefined): void {
    this.#window.push(message);
    this.#windowBytes += message.bytes;
    if (id === undefined) return;
    this.#ids.set(message, id);
    this.#lastId = id;
  }

  #expire(): void {
    const now = performance.now();
    if (now - this.#expiredMs < EXPIRE_EVERY_MS) return;
    this.#expiredMs = now;
    const ids = new Set(this.#spool.expire(this.sink));
    if (ids.size === 0) return;
    const before = this.#window.length;
    this.#forget((message) => ids.has(this.#ids.get(message) ?? -1));
    this.#onDisk = Math.max(0, this.#onDisk - (ids.size - (before - this.#window.length)));
    this.#onDrop("spool_expired", ids.size);
  }

  #forget(isGone: (message: QueuedMessage) => boolean): void {
    const left: QueuedMessage[] = [];
    const gone: QueuedMessage[] = [];
    for (const message of this.#window) (isGone(message) ? gone : left).push(message);
    for (const message of gone) {
      this.#windowBytes -= message.bytes;
      this.#ids.delete(message);
    }
    this.#window = left;
  }
}
