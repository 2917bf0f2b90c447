// Reads a signal that every thread has blocked, so that no handler of the runtime ever sees it.
// In: the signal, what to do. Out: a call for each time that it has come (several at once may be one); `close()`.
// A thread of the runtime's pool sleeps in poll; the main thread reads.
// Elsewhere: blocking it before the runtime starts (launcher/launcher.c, relaunch.ts).

import { closeEventfd, createEventfd, signalEventfd } from "./eventfd.ts";
import { callError, closeFd, errno, libc } from "./libc.ts";
import { type BlockedSignal, signalSet } from "./signal_mask.ts";

const SFD_CLOEXEC = 0o2000000;
const SFD_NONBLOCK = 0o4000;
/** struct signalfd_siginfo */
const INFO_BYTES = 128;
/** struct pollfd: fd, then events and revents of two bytes each */
const POLLFD_BYTES = 8;
const POLLIN = 1;
const FOR_EVER = -1;

export class SignalReader {
  readonly #signalFd: number;
  readonly #endFd: number;
  readonly #over: Promise<void>;
  #isEnding = false;

  constructor(signal: BlockedSignal, act: () => void) {
    this.#signalFd = libc().signalfd(-1, signalSet(signal), SFD_CLOEXEC | SFD_NONBLOCK);
    if (this.#signalFd < 0) throw callError("signalfd", errno());
    this.#endFd = createEventfd();
    this.#over = this.#read(act);
  }

  async close(): Promise<void> {
    if (this.#isEnding) return this.#over;
    this.#isEnding = true;
    signalEventfd(this.#endFd);
    await this.#over;
    closeFd(this.#signalFd);
    closeEventfd(this.#endFd);
  }

  async #read(act: () => void): Promise<void> {
    const fds = new Uint8Array(2 * POLLFD_BYTES);
    const view = new DataView(fds.buffer);
    [this.#signalFd, this.#endFd].forEach((fd, i) => {
      view.setInt32(i * POLLFD_BYTES, fd, true);
      view.setInt16(i * POLLFD_BYTES + 4, POLLIN, true);
    });
    const info = new Uint8Array(INFO_BYTES);
    while (!this.#isEnding) {
      // an error can only be EINTR: a debugger, a stopped and continued process
      await libc().slow_poll(fds, 2n, FOR_EVER);
      let hasCome = false;
      while (Number(libc().read(this.#signalFd, info, BigInt(INFO_BYTES))) === INFO_BYTES) hasCome = true;
      if (hasCome && !this.#isEnding) act();
    }
  }
}
