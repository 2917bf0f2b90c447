// Alerts → lines.
// In: the loaded rules, the settings that decide the form, then alerts as they come from the engine.
// Out: one line per alert, without its end.
// Elsewhere: where the lines go (outputs/stdout_sink.ts).

import type { Alert } from "../engine/alert.ts";
import type { OutputTemplate, Priority } from "../rules/checked.ts";
import { createJsonFormat } from "./json_format.ts";
import { compileTemplate } from "./template.ts";
import { textLine } from "./text_format.ts";

/** What is printed of a rule. */
export interface FormattedRule {
  readonly name: string;
  readonly priority: Priority;
  readonly source: string;
  readonly tags: readonly string[];
  readonly output: OutputTemplate;
}

export interface AlertStyle {
  readonly json: boolean;
  readonly includeOutput: boolean;
  readonly includeMessage: boolean;
  readonly includeOutputFields: boolean;
  readonly includeTags: boolean;
  readonly isoTime: boolean;
  readonly base64: boolean;
  readonly hostname: string;
}

export function createAlertFormatter(
  rules: readonly FormattedRule[],
  style: AlertStyle,
): (alert: Alert) => string {
  const formats = rules.map((rule) => createRuleFormat(rule, style));
  return (alert) => {
    const format = formats[alert.rule];
    if (format === undefined) {
      throw new RangeError(`alert of rule ${alert.rule}, but ${rules.length} are loaded`);
    }
    return format(alert);
  };
}

function createRuleFormat(rule: FormattedRule, style: AlertStyle): (alert: Alert) => string {
  const render = compileTemplate(rule.output, { base64: style.base64 });
  const toJson = style.json ? createJsonFormat(rule, style) : undefined;
  return ({ timeNs, values }) => {
    const message = render(values);
    const line = textLine(timeNs, style.isoTime, rule.priority, message);
    return toJson === undefined ? line : toJson(timeNs, line, message, values);
  };
}
