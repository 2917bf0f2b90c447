// Writes whole buffers to a stream, whatever mode the stream is in.
// In: bytes. Out: all of them written, or the error that says why not.

/** What is asked of a stream; Deno.stdout has it. */
export interface ByteStream {
  write(bytes: Uint8Array): Promise<number>;
}

/** A stream in non-blocking mode says "try again" instead of waiting. */
const RETRY_MS = 5;

export async function writeAll(stream: ByteStream, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    try {
      at += await stream.write(bytes.subarray(at));
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock) && !(error instanceof Deno.errors.Interrupted)) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
