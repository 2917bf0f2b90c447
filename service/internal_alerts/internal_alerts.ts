// Alerts about this program itself, with the names, priorities, texts and fields that Falco's have.
// In: an internal alert. Out: an alert on its way to the sinks, of source "internal" and without tags; the priority of
// the settings and noise control do not hold it back.
// Elsewhere: which of them there are (internal_alert_kinds.ts), who raises them.

import { alertHostname } from "../../outputs/mod.ts";
import { joinLines, jsonText, type Priority, sanitize } from "../../base/mod.ts";
import { type OutgoingAlert, textLine, utcDateTime } from "../../alerts/mod.ts";

export type InternalValue = string | number | bigint | boolean | null;

export interface InternalAlert {
  readonly rule: string;
  readonly priority: Priority;
  readonly message: string;
  readonly fields: Readonly<Record<string, InternalValue>>;
}

/** What is handed to the parts that have something to report. */
export type RaiseInternalAlert = (alert: InternalAlert) => void;

/** What AlertOutput has. */
interface Emitter {
  emit(create: (sequence: bigint) => OutgoingAlert): void;
}

const SOURCE = "internal";
const NS_PER_MS = 1_000_000n;

/** @param isoTime of the settings; asked again for each alert, because a reload may change it */
export function internalAlertsTo(output: Emitter, isoTime: () => boolean): RaiseInternalAlert {
  return (alert) => {
    const timeNs = BigInt(Date.now()) * NS_PER_MS;
    output.emit((sequence) => outgoingInternalAlert(alert, { sequence, timeNs, isoTime: isoTime() }));
  };
}

export interface InternalAlertStamp {
  readonly sequence: bigint;
  readonly timeNs: bigint;
  readonly isoTime: boolean;
  readonly hostname?: string;
}

export function outgoingInternalAlert(alert: InternalAlert, stamp: InternalAlertStamp): OutgoingAlert {
  const { rule, priority } = alert;
  const { sequence, timeNs } = stamp;
  const hostname = sanitize(stamp.hostname ?? alertHostname());
  const message = sanitize(joinLines(alert.message));
  const fields = Object.entries(alert.fields)
    .sort(([a], [b]) => a < b ? -1 : 1)
    .map(([key, value]) => [sanitize(key), valueJson(value)] as const);
  const pairs = fields.map(([key, json]) => `${key}=${json}`).join(" ");
  return {
    sequence,
    timeNs,
    rule,
    priority,
    source: SOURCE,
    tags: [],
    hostname,
    message,
    text: textLine(timeNs, stamp.isoTime, priority, `${message} (${pairs})`),
    json: `{"hostname":${JSON.stringify(hostname)},"output":${JSON.stringify(message)},` +
      `"output_fields":{${fields.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(",")}},` +
      `"priority":"${priority}","rule":${JSON.stringify(rule)},"source":"${SOURCE}",` +
      `"time":"${utcDateTime(timeNs)}Z"}`,
    fields,
  };
}

function valueJson(value: InternalValue): string {
  if (typeof value === "bigint") return String(value);
  return typeof value === "string" ? jsonText(value) : JSON.stringify(value);
}
