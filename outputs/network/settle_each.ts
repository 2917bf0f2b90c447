// Sends the messages of a batch without waiting in between to a receiver that answers for each, and sums the answers up.
// In: a batch, how to send one message, what an error means. Out: nothing when all are acknowledged, otherwise one
// SinkError that names those that are and those that are refused, so that only the rest is sent again.
// Elsewhere: receivers with one answer for all (outputs/network/http_push.ts).

import { SinkError, type SinkMessage } from "../sink.ts";
import { networkError } from "./network_error.ts";

/**
 * When the signal fires, messages without an answer count as failed, those with one as what they are.
 * @param window so many messages are without an answer at a time
 */
export async function settleEach(
  batch: readonly SinkMessage[],
  signal: AbortSignal,
  send: (message: SinkMessage) => Promise<unknown>,
  explain: (error: unknown) => SinkError | undefined,
  window = batch.length,
): Promise<void> {
  const over = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  const errors = new Array<SinkError | undefined>(batch.length);
  const todo = batch.entries();
  const lane = async () => {
    for (const [at, message] of todo) {
      try {
        await Promise.race([send(message), over]);
      } catch (error) {
        errors[at] = error instanceof SinkError
          ? error
          : explain(error) ?? networkError("sending failed", error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(window, batch.length) }, lane));
  sumUp(batch, errors);
}

/** One error or none for each message. An error that passes speaks for all: it decides when to come again. */
export function sumUp(batch: readonly SinkMessage[], errors: readonly (SinkError | undefined)[]): void {
  const failed = errors.filter((error) => error !== undefined);
  const speaker = failed.find(({ details }) => details.retryable) ?? failed[0];
  if (speaker === undefined) return;
  throw new SinkError(speaker.message, {
    ...speaker.details,
    delivered: batch.filter((_, at) => errors[at] === undefined),
    refused: batch.filter((_, at) => errors[at]?.details.retryable === false),
  });
}
