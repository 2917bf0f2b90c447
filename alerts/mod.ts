// The door of alerts/: what other packages may use of it. What it is for: README.md.

export type { Alert, AlertValue } from "./alert.ts";
export type { AlertFacts, OutgoingAlert } from "./alert_facts.ts";
export { alertId } from "./alert_id.ts";
export { ALERT_FORMATS, type AlertFormat, type FormatName } from "./formats/index.ts";
export { FORMATS } from "./formats/names.ts";
export type { AlertStyle, FormattedRule } from "./formatted_rule.ts";
export { createOutgoingAlerts, type Remark, type RuleAlert } from "./outgoing_alert.ts";
export { compileTemplate } from "./template.ts";
export { textLine } from "./text_format.ts";
export { type ValueStyle, valueText } from "./value_text.ts";
export { timeOfDay, utcDateTime } from "./time_text.ts";
