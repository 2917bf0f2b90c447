// The program's own log: lines on standard error, and while it monitors also in this host's syslog.
// In: a level and a message. Out: `Sat Nov 21 22:58:01 2026: Informational message`; in the journal, which has the time
// already and the syslog with it, `Informational message` with its severity, once. What a message quotes may come from
// strangers, so everything is made harmless here and bounded. Further lines of a message are indented: none of them can
// pass for a message of its own.
// Elsewhere: alerts (outputs/), diagnostics about rules (rules/diagnostics), standard error (stderr_lines.ts).

import type { Settings } from "../../config/mod.ts";
import {
  isJournal,
  isSyslogJournal,
  journalLine,
  localMessage,
  LocalSyslog,
} from "../../outputs/local_syslog/mod.ts";
import { sanitizeLine } from "../../base/mod.ts";
import { stderrLines } from "./stderr_lines.ts";

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

const MAX_LINES = 200;
const MAX_LINE_CHARACTERS = 4000;
const INDENT = "  ";

/** Which of its readers are the journal. */
export interface JournalReaders {
  readonly stderr: boolean;
  readonly syslog: boolean;
}

export function createLog(
  initial: LogOptions,
  write: (line: string) => void = (line) => stderrLines.write(line),
  syslog: Pick<LocalSyslog, "send"> = new LocalSyslog(),
  journal: JournalReaders = { stderr: isJournal("stderr"), syslog: isSyslogJournal() },
): Log {
  let options = initial;
  let isMonitoring = false;
  const log = (level: LogLevel, message: string) => {
    const severity = ORDER.indexOf(level);
    if (severity > ORDER.indexOf(options.level)) return;
    for (const line of linesOf(message)) {
      const now = new Date();
      const text = `${LEVELS[level]} ${line}`;
      if (options.enabled) {
        write(journal.stderr ? journalLine(severity, text) : `${timestamp(now, options.isoTime)}: ${text}`);
      }
      const isRepeated = options.enabled && journal.stderr && journal.syslog;
      if (isMonitoring && options.syslog === true && !isRepeated) {
        quietly(() => syslog.send(localMessage(IDENTITY, severity, now, line)));
      }
    }
  };
  return Object.assign(log, {
    configure: (next: LogOptions) => void (options = next),
    monitors: () => {
      isMonitoring = true;
      stderrLines.stopWaiting();
    },
  });
}

/** For messages that strangers have a part in and that need no more than a line: a line break in them is none. */
export function singleLine(log: Log): Log {
  return (level, message) => log(level, sanitizeLine(message, MAX_LINE_CHARACTERS));
}

function linesOf(message: string): string[] {
  const lines = message.trimEnd().split("\n");
  const left = lines.length - MAX_LINES;
  const shown = left > 0 ? [...lines.slice(0, MAX_LINES), `… ${left} more lines`] : lines;
  return shown.map((line, index) => (index === 0 ? "" : INDENT) + sanitizeLine(line, MAX_LINE_CHARACTERS));
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
