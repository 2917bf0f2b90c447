// Cron expressions as falcoctl takes them: when they are due, in which time zone, and why one is none.

import assert from "node:assert/strict";
import { CronSchedule } from "../../base/cron/mod.ts";

/** A Tuesday. */
const NOW = new Date("2026-12-01T10:20:30Z");

Deno.test("cron: each form is due when it says, also across a change of the clock", () => {
  const due: Readonly<Record<string, string>> = {
    "TZ=UTC 30 10 * * *": "2026-12-01T10:30:00Z",
    "CRON_TZ=Europe/Berlin 0 3 * * *": "2026-12-02T02:00:00Z",
    "CRON_TZ=UTC 0 3 * * 1-5": "2026-12-02T03:00:00Z",
    "TZ=UTC 0 0 ? * SUN": "2026-12-06T00:00:00Z",
    "TZ=UTC */15 10-11 1,2 DEC *": "2026-12-01T10:30:00Z",
    "TZ=UTC 0 0 1 * FRI": "2026-12-04T00:00:00Z",
    "TZ=UTC @monthly": "2027-01-01T00:00:00Z",
    "TZ=UTC @hourly": "2026-12-01T11:00:00Z",
    "TZ=UTC @midnight": "2026-12-02T00:00:00Z",
  };
  for (const [text, at] of Object.entries(due)) {
    const ms = new CronSchedule(text).dueInMs(NOW);
    assert.equal(new Date(NOW.getTime() + ms).toISOString(), at.replace("Z", ".000Z"), text);
  }
  const summer = new CronSchedule("TZ=Europe/Berlin 0 3 * * *");
  assert.equal(summer.dueInMs(new Date("2026-03-28T02:00:00Z")) / 3_600_000, 23);
});

Deno.test("cron: what is none is refused in words", () => {
  const wrong: Readonly<Record<string, RegExp>> = {
    "every day": /must be five fields .* or a word such as @daily$/,
    "0 0 * * * *": /must be five fields/,
    "@every 1h": /must be five fields/,
    "61 * * * *": /five fields.*: invalid value for minute: 61/,
    "0 0 31 2 *": /must be due at some time: 0 0 31 2 \* never is/,
    "TZ=Mars/Base 0 0 * * *": /must name a time zone: Mars\/Base is none/,
  };
  for (const [text, message] of Object.entries(wrong)) {
    assert.throws(() => new CronSchedule(text), { message }, text);
  }
});
