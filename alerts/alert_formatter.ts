// Alerts → lines, for anyone who wants no sinks.
// In: the loaded rules, the style, then alerts. Out: one line per alert, without its end.
// Elsewhere: alerts on their way to sinks (outgoing_alert.ts).

import type { Alert } from "./alert.ts";
import type { AlertStyle, FormattedRule } from "./formatted_rule.ts";
import { createOutgoingAlerts } from "./outgoing_alert.ts";

export interface LineStyle extends AlertStyle {
  /** JSON instead of text */
  readonly json: boolean;
}

export function createAlertFormatter(
  rules: readonly FormattedRule[],
  style: LineStyle,
): (alert: Alert) => string {
  const outgoing = createOutgoingAlerts(rules, style);
  return (alert) => {
    const line = outgoing(alert, 0n);
    return style.json ? line.json : line.text;
  };
}
