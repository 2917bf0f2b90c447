// Lengths of time as Prometheus and Falco write them: 500ms, 30s, 1h30m, with blanks wherever they may help.
// In: text. Out: milliseconds, and back.

const UNITS = {
  y: 31_536_000_000,
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
} as const;

/** NaN when it is none. A unit is needed, but for 0. */
export function parseDuration(written: string): number {
  const text = written.replace(/\s+/g, "");
  if (text === "0") return 0;
  const match = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(
    text,
  );
  if (match === null || text === "") return NaN;
  return Object.values(UNITS).reduce((sum, unit, at) => sum + unit * Number(match[at + 1] ?? 0), 0);
}

export function durationText(ms: number): string {
  let text = "";
  let left = ms;
  for (const [unit, size] of Object.entries(UNITS)) {
    const count = Math.floor(left / size);
    // weeks and years only where they say all
    if (count === 0 || ((unit === "w" || unit === "y") && left % size !== 0)) continue;
    text += `${count}${unit}`;
    left -= count * size;
  }
  return text === "" ? "0" : text;
}
