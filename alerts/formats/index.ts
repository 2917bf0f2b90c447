// The forms of a message by the name that a sink's `format` gives them.
// In: an alert. Out: one line without its end.
// Elsewhere: which of them there are is said in config/sinks/common.ts; text and JSON as Falco has them are made with
// the alert itself (alerts/outgoing_alert.ts).

import type { FORMATS } from "./names.ts";
import type { OutgoingAlert } from "../alert_facts.ts";
import { cefFormat } from "./cef.ts";
import { ecsFormat } from "./ecs.ts";
import { ocsfFormat } from "./ocsf.ts";
import { otlpFormat } from "./otlp.ts";

export type AlertFormat = (alert: OutgoingAlert) => string;
/** `falco` is one of text and json, as the settings say. */
export type FormatName = Exclude<typeof FORMATS[number], "falco">;

export const ALERT_FORMATS: Readonly<Record<FormatName, AlertFormat>> = {
  text: ({ text }) => text,
  json: ({ json }) => json,
  ecs: ecsFormat,
  ocsf: ocsfFormat,
  cef: cefFormat,
  otlp: otlpFormat,
};
