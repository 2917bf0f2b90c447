// How many values agree, and the first that do not, by name.
// In: pairs of values. Out: sums and lines of a report.

import type { Difference } from "./difference.ts";
import { explain } from "./known_differences.ts";
import { changeSince } from "./newer_version.ts";

export interface Named {
  compared: number;
  /** values as the newer Falco prints them, which the recordings do not have; they agree */
  readonly newer: (Difference & { readonly reason: string })[];
  readonly differences: (Difference & { readonly reason?: string })[];
}

export class Tally {
  readonly names = new Map<string, Named>();

  compare(name: string, difference: Difference): void {
    let named = this.names.get(name);
    if (named === undefined) this.names.set(name, named = { compared: 0, newer: [], differences: [] });
    named.compared++;
    if (difference.falco === difference.ours) return;
    const change = changeSince(difference, name);
    if (change !== undefined) {
      named.newer.push({ ...difference, reason: change });
      return;
    }
    const reason = explain(name, difference);
    named.differences.push(reason === undefined ? difference : { ...difference, reason });
  }

  get compared(): number {
    return sum(this.names, ({ compared }) => compared);
  }

  get differing(): number {
    return sum(this.names, ({ differences }) => differences.length);
  }

  /** Differences that no entry of known_differences.ts explains. */
  get unexplained(): number {
    return sum(this.names, ({ differences }) => differences.filter(({ reason }) => !reason).length);
  }

  /** Values that are those of the newer Falco. */
  get newer(): number {
    return sum(this.names, ({ newer }) => newer.length);
  }

  /** Of all values; 1 when none was compared. */
  get share(): number {
    return this.compared === 0 ? 1 : 1 - this.differing / this.compared;
  }

  /** `42 of 42 (100 %)`, and how many of them are as the newer Falco has them */
  get summary(): string {
    const newer = this.newer === 0 ? "" : `, ${this.newer} of them as Falco 0.45`;
    return `${this.compared - this.differing} of ${this.compared} (${percent(this.share)}${newer})`;
  }

  /** Per name with differences: how many, why, and the first ones side by side. */
  report(show: number): string[] {
    const lines: string[] = [];
    for (const [name, { compared, differences, newer }] of this.names) {
      if (differences.length > 0) {
        lines.push(
          `    ${name}: ${differences.length} of ${compared} differ`,
          ...byReason(differences, show),
        );
      }
      if (newer.length > 0) {
        lines.push(`    ${name}: ${newer.length} of ${compared} as Falco 0.45`, ...byReason(newer, show));
      }
    }
    return lines;
  }
}

function byReason(differences: Named["differences"], show: number): string[] {
  const lines: string[] = [];
  for (const [reason, alike] of Map.groupBy(differences, (one) => one.reason ?? "not explained")) {
    lines.push(`      ${reason}`);
    for (const { event, type, falco, ours } of alike.slice(0, show)) {
      lines.push(
        `        event ${event} ${type}`,
        `          falco ${shown(falco)}`,
        `          ours  ${shown(ours)}`,
      );
    }
  }
  return lines;
}

export function percent(share: number): string {
  // rounded down: 100 % means that nothing differs
  return `${Math.floor(share * 1e5) / 1e3} %`;
}

function sum(names: ReadonlyMap<string, Named>, of: (named: Named) => number): number {
  return [...names.values()].reduce((total, named) => total + of(named), 0);
}

function shown(value: string | undefined): string {
  if (value === undefined) return "no value";
  return value.length > 200 ? `${value.slice(0, 200)}… (${value.length} characters)` : value;
}
