// Tells when a descriptor has something to read, without a thread of its own for each and without polling.
// In: descriptors with what to call. Out: calls on this thread, some milliseconds apart at least, so that a flood costs
// little. One thread of the runtime's pool sleeps in epoll_wait for all of them as long as there are any.

import { createEventfd, drainEventfd, Epoll, signalEventfd } from "../ffi/mod.ts";

const ROUND_MS = 10;
const WAKER_TAG = 0;
/** A wait that is ended now and then costs nothing; it is what a lost wake-up would cost. */
const SLEEP_MS = 60_000;

class Readiness {
  readonly #epoll = new Epoll();
  readonly #waker = createEventfd();
  readonly #handlers = new Map<number, () => void>();
  #lastTag = WAKER_TAG;
  #isRunning = false;

  constructor() {
    this.#epoll.add(this.#waker, WAKER_TAG, false);
  }

  add(fd: number, onReadable: () => void): () => void {
    const tag = ++this.#lastTag;
    this.#handlers.set(tag, onReadable);
    this.#epoll.add(fd, tag, false);
    if (!this.#isRunning) this.#run();
    return () => {
      if (!this.#handlers.delete(tag)) return;
      this.#epoll.remove(fd);
      if (this.#handlers.size === 0) signalEventfd(this.#waker);
    };
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#handlers.size > 0) {
      const tags = await this.#epoll.waitElsewhere(SLEEP_MS);
      drainEventfd(this.#waker);
      for (const tag of tags) this.#handlers.get(tag)?.();
      if (this.#handlers.size > 0) await new Promise((resolve) => setTimeout(resolve, ROUND_MS));
    }
    this.#isRunning = false;
  }
}

let shared: Readiness | undefined;

/** @returns ends it; to be called before the descriptor is closed */
export function onReadable(fd: number, call: () => void): () => void {
  shared ??= new Readiness();
  return shared.add(fd, call);
}
