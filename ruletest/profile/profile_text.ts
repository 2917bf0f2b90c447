// A profile for people: a table of rules, what ends the dearest ones, advice.
// In: a Profile. Out: lines; names of rules are made harmless here.

import { sanitizeLine } from "../../base/mod.ts";
import type { Profile, ProfiledPart, ProfiledRule } from "./profile.ts";

const SHOWN_RULES = 20;
const DETAILED_RULES = 5;
const SHOWN_PARTS = 6;

/** @param all every rule, instead of the dearest */
export function profileText(profile: Profile, all = false): string {
  const { rules, advice, notes, events, ns_per_event } = profile;
  const shown = all ? rules : rules.slice(0, SHOWN_RULES);
  const head = ["share", "ns/event", "ns/look", "looks", "matches", "rule"];
  const rows = shown.map((rule) => [
    ...times(rule),
    String(rule.evaluations),
    String(rule.matches),
    rule.rule,
  ]);
  const where = profile.trace ?? `this host, ${profile.seconds} s`;
  const lines = [
    `${where}: ${events} events, ${ns_per_event} ns of rules for each`,
    ...notes,
    "",
    ...table(head, rows),
    ...rules.length > shown.length ? [`… ${rules.length - shown.length} more rules, all with --full`] : [],
  ];
  const detailed = rules.filter(({ evaluations }) => evaluations > 0).slice(
    0,
    all ? rules.length : DETAILED_RULES,
  );
  for (const rule of detailed) lines.push("", ...ruleLines(rule));
  if (advice.length > 0) lines.push("", "Advice");
  for (const { rule, text } of advice) lines.push(`  ${rule}: ${text}`);
  return lines.map((line) => sanitizeLine(line)).join("\n");
}

function ruleLines({ rule, file, line, parts, captures, share }: ProfiledRule): string[] {
  const looked = parts.filter(({ evaluated }) => evaluated > 0).sort(byReach).slice(0, SHOWN_PARTS);
  const { types, alone, events_alone } = captures;
  const needs = alone.length === 0
    ? `looks at ${typesText(types)}, all of which other rules need, too`
    : `looks at ${typesText(types)}; for it alone are captured ${typesText(alone)} (${events_alone} events)`;
  return [
    `${rule} (${file}:${line}), ${percent(share)}: ${needs}`,
    ...table(
      ["  ends", "looks", "part, in the order in which they are looked at"],
      looked.map((part) => [`  ${percent(part.ended)}`, String(part.evaluated), partText(part)]),
    ),
  ];
}

/** Those that are looked at first are looked at most often. */
function byReach(a: ProfiledPart, b: ProfiledPart): number {
  return b.evaluated - a.evaluated;
}

export function partText({ text, macros }: ProfiledPart): string {
  return macros.length === 0 ? text : `${text} [${macros.join(", ")}]`;
}

function typesText(types: readonly string[]): string {
  const shown = types.slice(0, SHOWN_PARTS).join(", ");
  return types.length > SHOWN_PARTS ? `${shown} and ${types.length - SHOWN_PARTS} more types` : shown;
}

/** Share, ns per event and per look; a blank for what is not known. */
export function times({ is_seldom, share, ns_per_event, ns_per_evaluation }: ProfiledRule): string[] {
  return is_seldom ? ["", "", ""] : [percent(share), ns_per_event.toFixed(1), ns_per_evaluation.toFixed(0)];
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Columns of numbers are aligned right, the last one left. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all.map((row) =>
    row.map((cell, column) => column === row.length - 1 ? cell : cell.padStart(widths[column]!)).join("  ")
  );
}
