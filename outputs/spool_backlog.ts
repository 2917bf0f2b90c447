// What waits for one sink, on disk: the kind of backlog that outlives the program.
// In: messages. Out: the oldest ones as batches, those of former runs first. Memory holds a window on the oldest; the
// rest is in the spool only. What has not been written yet waits in memory after it, within bounds; when the spool
// refuses it or its disk does not answer, it is delivered from there.
// Elsewhere: the file (spool_client.ts, spool.ts), the kind without a disk (backlog.ts).

import { Buffer } from "node:buffer";
import { within } from "../base/mod.ts";
import { type Backlog, type BacklogBounds, type OnDrop, type QueuedMessage } from "./backlog.ts";
import type { SinkMessage } from "./sink.ts";
import type { SpoolClient, SpoolClientUser } from "./spool_client.ts";
import { readFacts, writeFacts } from "./spool_facts.ts";

const WINDOW_MESSAGES = 1024;
const WINDOW_BYTES = 8 << 20;
const LOAD_MESSAGES = 256;
const APPEND_MESSAGES = 1024;
const APPEND_BYTES = 1 << 20;
const ON_THEIR_WAY: BacklogBounds = { maxMessages: Infinity, maxBytes: 64 << 20 };
/** A disk that is full is not asked with each alert. */
const AGAIN_AFTER_MS = 1000;
const EXPIRE_EVERY_MS = 10_000;

export class SpoolBacklog implements Backlog, SpoolClientUser {
  readonly sink: string;
  readonly #spool: SpoolClient;
  readonly #bounds: BacklogBounds;
  readonly #onDrop: OnDrop;
  readonly #onMore: () => void;
  /** the oldest, with their numbers in the file; those without one are in memory only */
  #window: QueuedMessage[] = [];
  readonly #ids = new Map<SinkMessage, number>();
  #windowBytes = 0;
  /** in the file, after the window */
  #onDisk = 0;
  /** what the file holds is counted when it is first read: a queue of the same name may still be ending */
  #isCounted = false;
  #lastId = 0;
  #claimedId = 0;
  /** after those on disk: not written yet */
  #pending: QueuedMessage[] = [];
  #pendingBytes = 0;
  /** the first of them are on their way to the file; all of those may have been taken meanwhile */
  #isWriting = false;
  #writing = 0;
  /** those that were on their way and are delivered from memory all the same */
  readonly #early = new Map<SinkMessage, "waits" | "delivered">();
  #isRefused = false;
  #triedMs = -Infinity;
  #expiredMs = -Infinity;
  #isLoading = false;
  #isLooking = false;
  /** removed before the file was counted, but after it was asked */
  #uncounted = 0;
  #isClosed = false;
  #waiters: (() => void)[] = [];
  readonly #guessed: Promise<void>;

  /** @param onMore something waits that was not pushed: a former run has left it */
  constructor(
    sink: string,
    spool: SpoolClient,
    bounds: BacklogBounds,
    onDrop: OnDrop,
    onMore: () => void = () => {},
  ) {
    this.sink = sink;
    this.#spool = spool;
    this.#bounds = bounds;
    this.#onDrop = onDrop;
    this.#onMore = onMore;
    spool.join(this);
    this.#guessed = this.#guess();
  }

  get messages(): number {
    return this.#window.length + this.#onDisk + this.#pending.length;
  }

