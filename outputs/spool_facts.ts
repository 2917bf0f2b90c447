// What is known of an alert as the spool keeps it: JSON.
// In: facts of an alert. Out: a text, and the same facts out of it. Numbers of 64 bits stand as texts.

import type { AlertFacts } from "../alerts/mod.ts";

export function writeFacts(alert: AlertFacts): string {
  const { rule, priority, source, tags, hostname, message, fields } = alert;
  const numbers = { sequence: String(alert.sequence), timeNs: String(alert.timeNs) };
  return JSON.stringify({ ...numbers, rule, priority, source, tags, hostname, message, fields });
}

export function readFacts(json: string): AlertFacts {
  const written = JSON.parse(json) as Omit<AlertFacts, "sequence" | "timeNs"> & {
    readonly sequence: string;
    readonly timeNs: string;
  };
  return { ...written, sequence: BigInt(written.sequence), timeNs: BigInt(written.timeNs) };
}
