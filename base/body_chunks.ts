// The body of an HTTP answer in chunks, read into one buffer: the runtime's own iteration allocates 64 KiB for each chunk,
// even for one byte, so that a server that drips makes the memory grow faster than it is collected.
// In: an answer. Out: views of the buffer, each good until the next one is asked for.
// Leaving the loop early gives the connection up.

const BUFFER_BYTES = 64 << 10;
const MAX_SPARE = 16;
/** Of answers that have ended. */
const spare: ArrayBuffer[] = [];

export async function* bodyChunks({ body }: Response): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  if (body === null) return;
  const reader = body.getReader({ mode: "byob" });
  let buffer = spare.pop() ?? new ArrayBuffer(BUFFER_BYTES);
  let isOpen = true;
  try {
    for (;;) {
      const { done, value } = await reader.read(new Uint8Array(buffer));
      if (done || value === undefined) {
        isOpen = false;
        if (value !== undefined && spare.length < MAX_SPARE) spare.push(value.buffer);
        return;
      }
      yield value;
      // the reader has passed the buffer on
      buffer = value.buffer;
    }
  } finally {
    // one that has failed cannot be cancelled, and need not be
    if (isOpen) await reader.cancel().catch(() => {});
  }
}
