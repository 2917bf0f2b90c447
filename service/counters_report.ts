// What was seen, lost and reported, at the end of a run.
// In: counters by name. Out: log lines. Losses are always shown; everything else on request.
// Elsewhere: the counters themselves (schema/layout.ts lists them).

export type Counters = Readonly<Record<string, bigint>>;

/** Counters of what was lost or could not be looked at: shown whenever they are not zero. */
const LOSS =
  /drop|damaged|evicted|refused|truncated|overflow|failed|out_of_order|unknown|skipped|page_faults/i;
/** Failed look-ups are part of ordinary life: processes that ended before they were looked at. */
const NOT_A_LOSS = /lookups_failed/i;

export interface RunSummary {
  readonly seconds: number;
  readonly counters: Counters;
  readonly matches: readonly { readonly rule: string; readonly count: bigint }[];
  readonly alertsDropped: bigint;
}

export function counterLines(summary: RunSummary, verbose: boolean): string[] {
  const { counters, matches, seconds } = summary;
  const events = counters["EVENTS"] ?? 0n;
  const alerts = matches.reduce((sum, { count }) => sum + count, 0n);
  const perSecond = seconds > 0 ? Math.round(Number(events) / seconds) : 0;
  const lines = [`${events} events in ${seconds.toFixed(1)} s (${perSecond} a second), ${alerts} alerts`];
  for (const { rule, count } of matches) lines.push(`  ${count} × ${rule}`);

  const isLoss = (name: string) => LOSS.test(name) && !NOT_A_LOSS.test(name);
  const losses = Object.entries(counters).filter(([name, value]) => value > 0n && isLoss(name));
  if (summary.alertsDropped > 0n) losses.push(["alerts_not_written", summary.alertsDropped]);
  lines.push(losses.length === 0 ? "nothing was dropped" : `lost: ${losses.map(show).join(", ")}`);
  if (verbose) lines.push("counters:", ...Object.entries(counters).map((entry) => `  ${show(entry)}`));
  return lines;
}

function show([name, value]: readonly [string, bigint]): string {
  return `${name.toLowerCase()} ${value}`;
}
