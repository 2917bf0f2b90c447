// The form of syslog messages: the old one of local sockets, and RFC 5424 for the network.
// In: severity, time, text. Out: the message without framing.

import { PRIORITIES, type Priority, sanitize } from "../../base/mod.ts";

export interface SyslogIdentity {
  /** 0 … 23 */
  readonly facility: number;
  readonly ident: string;
}

/** Falco's priorities are the severities of syslog, in the same order. */
export function severityOf(priority: Priority): number {
  return PRIORITIES.indexOf(priority);
}

/** As the C library writes it: local time without a year, and no name of the host. */
export function localMessage(identity: SyslogIdentity, severity: number, time: Date, text: string): string {
  const [, month, day, , clock] = time.toString().split(" ");
  const { facility, ident } = identity;
  return `<${facility * 8 + severity}>${month} ${String(Number(day)).padStart(2)} ${clock} ${ident}: ${
    sanitize(text)
  }`;
}

export interface RemoteFacts {
  readonly severity: number;
  readonly timeNs: bigint;
  readonly hostname: string;
  readonly processId: number;
}

/** RFC 5424 without structured data; the time has the six digits that it allows. */
export function remoteMessage({ facility, ident }: SyslogIdentity, facts: RemoteFacts, text: string): string {
  const { severity, timeNs, hostname, processId } = facts;
  const ms = Number(timeNs / 1_000_000n);
  const micros = String(timeNs / 1000n % 1_000_000n).padStart(6, "0");
  const time = Number.isFinite(ms) && Math.abs(ms) < 8.64e15
    ? `${new Date(ms).toISOString().slice(0, 19)}.${micros}Z`
    : "-";
  return `<${facility * 8 + severity}>1 ${time} ${word(hostname, 255)} ${
    word(ident, 48)
  } ${processId} alert - ${sanitize(text)}`;
}

/** Printable ASCII without blanks, or nothing. */
function word(text: string, maxLength: number): string {
  return text.replace(/[^\x21-\x7e]/g, "").slice(0, maxLength) || "-";
}
