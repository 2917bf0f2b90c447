// Fields that are the time of the event as people write it.
// In: a field. Out: whether it is one. Outputs get nanoseconds and write them as the field's name says; a condition
// has no value for them, since the matcher knows neither the time zone nor the calendar.

import type { FieldDef } from "../../schema/mod.ts";

const WRITTEN_TIMES: ReadonlySet<string> = new Set([
  "evt.time",
  "evt.time.s",
  "evt.time.iso8601",
  "evt.datetime",
  "evt.datetime.s",
  "evt.outputtime",
]);

/** Outputs measure these themselves, from one alert to the next (alerts/elapsed_time.ts); conditions have them too. */
const ELAPSED_TIMES: ReadonlySet<string> = new Set(["evt.deltatime", "evt.deltatime.s", "evt.deltatime.ns"]);

export function isElapsedTime({ name }: Pick<FieldDef, "name">): boolean {
  return ELAPSED_TIMES.has(name);
}

export function isWrittenTime({ name }: FieldDef): boolean {
  return WRITTEN_TIMES.has(name);
}
