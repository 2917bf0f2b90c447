// Bounds what is done over a network: by a time and by the signal of the one who waits.
// In: an action that takes a signal. Out: its result, or a SinkError that says that time is over.
// Elsewhere: what is done about a connection that did not answer (outputs/network/connection.ts).

import { SinkError } from "../sink.ts";

/**
 * An action that fails at once when the signal fires speaks for itself: it may know what was done in time. One that
 * ignores the signal is left behind; its later failure is nobody's.
 */
export async function withinTime<T>(
  what: string,
  timeoutMs: number,
  signal: AbortSignal,
  action: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const end = (message: string, cause: string) =>
    controller.abort(new SinkError(message, { retryable: true, cause }));
  const timer = setTimeout(() => end(`${what}: no answer within ${timeoutMs} ms`, "timeout"), timeoutMs);
  const stop = () => end(`${what}: given up`, "stopped");
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  const over = new Promise<never>((_, reject) => {
    const fail = () => setTimeout(() => reject(controller.signal.reason), 0);
    if (controller.signal.aborted) fail();
    else controller.signal.addEventListener("abort", fail, { once: true });
  });
  try {
    const result = controller.signal.aborted ? over : action(controller.signal);
    result.catch(() => {});
    return await Promise.race([over, result]);
  } catch (error) {
    // what a library says about being cut off says less
    throw controller.signal.aborted && !(error instanceof SinkError) ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}
