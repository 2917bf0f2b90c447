// The program's own log: lines on standard error, and while it monitors also in this host's syslog.
// In: a level and a message. Out: `Sat Nov 21 22:58:01 2026: Informational message`, one line per call.
// Elsewhere: alerts (outputs/), diagnostics about rules (rules/diagnostics).

import type { Settings } from "../config/settings.ts";
import { sanitize } from "../outputs/sanitize.ts";
import { LocalSyslog } from "../outputs/sinks/local_syslog.ts";
import { localMessage } from "../outputs/sinks/syslog_message.ts";

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
  /** to syslog as well, once `monitors` has been called */
  readonly syslog?: boolean;
}

export interface Log {
  (level: LogLevel, message: string): void;
  /** from here on */
  configure?(options: LogOptions): void;
  /** a service begins, whose log belongs into the syslog; a command that ends by itself has a reader already */
  monitors?(): void;
}

/** What the settings say about it. */
export function logOptions(settings: Settings): LogOptions {
  return {
    level: settings.log_level,
    isoTime: settings.time_format_iso_8601,
    enabled: settings.log_stderr,
    syslog: settings.log_syslog,
  };
}

/** Facility and name as the C library has them for a program that does not say. */
const IDENTITY = { facility: 1, ident: "falco" };

export function createLog(
  initial: LogOptions,
  write: (line: string) => void = writeToStderr,
  syslog: Pick<LocalSyslog, "send"> = new LocalSyslog(),
): Log {
  let options = initial;
  let isMonitoring = false;
  const log = (level: LogLevel, message: string) => {
    const severity = ORDER.indexOf(level);
    if (severity > ORDER.indexOf(options.level)) return;
    for (const line of message.trimEnd().split("\n").map(sanitize)) {
      const now = new Date();
      if (options.enabled) write(`${timestamp(now, options.isoTime)}: ${LEVELS[level]} ${line}`);
      if (isMonitoring && options.syslog === true) {
        quietly(() => syslog.send(localMessage(IDENTITY, severity, now, line)));
      }
    }
  };
  return Object.assign(log, {
    configure: (next: LogOptions) => void (options = next),
    monitors: () => void (isMonitoring = true),
  });
}

/** A host without syslog has no less of a log on standard error. */
function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // nobody listens, or nobody keeps up
  }
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
