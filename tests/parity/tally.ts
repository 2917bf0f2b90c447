// How many values agree, and the first that do not, by name.
// In: pairs of values. Out: sums and lines of a report.

import type { Difference } from "./difference.ts";
import { explain } from "./known_differences.ts";

export interface Named {
  compared: number;
  readonly differences: (Difference & { readonly reason?: string })[];
}

export class Tally {
  readonly names = new Map<string, Named>();

  compare(name: string, difference: Difference): void {
    let named = this.names.get(name);
    if (named === undefined) this.names.set(name, named = { compared: 0, differences: [] });
    named.compared++;
    if (difference.falco === difference.ours) return;
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

  /** Of all values; 1 when none was compared. */
  get share(): number {
    return this.compared === 0 ? 1 : 1 - this.differing / this.compared;
  }

  /** `42 of 42 (100 %)` */
  get summary(): string {
    return `${this.compared - this.differing} of ${this.compared} (${percent(this.share)})`;
  }

  /** Per name with differences: how many, why, and the first ones side by side. */
  report(show: number): string[] {
    const lines: string[] = [];
    for (const [name, { compared, differences }] of this.names) {
      if (differences.length === 0) continue;
      lines.push(`    ${name}: ${differences.length} of ${compared} differ`);
      for (const reason of new Set(differences.map((one) => one.reason ?? "not explained"))) {
        lines.push(`      ${reason}`);
        const alike = differences.filter((one) => (one.reason ?? "not explained") === reason);
        for (const { event, type, falco, ours } of alike.slice(0, show)) {
          lines.push(
            `        event ${event} ${type}`,
            `          falco ${shown(falco)}`,
            `          ours  ${shown(ours)}`,
          );
        }
      }
    }
    return lines;
  }
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
