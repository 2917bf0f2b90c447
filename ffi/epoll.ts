// epoll: one thread sleeps until one of several file descriptors has news.
// Elsewhere: what the descriptors mean (sources/live).

import { ERRNO } from "../base/mod.ts";
import { callError, closeFd, errno, libc } from "./libc.ts";

const EPOLL_CLOEXEC = 0o2000000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLLIN = 1;
const EPOLLET = 0x8000_0000;

// struct epoll_event is packed on x86-64 only
const PACKED = Deno.build.arch === "x86_64";
const EVENT_BYTES = PACKED ? 12 : 16;
const DATA_AT = PACKED ? 4 : 8;
const MAX_EVENTS = 64;

export class Epoll {
  readonly #fd: number;
  readonly #events = new Uint8Array(MAX_EVENTS * EVENT_BYTES);
  readonly #view = new DataView(this.#events.buffer);

  constructor() {
    this.#fd = libc().epoll_create1(EPOLL_CLOEXEC);
    if (this.#fd < 0) throw callError("epoll_create1", errno());
  }

  /**
   * Watches `fd` for input under the name `tag`.
   * @param edge report each wake-up once, and not as long as there is something to read
   */
  add(fd: number, tag: number, edge: boolean): void {
    const event = new Uint8Array(EVENT_BYTES);
    const view = new DataView(event.buffer);
    view.setUint32(0, (EPOLLIN | (edge ? EPOLLET : 0)) >>> 0, true);
    view.setUint32(DATA_AT, tag, true);
    if (libc().epoll_ctl(this.#fd, EPOLL_CTL_ADD, fd, event) < 0) throw callError("epoll_ctl", errno());
  }

  /** Blocks the thread; gives the tags that have news: none after the timeout or a signal. */
  wait(timeoutMs: number): number[] {
    const count = libc().epoll_wait(this.#fd, this.#events, MAX_EVENTS, timeoutMs);
    if (count < 0) {
      const failure = errno();
      if (failure === ERRNO.EINTR) return [];
      throw callError("epoll_wait", failure);
    }
    return this.#tags(count);
  }

  /** The same in a thread of its own: only a promise waits. Not together with `wait`. */
  async waitElsewhere(timeoutMs: number): Promise<number[]> {
    const count = await libc().slow_epoll_wait(this.#fd, this.#events, MAX_EVENTS, timeoutMs);
    // less than 0 after a signal
    return this.#tags(Math.max(count, 0));
  }

  remove(fd: number): void {
    // refused only when it is not watched, or closed
    libc().epoll_ctl(this.#fd, EPOLL_CTL_DEL, fd, new Uint8Array(EVENT_BYTES));
  }

  #tags(count: number): number[] {
    const tags: number[] = [];
    for (let i = 0; i < count; i++) tags.push(this.#view.getUint32(i * EVENT_BYTES + DATA_AT, true));
    return tags;
  }

  close(): void {
    closeFd(this.#fd);
  }
}
