// Repeats: of alerts that are alike the first passes at once, the others are counted until their window ends.
// In: alerts with the way their rule groups them, and the time. Out: summaries, each the last alert of a window that
// had repeats; a window that had none ends the group.
// Bounded in number and in bytes: where there are too many groups, the one whose window ends first ends early.

import type { RuleAlert } from "../../alerts/mod.ts";
import type { Grouping } from "./policy.ts";

export interface Summary {
  readonly last: RuleAlert;
  /** alerts that were held back */
  readonly count: number;
  readonly seconds: number;
}

interface Group {
  readonly key: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly windowMs: number;
  count: number;
  last: RuleAlert | undefined;
  bytes: number;
}

const MAX_BYTES = 64 << 20;
const GROUP_BYTES = 200;

export interface RepeatsOptions {
  readonly maxGroups: number;
  readonly maxBytes?: number;
  readonly onSummary: (summary: Summary) => void;
  /** a group had to end early */
  readonly onEvicted?: () => void;
}

export class Repeats {
  readonly #options: RepeatsOptions & { readonly maxBytes: number };
  /** by the length of the window: then the groups of each stand in the order of their ends */
  readonly #byWindow = new Map<number, Map<string, Group>>();
  #size = 0;
  #bytes = 0;

  constructor(options: RepeatsOptions) {
    this.#options = { maxBytes: MAX_BYTES, ...options };
  }

  /** Whether the alert repeats another and is held back. */
  take(alert: RuleAlert, { windowMs, fields }: Grouping, nowMs: number): boolean {
    const key = JSON.stringify([alert.rule, ...fields.map((field) => alert.comparable(field) ?? null)]);
    const group = this.#byWindow.get(windowMs)?.get(key);
    if (group === undefined) {
      this.#open(key, windowMs, nowMs);
      return false;
    }
    group.count++;
    const grown = alert.bytes - (group.last?.bytes ?? 0);
    this.#bytes += grown;
    group.bytes += grown;
    group.last = alert;
    this.#makeRoom(nowMs, 0);
    return true;
  }

  /** Ends the windows whose time has come. */
  tick(nowMs: number): void {
    for (const groups of this.#byWindow.values()) {
      for (const group of groups.values()) {
        if (group.endMs > nowMs) break;
        this.#close(group, nowMs);
        // a flood goes on: its next window follows at once
        if (group.count > 0) this.#open(group.key, group.windowMs, nowMs);
      }
    }
  }

  /** Ends all windows. */
  flush(nowMs: number): void {
    for (const group of this.#all()) this.#close(group, nowMs);
  }

  /** When the next window ends. */
  get nextMs(): number {
    return this.#first()?.endMs ?? Infinity;
  }

  #open(key: string, windowMs: number, nowMs: number): void {
    const bytes = GROUP_BYTES + 2 * key.length;
    this.#makeRoom(nowMs, 1);
    let groups = this.#byWindow.get(windowMs);
    if (groups === undefined) this.#byWindow.set(windowMs, groups = new Map());
    groups.set(key, {
      key,
      startMs: nowMs,
      endMs: nowMs + windowMs,
      windowMs,
      count: 0,
      last: undefined,
      bytes,
    });
    this.#size++;
    this.#bytes += bytes;
  }

  #close(group: Group, nowMs: number): void {
    this.#byWindow.get(group.windowMs)?.delete(group.key);
    this.#size--;
    this.#bytes -= group.bytes;
    const { last, count, startMs } = group;
    if (last !== undefined) this.#options.onSummary({ last, count, seconds: (nowMs - startMs) / 1000 });
  }

  #makeRoom(nowMs: number, wanted: number): void {
    const { maxGroups, maxBytes, onEvicted } = this.#options;
    while (this.#size > 0 && (this.#size + wanted > maxGroups || this.#bytes > maxBytes)) {
      this.#close(this.#first()!, nowMs);
      onEvicted?.();
    }
  }

  /** The group whose window ends first. */
  #first(): Group | undefined {
    let first: Group | undefined;
    for (const groups of this.#byWindow.values()) {
      const [group] = groups.values();
      if (group !== undefined && group.endMs < (first?.endMs ?? Infinity)) first = group;
    }
    return first;
  }

  #all(): Group[] {
    return [...this.#byWindow.values()].flatMap((groups) => [...groups.values()]);
  }
}
