// Events in a JSON text: one for each text, or those in an array that a pointer names.
// In: a scanned text. Out: tokens of the events with their times; what is none is counted, the others go on.

import type { JsonDocument } from "./json_document.ts";
import { pointerSteps, type Step } from "./json_path.ts";
import { timeNsOf } from "./time_value.ts";

export interface FoundEvents {
  readonly events: readonly { readonly token: number; readonly timeNs: bigint }[];
  /** why something is no event */
  readonly problems: readonly string[];
}

type Finder = (document: JsonDocument) => FoundEvents;

/** How the parts of a text (text_splitter.ts) are read. */
export interface EventFinders {
  /** keys that lead to the array of events in a text */
  readonly items?: readonly Step[];
  /** whether a text that is an array is one of events */
  readonly splitsArrays: boolean;
  /** a text, without the events that have been taken out of it */
  readonly rest: Finder;
  /** an element of a text that is an array */
  readonly element: Finder;
  /** an element of the array that `items` leads to */
  readonly item: Finder;
}

export interface JsonLayout {
  /** pointer to the time; without it, or where there is none, the time of arrival counts */
  readonly time?: string;
  /** pointer to an array of events */
  readonly items?: string;
}

export function jsonEventFinders(layout: JsonLayout, nowNs: () => bigint): EventFinders {
  const items = layout.items === undefined ? undefined : pointerSteps(layout.items);
  const time = layout.time === undefined ? undefined : pointerSteps(layout.time);
  const timeOf = (document: JsonDocument, token: number): bigint => {
    const at = time === undefined ? -1 : document.find(time, token);
    return (at < 0 ? undefined : timeNsOf(document.text(at))) ?? nowNs();
  };
  const one: Finder = (document) =>
    document.isObject(0)
      ? { events: [{ token: 0, timeNs: timeOf(document, 0) }], problems: [] }
      : { events: [], problems: ["it is no object"] };
  const rest: Finder = (document) => {
    const list = items === undefined ? 0 : document.find(items);
    if (list < 0) return { events: [], problems: [`there is no ${layout.items}`] };
    // its elements have been taken out
    if (document.isArray(list)) return { events: [], problems: [] };
    if (!document.isObject(list)) return { events: [], problems: ["it is no object"] };
    return { events: [{ token: list, timeNs: timeOf(document, list) }], problems: [] };
  };
  return {
    rest,
    element: one,
    item: one,
    splitsArrays: items === undefined,
    ...(items === undefined ? {} : { items }),
  };
}
