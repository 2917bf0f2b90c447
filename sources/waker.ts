// Wakes a source that sleeps in the kernel: the main thread creates the waker and passes `fd` to the worker.

import { closeEventfd, createEventfd, signalEventfd } from "../ffi/mod.ts";

export class Waker {
  readonly fd: number = createEventfd();

  wake(): void {
    signalEventfd(this.fd);
  }

  close(): void {
    closeEventfd(this.fd);
  }
}
