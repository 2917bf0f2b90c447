// What is left out first when a ring runs full: by what an event is about.
// In: categories of events. Out: `dropOrder`. Elsewhere: who goes by it (probe/lib/ring.bpf.h), the categories (events.ts).
//
// What falco knows of processes rests on every one of their beginnings and ends, and hardly anything makes as many of them as
// files are opened; so the most frequent events are the first to go, and those the last.

import type { EventCategory } from "./types.ts";

/** `last`: while anything gets in; `late`: while a sixteenth of the ring is free; `first`: while two are. */
export type DropOrder = "first" | "late" | "last";

const ORDER: Readonly<Partial<Record<EventCategory, DropOrder>>> = {
  process: "last",
  user: "last",
  net: "late",
  signal: "late",
  system: "late",
  other: "late", // modules, bpf, keys
};

export function dropOrder(category: EventCategory): DropOrder {
  return ORDER[category] ?? "first";
}
