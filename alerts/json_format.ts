// An alert as one line of JSON with Falco's keys, sorted as Falco sorts them.
// In: the rule, the rendered texts and values. Out: the line without its end.
// Elsewhere: values (alerts/value_json.ts), texts (alerts/template.ts, alerts/text_format.ts).

import { Buffer } from "node:buffer";
import type { AlertValue } from "./alert.ts";
import type { OutputTemplate } from "../rules/mod.ts";
import { jsonText, sanitize } from "../base/mod.ts";
import { compileTemplate } from "./template.ts";
import { utcDateTime } from "./time_text.ts";
import { valueJson } from "./value_json.ts";
import type { ValueStyle } from "./value_text.ts";
import type { AlertStyle, FormattedRule } from "./formatted_rule.ts";

/** A key of output_fields with its value as JSON. */
export type JsonField = readonly [key: string, json: string];

/** What of an alert goes into its JSON; texts as they are. */
export interface JsonParts {
  readonly timeNs: bigint;
  readonly message: string;
  readonly text: string;
  readonly fields: readonly JsonField[];
}

/** Prepares what is the same for every alert of a rule. */
export function createJsonFormat(
  rule: Pick<FormattedRule, "name" | "priority" | "source" | "tags">,
  style: AlertStyle,
): (alert: JsonParts) => string {
  const quote = (text: string) => JSON.stringify(sanitize(text));
  const tags = [...new Set(rule.tags)].sort(byBytes).map(quote);
  const hostname = quote(style.hostname);
  const priority = quote(rule.priority), name = quote(rule.name), source = quote(rule.source);

  return (alert) => {
    let json = `{"hostname":${hostname}`;
    if (style.includeMessage) json += `,"message":${jsonText(alert.message)}`;
    if (style.includeOutput) json += `,"output":${jsonText(alert.text)}`;
    if (style.includeOutputFields) {
      const fields = alert.fields.map(([key, value]) => `${JSON.stringify(key)}:${value}`);
      json += `,"output_fields":{${fields.join(",")}}`;
    }
    json += `,"priority":${priority},"rule":${name},"source":${source}`;
    if (style.includeTags) json += `,"tags":[${tags.join(",")}]`;
    return `${json},"time":"${utcDateTime(alert.timeNs)}Z"}`;
  };
}

/** The values of plain fields by their key, and the event's time, which Falco adds because its text begins with it. */
export function createJsonFields(
  { fields, extra = [] }: OutputTemplate,
  style: Pick<AlertStyle, "isoTime" | "base64">,
): (timeNs: bigint, values: readonly AlertValue[]) => readonly JsonField[] {
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
    entries.push({ key, write: (_timeNs, values) => jsonText(render(values)) });
  }
  entries.sort((a, b) => byBytes(a.key, b.key));
  const written = entries.map(({ key, write }) => ({ key: sanitize(key), write }));
  return (timeNs, values) => written.map(({ key, write }) => [key, write(timeNs, values)]);
}

/** Of UTF-8; JavaScript has the order of UTF-16, which is another one beyond ASCII. */
function byBytes(a: string, b: string): number {
  if (!isAscii(a) || !isAscii(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}
