// What was seen, lost and reported, at the end of a run.
// In: counters by name. Out: log lines. Losses and the size of the tables are always shown, everything else on request.
// Elsewhere: the counters themselves (schema/layout.ts lists them).

export type Counters = Readonly<Record<string, bigint>>;

export interface RunSummary {
  readonly seconds: number;
  readonly counters: Counters;
  readonly matches: readonly { readonly rule: string; readonly count: bigint }[];
  /** alerts that nobody could read */
  readonly alertsDropped: bigint;
}

/** Events that never reached the matcher. */
const DROP = /^(drops_|tail_call_failed$)/;

/** What is less than it should be, although no event was dropped. */
const INCOMPLETE = [
  "EVENTS_UNKNOWN",
  "EVENTS_DAMAGED",
  "EVENTS_OUT_OF_ORDER",
  "ALERTS_TRUNCATED",
  "SCRATCH_OVERFLOWS",
  "THREADS_EVICTED",
  "FDS_EVICTED",
  "HEAP_REFUSED",
  "page_faults",
];

const STATE = ["THREADS", "THREADS_ADDED", "FDS", "FDS_ADDED", "STRINGS", "HEAP_BYTES"];

export function counterLines(summary: RunSummary, verbose: boolean): string[] {
  const { counters, matches, seconds, alertsDropped } = summary;
  const events = counters["EVENTS"] ?? 0n;
  const alerts = matches.reduce((sum, { count }) => sum + count, 0n);
  const perSecond = seconds > 0 ? Math.round(Number(events) / seconds) : 0;
  const drops = Object.entries(counters).filter(([name, value]) => DROP.test(name) && value > 0n);

  const lines = [`${events} events in ${seconds.toFixed(1)} s (${perSecond} a second), ${alerts} alerts`];
  for (const { rule, count } of matches) lines.push(`  ${count} × ${rule}`);
  const total = drops.reduce((sum, [, value]) => sum + value, 0n);
  lines.push(`drops ${total}` + (drops.length === 0 ? "" : `: ${drops.map(show).join(", ")}`));
  if (alertsDropped > 0n) lines.push(`alerts that could not be written: ${alertsDropped}`);
  const incomplete = pick(counters, INCOMPLETE).filter(([, value]) => value > 0n);
  if (incomplete.length > 0) lines.push(`incomplete: ${incomplete.map(show).join(", ")}`);
  lines.push(`state: ${pick(counters, STATE).map(show).join(", ")}`);
  if (verbose) lines.push("counters:", ...Object.entries(counters).map((entry) => `  ${show(entry)}`));
  return lines;
}

function pick(counters: Counters, names: readonly string[]): [string, bigint][] {
  return names.flatMap((name) => counters[name] === undefined ? [] : [[name, counters[name]]]);
}

function show([name, value]: readonly [string, bigint]): string {
  return `${name.toLowerCase()} ${value}`;
}
