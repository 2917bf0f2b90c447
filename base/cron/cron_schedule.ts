// When a cron expression is due.
// In: five fields, or a word such as @daily; in front of them CRON_TZ=ZONE or TZ=ZONE where the host's time zone is not meant.
// Out: how long until then; an error in words that say what must be changed.

import { Cron } from "croner";

const ZONE = /^(?:CRON_TZ|TZ)=(\S+)\s+/;
const SHAPE = "must be five fields (minute, hour, day, month, weekday) or a word such as @daily";

export class CronSchedule {
  readonly #cron: Cron;

  constructor(text: string) {
    const zone = ZONE.exec(text)?.[1];
    // falcoctl reads ? as *; the package would take the present moment
    const fields = text.replace(ZONE, "").trim().replaceAll("?", "*");
    if (zone !== undefined && !isZone(zone)) throw new Error(`must name a time zone: ${zone} is none`);
    try {
      this.#cron = new Cron(fields, { mode: "5-part", ...zone === undefined ? {} : { timezone: zone } });
    } catch (error) {
      throw new Error(`${SHAPE}${reasonOf(error)}`);
    }
    if (this.#cron.nextRun() === null) throw new Error(`must be due at some time: ${fields} never is`);
  }

  /** Milliseconds from this moment on. */
  dueInMs(now: Date): number {
    const next = this.#cron.nextRun(now);
    return next === null ? Infinity : next.getTime() - now.getTime();
  }
}

/** The package's word about one field; the others only say how many there have to be. */
function reasonOf(error: unknown): string {
  const reason = /^CronPattern: (Invalid value .*)$/i.exec(error instanceof Error ? error.message : "")?.[1];
  return reason === undefined ? "" : `: ${reason.toLowerCase()}`;
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
