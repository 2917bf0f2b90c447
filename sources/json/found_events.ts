// Events in a JSON text: one for each text, or those in an array that a pointer names.
// In: a scanned text. Out: tokens of the events with their times; what is none is counted, the others go on.

import { type JsonDocument, pointerSteps } from "./json_document.ts";
import { timeNsOf } from "./time_value.ts";

export interface FoundEvents {
  readonly events: readonly { readonly token: number; readonly timeNs: bigint }[];
  /** why something is no event */
  readonly problems: readonly string[];
}

export interface JsonLayout {
  /** pointer to the time; without it, or where there is none, the time of arrival counts */
  readonly time?: string;
  /** pointer to an array of events */
  readonly items?: string;
}

export function jsonEventFinder(
  layout: JsonLayout,
  nowNs: () => bigint,
): (document: JsonDocument) => FoundEvents {
  const items = layout.items === undefined ? undefined : pointerSteps(layout.items);
  const time = layout.time === undefined ? undefined : pointerSteps(layout.time);
  const timeOf = (document: JsonDocument, token: number): bigint => {
    const at = time === undefined ? -1 : document.find(time, token);
    return (at < 0 ? undefined : timeNsOf(document.text(at))) ?? nowNs();
  };
  return (document) => {
    const array = items === undefined ? 0 : document.find(items);
    if (array < 0) return { events: [], problems: [`there is no ${layout.items}`] };
    const tokens = document.isArray(array) ? document.elements(array) : [array];
    const objects = tokens.filter((token) => document.isObject(token));
    return {
      events: objects.map((token) => ({ token, timeNs: timeOf(document, token) })),
      problems: tokens.filter((token) => !document.isObject(token)).map(() => "it is no object"),
    };
  };
}
