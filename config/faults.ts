// A part of the configuration that a service runs without, because it is wrong or cannot be had.
// In: nothing. Out: the type, and whether two of them are the same.
// Elsewhere: finding them (config/load.ts, rules/load_sound.ts, outputs/), telling them (service/health/faults.ts).

export const FAULT_KINDS = [
  "setting",
  "rules_file",
  "rule",
  "plugin",
  "source",
  "output",
  "containers",
  "artifact",
] as const;
export type FaultKind = typeof FAULT_KINDS[number];

export interface Fault {
  readonly kind: FaultKind;
  /** what is wrong and what it costs, in one line, with its place where it has one */
  readonly text: string;
}

export function faults(kind: FaultKind, texts: readonly string[]): Fault[] {
  return texts.map((text) => ({ kind, text }));
}

/** Those that were not there before. Lines move when a file changes elsewhere. */
export function newFaults(now: readonly Fault[], before: readonly Fault[]): Fault[] {
  const known = new Set(before.map(keyOf));
  return now.filter((fault) => !known.has(keyOf(fault)));
}

function keyOf({ kind, text }: Fault): string {
  return `${kind} ${text.replace(/:\d+:\d+(?=: )/, "")}`;
}
