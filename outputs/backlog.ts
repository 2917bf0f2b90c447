// What waits for one sink, in order.
// In: messages. Out: the oldest ones as a batch; they stay until they are removed. What cannot be kept is said to
// `onDrop` with its cause.
// Elsewhere: the kind that also survives the program (spool_backlog.ts).

import type { SinkMessage } from "./sink.ts";

export interface QueuedMessage extends SinkMessage {
  /** of memory, about */
  readonly bytes: number;
  redelivered: boolean;
}

export type OnDrop = (cause: string, count: number) => void;

export interface Backlog {
  readonly messages: number;
  readonly bytes: number;
  /** the next message would be refused */
  readonly isFull: boolean;
  push(message: QueuedMessage): void;
  /** The oldest, at most so many and about so many bytes, but one at least when there is any. */
  peek(maxMessages: number, maxBytes: number): readonly QueuedMessage[] | Promise<readonly QueuedMessage[]>;
  /** The oldest so many are about to be handed to the sink. */
  claim(count: number): void | Promise<void>;
  /** Some of those that were peeked at last need not be kept any longer. */
  remove(done: readonly SinkMessage[]): void;
  /** What another backlog of the same sink has left: it goes first, where that can be. */
  adopt(messages: readonly QueuedMessage[]): void;
  /** Resolves when what was pushed is where it is kept. */
  written?(): Promise<void>;
  /** Lets go of everything that is held; what was in memory only. What is being kept has so much time. */
  release(patienceMs: number): readonly QueuedMessage[] | Promise<readonly QueuedMessage[]>;
  /** The same at the end; how many messages are lost by that. */
  close(patienceMs: number): number | Promise<number>;
}

export interface BacklogBounds {
  readonly maxMessages: number;
  readonly maxBytes: number;
}

export class MemoryBacklog implements Backlog {
  bytes = 0;
  readonly #bounds: BacklogBounds;
  readonly #onDrop: OnDrop;
  #queue: QueuedMessage[] = [];
  /** those before have been removed */
  #first = 0;

  constructor(bounds: BacklogBounds, onDrop: OnDrop) {
    this.#bounds = bounds;
    this.#onDrop = onDrop;
  }

  get messages(): number {
    return this.#queue.length - this.#first;
  }

  get isFull(): boolean {
    return this.messages > 0 &&
      (this.messages >= this.#bounds.maxMessages || this.bytes >= this.#bounds.maxBytes);
  }

  /** What does not fit is refused: older messages have the right of way, as in Falco's queue. */
  push(message: QueuedMessage): void {
    if (!this.fits(message)) return this.#onDrop("queue_full", 1);
    this.#queue.push(message);
    this.bytes += message.bytes;
  }

  /** One message is always taken, however large. */
  fits({ bytes }: QueuedMessage): boolean {
    if (this.messages === 0) return true;
    return this.messages < this.#bounds.maxMessages && this.bytes + bytes <= this.#bounds.maxBytes;
  }

  peek(maxMessages: number, maxBytes: number): readonly QueuedMessage[] {
    let end = this.#first;
    for (let bytes = 0; end < this.#queue.length && end - this.#first < maxMessages; end++) {
      bytes += this.#queue[end]?.bytes ?? 0;
      if (bytes > maxBytes && end > this.#first) break;
    }
    return this.#queue.slice(this.#first, end);
  }

  claim(): void {}

  remove(done: readonly SinkMessage[]): void {
    const gone = new Set(done);
    let end = this.#first;
    const left: QueuedMessage[] = [];
    for (; end < this.#queue.length && gone.size > 0; end++) {
      const message = this.#queue[end]!;
      if (gone.delete(message)) this.bytes -= message.bytes;
      else left.push(message);
    }
    this.#first = end - left.length;
    left.forEach((message, index) => this.#queue[this.#first + index] = message);
    // moving the rest costs no more than what has been removed
    if (this.#first * 2 >= this.#queue.length) {
      this.#queue = this.#queue.slice(this.#first);
      this.#first = 0;
    }
  }

  /** Their memory is taken already: bounds are for new ones. */
  adopt(messages: readonly QueuedMessage[]): void {
    this.#queue = [...messages, ...this.#queue.slice(this.#first)];
    this.#first = 0;
    for (const { bytes } of messages) this.bytes += bytes;
  }

  release(): readonly QueuedMessage[] {
    const left = this.#queue.slice(this.#first);
    this.close();
    return left;
  }

  close(): number {
    const lost = this.messages;
    this.#queue = [];
    this.#first = 0;
    this.bytes = 0;
    return lost;
  }
}
