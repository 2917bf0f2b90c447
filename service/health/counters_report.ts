// What was seen, lost and reported, at the end of a run.
// In: counters by name. Out: log lines. Losses and the size of the tables are always shown, everything else on request.
// Elsewhere: the counters themselves (schema/layout.ts lists them).

import type { NoiseCounters, SinkStats } from "../../outputs/mod.ts";
import { PRIORITIES, type Priority } from "../../base/mod.ts";

export type Counters = Readonly<Record<string, bigint>>;

export interface RuleMatches {
  readonly rule: string;
  readonly priority: Priority;
  readonly count: bigint;
}

export interface RunSummary {
  readonly seconds: number;
  readonly counters: Counters;
  readonly matches: readonly RuleMatches[];
  /** alerts that nobody could read */
  readonly alertsDropped: bigint;
  readonly noise?: NoiseCounters;
  readonly sinks?: readonly SinkStats[];
}

/** Events that never reached the matcher. */
const DROP = /^(drops_|tail_call_failed$)/;

/** What is less than it should be, although no event was dropped. */
const INCOMPLETE = [
  "EVENTS_UNKNOWN",
  "EVENTS_DAMAGED",
  "EVENTS_OUT_OF_ORDER",
  "RECORDS_SKIPPED",
  "ALERTS_TRUNCATED",
  "SCRATCH_OVERFLOWS",
  "CONTAINERS_LATE",
  "CONTAINERS_CROWDED",
  "CONTAINERS_UNKNOWN",
  "CONTAINERS_OVER_BUDGET",
  "CONTAINERS_EVICTED",
  "injections_refused",
  "lookups_refused",
  "command_lines_late",
  "THREADS_EVICTED",
  "FDS_EVICTED",
  "HEAP_REFUSED",
  "page_faults",
];

const STATE = ["THREADS", "THREADS_ADDED", "FDS", "FDS_ADDED", "STRINGS", "HEAP_BYTES"];

export function counterLines(summary: RunSummary, verbose: boolean): string[] {
  const { counters, matches, seconds, alertsDropped, noise } = summary;
  const sources = bySource(counters);
  const events = sources.reduce(
    (total, { of }) => total + (of["evaluated"] ?? 0n),
    counters["EVENTS"] ?? 0n,
  );
  const alerts = sum(matches);
  const perSecond = seconds > 0 ? Math.round(Number(events) / seconds) : 0;

  const lines = [
    `${events} events in ${seconds.toFixed(1)} s (${perSecond} a second), ${alerts} alerts${
      priorities(matches)
    }`,
  ];
  for (const { rule, count } of matches) lines.push(`  ${count} × ${rule}`);
  if (noise !== undefined) lines.push(...noiseLines(noise));
  for (const { source, of } of sources) {
    const shown = Object.entries(of).filter(([name, value]) => name === "evaluated" || value > 0n);
    lines.push(`source ${source}: ${shown.map(show).join(", ")}`);
  }
  lines.push(dropLine(counters));
  if (alertsDropped > 0n) lines.push(`alerts that could not be written: ${alertsDropped}`);
  lines.push(...(summary.sinks ?? []).flatMap((stats) => sinkLines(stats, verbose)));
  lines.push(...incompleteLines(counters));
  const state = pick(counters, STATE);
  if (state.length > 0) lines.push(`state: ${state.map(show).join(", ")}`);
  if (verbose) lines.push(...falcoLines(matches));
  if (verbose) lines.push("counters:", ...Object.entries(counters).map((entry) => `  ${show(entry)}`));
  return lines;
}

/** Sources of JSON events: their counters are called `sources.NAME.COUNTER`. */
function bySource(counters: Counters): { readonly source: string; readonly of: Counters }[] {
  const found = new Map<string, Record<string, bigint>>();
  for (const [key, value] of Object.entries(counters)) {
    const [subject, source = "", name = ""] = key.split(".");
    if (subject !== "sources") continue;
    const of = found.get(source) ?? {};
    of[name] = value;
    found.set(source, of);
  }
  return [...found].map(([source, of]) => ({ source, of }));
}

/** `: 3 Warning, 1 Notice`, the most severe first. */
function priorities(matches: readonly RuleMatches[]): string {
  const counts = byPriority(matches);
  return counts.length === 0
    ? ""
    : `: ${counts.map(([priority, count]) => `${count} ${priority}`).join(", ")}`;
}

function byPriority(matches: readonly RuleMatches[]): (readonly [Priority, bigint])[] {
  return PRIORITIES
    .map((priority) => [priority, sum(matches.filter((match) => match.priority === priority))] as const)
    .filter(([, count]) => count > 0n);
}

function sum(counted: readonly { readonly count: bigint }[]): bigint {
  return counted.reduce((total, { count }) => total + count, 0n);
}

/** Falco's own words, for anyone who looks for them. */
function falcoLines(matches: readonly RuleMatches[]): string[] {
  return [
    `Events detected: ${sum(matches)}`,
    "Rule counts by severity:",
    ...byPriority(matches).map(([priority, count]) => `   ${priority.toUpperCase()}: ${count}`),
    "Triggered rules by rule name:",
    ...matches.map(({ rule, count }) => `   ${rule}: ${count}`),
  ];
}

/** One that lost nothing is shown on request only. */
function sinkLines({ name, delivered, retries, dropped }: SinkStats, verbose: boolean): string[] {
  const losses = Object.entries(dropped).map(([cause, count]) => `dropped ${count} (${cause})`);
  if (losses.length === 0 && !verbose) return [];
  return [`  output ${name}: ${[`delivered ${delivered}`, `retries ${retries}`, ...losses].join(", ")}`];
}

/** Alerts that were held back, which are counted among those of their rules. */
function noiseLines({ heldBack, followUps, groupsEvicted }: NoiseCounters): string[] {
  if (heldBack.length === 0) return [];
  const lines = [`held back by noise control ${sum(heldBack)}, follow-ups ${followUps}`];
  for (const { rule, cause, count } of heldBack) {
    lines.push(`  ${count} × ${rule} (${cause.replaceAll("_", " ")})`);
  }
  if (groupsEvicted > 0n) lines.push(`groups of repeats that ended early: ${groupsEvicted}`);
  return lines;
}

/** What went missing, and nothing when all is well. */
export function lossLines(counters: Counters): string[] {
  return [...(droppedOf(counters).length > 0 ? [dropLine(counters)] : []), ...incompleteLines(counters)];
}

/** How many never reached the matcher. */
export function droppedEvents(counters: Counters): bigint {
  return droppedOf(counters).reduce((sum, [, value]) => sum + value, 0n);
}

function dropLine(counters: Counters): string {
  const drops = droppedOf(counters);
  return `drops ${droppedEvents(counters)}` + (drops.length === 0 ? "" : `: ${drops.map(show).join(", ")}`);
}

function droppedOf(counters: Counters): [string, bigint][] {
  return Object.entries(counters).filter(([name, value]) => DROP.test(name) && value > 0n);
}

function incompleteLines(counters: Counters): string[] {
  const incomplete = pick(counters, INCOMPLETE).filter(([, value]) => value > 0n);
  return incomplete.length === 0 ? [] : [`incomplete: ${incomplete.map(show).join(", ")}`];
}

function pick(counters: Counters, names: readonly string[]): [string, bigint][] {
  return names.flatMap((name) => counters[name] === undefined ? [] : [[name, counters[name]]]);
}

function show([name, value]: readonly [string, bigint]): string {
  return `${name.toLowerCase()} ${value}`;
}
