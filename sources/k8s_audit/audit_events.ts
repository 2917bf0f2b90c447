// Audit events in what the API server sends or writes: one event, an array of them, or an EventList.
// In: scanned JSON texts. Out: tokens of the events with their times; what is none is counted, the others go on.

import { timeNsOf } from "../json/time_value.ts";
import type { JsonDocument } from "../json/json_document.ts";
import { type Step, stepOf } from "../json/json_path.ts";
import type { EventFinders, FoundEvents } from "../json/found_events.ts";

const [KIND, ITEMS, TIME]: readonly Step[] = ["kind", "items", "stageTimestamp"].map(stepOf);

/** Elements of an array are whatever may stand alone; those of an EventList are events. */
export const AUDIT_FINDERS: EventFinders = {
  items: [ITEMS!],
  splitsArrays: true,
  rest: findAuditEvents,
  element: findAuditEvents,
  item: (document) => {
    const found = new Found(document);
    found.take(0);
    return found;
  },
};

function findAuditEvents(document: JsonDocument): FoundEvents {
  const found = new Found(document);
  found.look(0);
  return found;
}

class Found implements FoundEvents {
  readonly events: { token: number; timeNs: bigint }[] = [];
  readonly problems: string[] = [];

  constructor(readonly document: JsonDocument) {}

  /** Nested arrays are no deeper than the scanner lets them be. */
  look(token: number): void {
    const { document } = this;
    if (document.isArray(token)) return document.elements(token).forEach((element) => this.look(element));
    const at = document.member(token, KIND!);
    const kind = at < 0 || !document.isString(at) ? undefined : document.text(at);
    if (kind === "EventList") this.#list(document.member(token, ITEMS!));
    else if (kind === "Event") this.take(token);
    else this.problems.push("neither kind: Event nor kind: EventList");
  }

  /** Go writes null for a list without elements. */
  #list(items: number): void {
    const { document } = this;
    if (items >= 0 && document.isArray(items)) {
      document.elements(items).forEach((element) => this.take(element));
    } else if (items < 0 || document.raw(items) !== "null") {
      this.problems.push(`kind: EventList ${items < 0 ? "has no items" : "has items that are no array"}`);
    }
  }

  take(token: number): void {
    const { document } = this;
    const at = document.member(token, TIME!);
    const timeNs = at < 0 ? undefined : timeNsOf(document.text(at));
    if (timeNs !== undefined) this.events.push({ token, timeNs });
    else this.problems.push(at < 0 ? "stageTimestamp is missing" : "stageTimestamp is no time");
  }
}
