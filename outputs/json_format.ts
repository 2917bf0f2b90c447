// An alert as one line of JSON with Falco's keys, sorted as Falco sorts them.
// In: the rule, the rendered texts and values. Out: the line without its end.
// Elsewhere: values (outputs/value_json.ts), texts (outputs/template.ts, outputs/text_format.ts).

import { Buffer } from "node:buffer";
import type { AlertValue } from "../engine/alert.ts";
import type { OutputTemplate } from "../rules/checked.ts";
import { sanitize } from "./sanitize.ts";
import { compileTemplate } from "./template.ts";
import { utcDateTime } from "./time_text.ts";
import { valueJson } from "./value_json.ts";
import type { ValueStyle } from "./value_text.ts";
import type { AlertStyle, FormattedRule } from "./alert_formatter.ts";

/** Prepares what is the same for every alert of a rule. */
export function createJsonFormat(
  rule: FormattedRule,
  style: AlertStyle,
): (timeNs: bigint, line: string, message: string, values: readonly AlertValue[]) => string {
  const quote = (text: string) => JSON.stringify(sanitize(text));
  const tags = [...new Set(rule.tags)].sort(byBytes).map(quote);
  const fields = createFields(rule.output, style);
  const hostname = quote(style.hostname);
  const priority = quote(rule.priority), name = quote(rule.name), source = quote(rule.source);

  return (timeNs, line, message, values) => {
    let json = `{"hostname":${hostname}`;
    if (style.includeMessage) json += `,"message":${JSON.stringify(message)}`;
    if (style.includeOutput) json += `,"output":${JSON.stringify(line)}`;
    if (style.includeOutputFields) json += `,"output_fields":${fields(timeNs, values)}`;
    json += `,"priority":${priority},"rule":${name},"source":${source}`;
    if (style.includeTags) json += `,"tags":[${tags.join(",")}]`;
    return `${json},"time":"${utcDateTime(timeNs)}Z"}`;
  };
}

/** The values of plain fields by their key, and the event's time, which Falco adds because its text begins with it. */
function createFields(
  { fields, extra = [] }: OutputTemplate,
  style: AlertStyle,
): (timeNs: bigint, values: readonly AlertValue[]) => string {
  const timeKey = style.isoTime ? "evt.time.iso8601" : "evt.time";
  const valueStyle: ValueStyle = { base64: style.base64 };
  const entries: { key: string; write: (timeNs: bigint, values: readonly AlertValue[]) => string }[] = [];
  entries.push({ key: timeKey, write: (timeNs) => String(timeNs) });
  fields.forEach(({ key, operand }, index) => {
    if (operand.kind !== "field" || key === timeKey) return; // transformed values are in the text only
    entries.push({
      key,
      write: (_timeNs, values) => valueJson(values[index] ?? { kind: "missing" }, operand.field, valueStyle),
    });
  });
  for (const { key, parts } of extra) {
    const render = compileTemplate({ parts, fields }, valueStyle);
    entries.push({ key, write: (_timeNs, values) => JSON.stringify(render(values)) });
  }
  entries.sort((a, b) => byBytes(a.key, b.key));
  const keys = entries.map((entry) => `${JSON.stringify(sanitize(entry.key))}:`);
  return (timeNs, values) =>
    `{${entries.map((entry, i) => keys[i] + entry.write(timeNs, values)).join(",")}}`;
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
