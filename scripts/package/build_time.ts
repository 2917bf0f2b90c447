// The time that packages and what is in them carry, so that the same inputs give the same bytes.

/** When nobody says another one: the beginning of 2026. */
const FIXED_S = 1_767_225_600;

/** Seconds since 1970, as https://reproducible-builds.org/specs/source-date-epoch/ has it. */
export function buildTimeS(): number {
  const text = Deno.env.get("SOURCE_DATE_EPOCH") ?? "";
  return /^\d{1,10}$/.test(text) ? Number(text) : FIXED_S;
}

export function buildDate(): string {
  return new Date(buildTimeS() * 1000).toISOString().slice(0, 10);
}

/** As Debian's changelogs have it. */
export function buildDateTime(): string {
  return new Date(buildTimeS() * 1000).toUTCString().replace("GMT", "+0000");
}
