// When followed artifacts are looked at next.
// In: an interval or a cron expression. Out: how long to wait; some of it is chance, so that not all hosts ask at one moment.

import { CronSchedule } from "../../base/cron/mod.ts";

export interface Schedule {
  nextInMs(now: Date): number;
}

/** So much of an interval is chance. */
const SPREAD = 0.1;
/** A cron expression names minutes. */
const MINUTE_MS = 60_000;

/** @param cron "" for none: it counts in place of the interval */
export function scheduleOf(everyMs: number, cron = ""): Schedule {
  if (cron === "") return { nextInMs: () => everyMs * (1 - SPREAD * Math.random()) };
  const schedule = new CronSchedule(cron);
  return { nextInMs: (now) => schedule.dueInMs(now) + MINUTE_MS * Math.random() };
}
