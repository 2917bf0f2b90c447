// The program's own log: lines on standard error.
// In: a level and a message. Out: `Sat Nov 21 22:58:01 2026: Informational message`, one line per call.
// Elsewhere: alerts (outputs/), diagnostics about rules (rules/diagnostics).

import { sanitize } from "../outputs/sanitize.ts";

const LEVELS = {
  emergency: "Emergency",
  alert: "Alert",
  critical: "Critical",
  error: "Error",
  warning: "Warning",
  notice: "Notice",
  info: "Informational",
  debug: "Debug",
} as const;
export type LogLevel = keyof typeof LEVELS;
const ORDER = Object.keys(LEVELS) as LogLevel[];

export interface LogOptions {
  /** the least severe level that is shown */
  readonly level: LogLevel;
  readonly isoTime: boolean;
  readonly enabled: boolean;
}

export type Log = (level: LogLevel, message: string) => void;

export function createLog(options: LogOptions, write: (line: string) => void = writeToStderr): Log {
  const threshold = ORDER.indexOf(options.level);
  return (level, message) => {
    if (!options.enabled || ORDER.indexOf(level) > threshold) return;
    for (const line of message.trimEnd().split("\n")) {
      write(`${timestamp(new Date(), options.isoTime)}: ${LEVELS[level]} ${sanitize(line)}`);
    }
  };
}

function timestamp(now: Date, iso: boolean): string {
  if (iso) return now.toISOString().replace(/\.\d+Z$/, "+0000");
  const [weekday, month, day, year, clock] = now.toString().split(" ");
  return `${weekday} ${month} ${day} ${clock} ${year}`;
}

/** A log that nobody can read must not end the program. */
function writeToStderr(line: string): void {
  const bytes = new TextEncoder().encode(line + "\n");
  try {
    for (let at = 0; at < bytes.length;) at += Deno.stderr.writeSync(bytes.subarray(at));
  } catch {
    // the reader has gone, or does not keep up
  }
}
