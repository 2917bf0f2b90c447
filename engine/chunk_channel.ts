// Chunks of a recording on their way to the main thread, so many of them as it can write.
// In: chunks. Out: messages; a wait when too much has not been written yet.

import type { Control } from "./control.ts";
import type { FromWorker, RecordedChunk } from "./messages.ts";

/** So much may wait for the disk; beyond it the source rests. What the rings cannot hold is counted by the probe. */
const MAX_UNWRITTEN_BYTES = 32 << 20;
const WAIT_MS = 50;

export class ChunkChannel {
  readonly #control: Control;
  readonly #post: (message: FromWorker, transfer: Transferable[]) => void;
  #posted = 0;

  constructor(control: Control, post: (message: FromWorker, transfer: Transferable[]) => void) {
    this.#control = control;
    this.#post = post;
  }

  send(chunk: RecordedChunk): void {
    this.#posted = (this.#posted + chunk.bytes.length) >>> 0;
    this.#post({ type: "recorded", chunk }, [chunk.bytes.buffer]);
  }

  /**
   * Blocks the worker while the main thread has too much to write.
   * @param onWait between two looks
   */
  async awaitWriter(onWait: () => Promise<void> = async () => {}): Promise<void> {
    const control = this.#control;
    while (control.untakenBytes(this.#posted) > MAX_UNWRITTEN_BYTES) {
      if (control.stopRequested || control.messageWaits) return;
      control.awaitTakenBytes(WAIT_MS);
      await onWait();
    }
  }
}
