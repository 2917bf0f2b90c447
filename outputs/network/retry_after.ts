// When a receiver wants to be asked again: the header Retry-After.
// In: its text. Out: milliseconds, or nothing when it says nothing that makes sense.
// Elsewhere: how long one really waits, at least and at most (sink_queue.ts).

const SECONDS = /^\d{1,9}$/;
/** As RFC 9110 has it: "Sun, 06 Nov 1994 08:49:37 GMT"; anything else would be guessed at. */
const DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

export function retryAfterMs(
  header: string | null | undefined,
  nowMs: number = Date.now(),
): number | undefined {
  const text = header?.trim() ?? "";
  if (SECONDS.test(text)) return Number(text) * 1000;
  const ms = DATE.test(text) ? Date.parse(text) - nowMs : NaN;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
