// A door of its own: most of falco starts without the package that reads cron expressions.

export { CronSchedule } from "./cron_schedule.ts";