  /** of what the file has not taken; while it takes everything, only the moment until then needs room */
  get isFull(): boolean {
    const isKept = this.#isRefused || this.#spool.isStalled;
    const { maxMessages, maxBytes } = isKept ? this.#bounds : ON_THEIR_WAY;
    return this.#pending.length > 0 &&
      (this.#pending.length >= maxMessages || this.#pendingBytes >= maxBytes);
  }

  /** in memory; what is on disk is in the stats of the spool */
  get bytes(): number {
    return this.#windowBytes + this.#pendingBytes;
  }

  /** Accepted when it is written: soon after this turn, together with the others of the turn. */
  push(message: QueuedMessage): void {
    if (this.isFull) return this.#onDrop("queue_full", 1);
    this.#pendingBytes += message.bytes;
    if (this.#pending.push(message) === 1 || this.#isRefused) queueMicrotask(() => this.#write());
  }

  async peek(maxMessages: number, maxBytes: number): Promise<readonly QueuedMessage[]> {
    this.#expire();
    while (!this.#isClosed) {
      if (!this.#isCounted) this.#look();
      if (this.#isCounted && this.#window.length < maxMessages && this.#onDisk > 0) this.#load();
      this.#write();
      if (this.#window.length === 0) this.#takePending();
      if (this.#window.length > 0) return this.#batch(maxMessages, maxBytes);
      if (this.messages === 0 && this.#isCounted) return [];
      await this.#change();
    }
    return [];
  }

  async claim(count: number): Promise<void> {
    let lastId = 0;
    for (const message of this.#window.slice(0, count)) {
      lastId = Math.max(lastId, this.#ids.get(message) ?? 0);
    }
    if (lastId <= this.#claimedId) return;
    this.#claimedId = lastId;
    await this.#spool.claim(this.sink, lastId);
  }

  remove(done: readonly SinkMessage[]): void {
    const gone = new Set(done);
    const ids = done.flatMap((message) => this.#ids.get(message) ?? []);
    for (const message of done) if (this.#early.has(message)) this.#early.set(message, "delivered");
    this.#forget((message) => gone.has(message));
    if (ids.length > 0) this.#spool.remove(this.sink, ids);
  }

  /** Their places in the file are after those of newer ones that are in it already. */
  adopt(messages: readonly QueuedMessage[]): void {
    for (const message of messages) this.push(message);
  }

  /** Resolves when the file has taken everything that was pushed, or refuses it; what it held before is known then. */
  async written(): Promise<void> {
    await this.#guessed;
    while (this.#pending.length > 0 && !this.#isRefused && !this.#isClosed) await this.#change();
  }

  async release(patienceMs: number): Promise<readonly QueuedMessage[]> {
    if (!this.#spool.isStalled) await within(patienceMs, this.written());
    this.#isClosed = true;
    this.#notify();
    this.#spool.leave(this);
    const unwritten = this.#window.filter((message) => !this.#ids.has(message));
    const left = [...unwritten, ...this.#pending];
    this.#forget(() => true);
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#onDisk = 0;
    return left;
  }

  async close(patienceMs: number): Promise<number> {
    return (await this.release(patienceMs)).length;
  }

  /** Of what was in the window nothing is in this file; it holds what it holds. */
  opened(): void {
    this.#ids.clear();
    this.#lastId = 0;
    this.#claimedId = 0;
    // it was damaged, and they were in it alone
    if (this.#isCounted && this.#onDisk > 0) this.#onDrop("spool_lost", this.#onDisk);
    this.#onDisk = 0;
    this.#isCounted = false;
    this.#notify();
  }

  changed(): void {
    this.#notify();
  }

  /** What a former run has left has to be noticed; how much it is shows when it is read. */
  async #guess(): Promise<void> {
    const { count } = await this.#spool.look(this.sink);
    if (this.#isCounted || this.#isClosed || count === 0) return;
    this.#onDisk = Math.max(this.#onDisk, count);
    this.#onMore();
  }

  /** Calls are answered in their order: what was written before is counted, what is removed from now on too. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const { count, claimedId } = await this.#spool.look(this.sink);
    this.#isLooking = false;
    if (this.#isClosed) return;
    this.#onDisk = Math.max(0, count - this.#ids.size - this.#uncounted);
    this.#uncounted = 0;
    this.#claimedId = Math.max(this.#claimedId, claimedId);
    this.#isCounted = true;
    this.#notify();
  }

  #batch(maxMessages: number, maxBytes: number): readonly QueuedMessage[] {
    let end = 0;
    for (let bytes = 0; end < this.#window.length && end < maxMessages; end++) {
      bytes += this.#window[end]?.bytes ?? 0;
      if (bytes > maxBytes && end > 0) break;
    }
    return this.#window.slice(0, end);
  }

  async #write(): Promise<void> {
    if (this.#isWriting || this.#pending.length === 0 || this.#isClosed) return;
    if (this.#isRefused && performance.now() - this.#triedMs < AGAIN_AFTER_MS) return;
    let bytes = 0;
    while (this.#writing < Math.min(this.#pending.length, APPEND_MESSAGES) && bytes < APPEND_BYTES) {
      bytes += this.#pending[this.#writing++]!.bytes;
    }
    this.#isWriting = true;
    const sent = this.#pending.slice(0, this.#writing);
    const rows = sent.map(({ alert, body }) => ({ facts: writeFacts(alert), body }));
    const ids = await this.#spool.append(this.sink, rows);
    this.#isRefused = ids === undefined;
    if (ids === undefined) this.#triedMs = performance.now();
    else this.#written(sent, ids);
    this.#isWriting = false;
    this.#writing = 0;
    this.#early.clear();
    this.#notify();
    if (ids !== undefined) this.#write();
  }

  #written(sent: readonly QueuedMessage[], ids: readonly number[]): void {
    // all that are still pending are the last of them
    this.#drain(this.#writing);
    const delivered: number[] = [];
    sent.forEach((message, index) => {
      const id = ids[index]!;
      const early = this.#early.get(message);
      if (early === "delivered") delivered.push(id);
      else if (early === "waits") this.#ids.set(message, id);
      else if (this.#hasRoom()) this.#add(message, id);
      else this.#onDisk++;
      if (early !== undefined && this.#onDisk === 0) this.#lastId = id;
    });
    if (delivered.length === 0) return;
    this.#spool.remove(this.sink, delivered);
    if (this.#isLooking) this.#uncounted += delivered.length;
  }

  #hasRoom(): boolean {
    return this.#isCounted && this.#onDisk === 0 && this.#window.length < WINDOW_MESSAGES &&
      this.#windowBytes < WINDOW_BYTES;
  }

  async #load(): Promise<void> {
    if (this.#isLoading) return;
    this.#isLoading = true;
    const rows = await this.#spool.load(this.sink, this.#lastId, LOAD_MESSAGES);
    this.#isLoading = false;
    if (this.#isClosed || !this.#isCounted) return this.#notify();
    if (rows === undefined || rows.length === 0) {
      // the file has been lost under us
      if (this.#onDisk > 0) this.#onDrop("spool_lost", this.#onDisk);
      this.#onDisk = 0;
      return this.#notify();
    }
    const known = new Set(this.#ids.values());
    for (const { id, facts, body } of rows) {
      this.#lastId = id;
      if (known.has(id)) continue;
      const alert = readFacts(facts);
      this.#add({ alert, body, bytes: Buffer.byteLength(body), redelivered: id <= this.#claimedId }, id);
      this.#onDisk = Math.max(0, this.#onDisk - 1);
    }
    this.#notify();
  }

  /** The file does not take them, or not now: they are delivered from memory, when nothing older is in the file. */
  #takePending(): void {
    if (!this.#isRefused && !this.#spool.isStalled) return;
    if (this.#onDisk > 0 && this.#isCounted) return;
    const count = Math.min(LOAD_MESSAGES, this.#pending.length);
    const early = Math.min(count, this.#writing);
    this.#pending.slice(0, early).forEach((message) => this.#early.set(message, "waits"));
    this.#writing -= early;
    for (const message of this.#drain(count)) this.#add(message, undefined);
  }

  /** Takes the first so many out of those that are pending. */
  #drain(count: number): QueuedMessage[] {
    const taken = this.#pending.splice(0, count);
    for (const { bytes } of taken) this.#pendingBytes -= bytes;
    return taken;
  }

  #add(message: QueuedMessage, id: number | undefined): void {
    this.#window.push(message);
    this.#windowBytes += message.bytes;
    if (id === undefined) return;
    this.#ids.set(message, id);
    this.#lastId = id;
  }

  async #expire(): Promise<void> {
    const now = performance.now();
    if (now - this.#expiredMs < EXPIRE_EVERY_MS || this.#spool.isStalled) return;
    this.#expiredMs = now;
    const ids = new Set(await this.#spool.expire(this.sink));
    if (ids.size === 0) return;
    const before = this.#window.length;
    this.#forget((message) => ids.has(this.#ids.get(message) ?? -1));
    this.#onDisk = Math.max(0, this.#onDisk - (ids.size - (before - this.#window.length)));
    this.#onDrop("spool_expired", ids.size);
    this.#notify();
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

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  #notify(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
    if (!this.#isClosed && this.messages > 0) this.#onMore();
  }
}
