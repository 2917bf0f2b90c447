// Points in time as text.
// In: nanoseconds since 1970 (UTC). Out: the forms in which Falco prints them.
// Elsewhere: which field is printed in which form (alerts/value_text.ts).

const NS_PER_MS = 1_000_000n;
const NS_PER_SECOND = 1_000_000_000n;
/** what a Date can hold */
const MAX_MS = 8_640_000_000_000_000n;

/** Local time of day: `14:02:11.123456789`. */
export function timeOfDay(ns: bigint): string {
  return `${localClock(ns)}.${fraction(ns)}`;
}

/** Local time of day without the fraction: `14:02:11`. */
export function localClock(ns: bigint): string {
  return localParts(ns).clock;
}

/** Local date: `2026-06-10`. */
export function localDate(ns: bigint): string {
  return localParts(ns).date;
}

/** `2026-06-10T12:02:11.123456789`, UTC, without a zone. */
export function utcDateTime(ns: bigint): string {
  const { date, clock } = split(toDate(ns));
  return `${date}T${clock}.${fraction(ns)}`;
}

function localParts(ns: bigint): { date: string; clock: string } {
  const date = toDate(ns);
  const offsetMs = date.getTimezoneOffset() * 60_000;
  return split(new Date(date.getTime() - (Number.isNaN(offsetMs) ? 0 : offsetMs)));
}

function split(date: Date): { date: string; clock: string } {
  const iso = date.toISOString();
  const t = iso.indexOf("T"); // years beyond 9999 are longer
  return { date: iso.slice(0, t), clock: iso.slice(t + 1, t + 9) };
}

function fraction(ns: bigint): string {
  return String(((ns % NS_PER_SECOND) + NS_PER_SECOND) % NS_PER_SECOND).padStart(9, "0");
}

/** A damaged trace may hold any number: it is clamped to what can be shown. */
function toDate(ns: bigint): Date {
  const ms = ns / NS_PER_MS - (ns < 0n && ns % NS_PER_MS !== 0n ? 1n : 0n);
  return new Date(
    Number(ms > MAX_MS - 86_400_000n ? MAX_MS - 86_400_000n : ms < -MAX_MS + 86_400_000n ? 0n : ms),
  );
}
