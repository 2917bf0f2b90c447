// Audit events in what the API server sends or writes: one event, an array of them, or an EventList.
// In: a scanned JSON text. Out: tokens of the events with their times; what is none is counted, the others go on.

import { timeNsOf } from "../json/time_value.ts";
import { type JsonDocument, type Step, stepOf } from "../json/json_document.ts";
import type { FoundEvents } from "../json/found_events.ts";

const [KIND, ITEMS, TIME]: readonly Step[] = ["kind", "items", "stageTimestamp"].map(stepOf);

export function findAuditEvents(document: JsonDocument): FoundEvents {
  const events: { token: number; timeNs: bigint }[] = [];
  const problems: string[] = [];
  const take = (token: number) => {
    const at = document.member(token, TIME!);
    const timeNs = at < 0 ? undefined : timeNsOf(document.text(at));
    if (timeNs === undefined) {
      problems.push(at < 0 ? "stageTimestamp is missing" : "stageTimestamp is no time");
    } else events.push({ token, timeNs });
  };
  /** nested arrays are no deeper than the scanner lets them be */
  const look = (token: number): void => {
    if (document.isArray(token)) return document.elements(token).forEach(look);
    const at = document.member(token, KIND!);
    const kind = at < 0 || !document.isString(at) ? undefined : document.text(at);
    const items = kind === "EventList" ? document.member(token, ITEMS!) : -1;
    if (items >= 0 && document.isArray(items)) document.elements(items).forEach(take);
    else if (kind === "Event") take(token);
    else problems.push("neither kind: Event nor kind: EventList");
  };
  look(0);
  return { events, problems };
}
