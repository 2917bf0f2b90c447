// The time of an event, from what is in it.
// In: a text. Out: nanoseconds since 1970, or nothing when it is no time.

const WRITTEN = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:[.,](\d{1,18}))?\s*([Zz]|[+-]\d\d:?\d\d)?$/;
const NUMBER = /^(\d{1,19})(?:\.(\d{1,18}))?$/;
/** Numbers up to here are seconds, then milli-, then microseconds: the year 2286 in each. */
const UNITS = [[10_000_000_000n, 1_000_000_000n], [10_000_000_000_000n, 1_000_000n], [
  10_000_000_000_000_000n,
  1000n,
]] as const;
const MAX_NS = (1n << 63n) - 1n;

/** RFC 3339 (without a zone: UTC), or a number of seconds, milliseconds, microseconds or nanoseconds. */
export function timeNsOf(text: string): bigint | undefined {
  const ns = written(text) ?? numeric(text);
  return ns === undefined || ns < 0n || ns > MAX_NS ? undefined : ns;
}

function written(text: string): bigint | undefined {
  const match = WRITTEN.exec(text);
  if (match === null) return undefined;
  const [, date, time, fraction = "", zone = "Z"] = match;
  const ms = Date.parse(
    `${date}T${time}${zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase()}`,
  );
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000_000n + nanoseconds(fraction);
}

function numeric(text: string): bigint | undefined {
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const whole = BigInt(match[1]!);
  const unit = UNITS.find(([below]) => whole < below)?.[1] ?? 1n;
  return whole * unit + nanoseconds(match[2] ?? "") * unit / 1_000_000_000n;
}

function nanoseconds(fraction: string): bigint {
  return BigInt(fraction.slice(0, 9).padEnd(9, "0"));
}
