// From an alert of the engine to one on its way out.
// In: the loaded rules and the style, then alerts. Out: objects whose text and JSON are made when a sink first asks
// for them, and once for all sinks.
// Elsewhere: the forms themselves (text_format.ts, json_format.ts), sinks (outputs/sink.ts).

import type { Alert, AlertValue } from "./alert.ts";
import { escapeText, type Priority, sanitize } from "../base/mod.ts";
import { createJsonFields, createJsonFormat, type JsonField, type JsonParts } from "./json_format.ts";
import type { AlertStyle, FormattedRule } from "./formatted_rule.ts";
import type { OutgoingAlert } from "./alert_facts.ts";
import { compileTemplate } from "./template.ts";
import { textLine } from "./text_format.ts";

export function createOutgoingAlerts(
  rules: readonly FormattedRule[],
  style: AlertStyle,
): (alert: Alert, sequence: bigint) => RuleAlert {
  const formats = rules.map((rule) => createRuleFormat(rule, style));
  return (alert, sequence) => {
    const format = formats[alert.rule];
    if (format === undefined) {
      throw new RangeError(`alert of rule ${alert.rule}, but ${rules.length} are loaded`);
    }
    return new RenderedAlert(format, alert, sequence);
  };
}

/** An alert of a rule, which can be looked at without being rendered. */
export interface RuleAlert extends OutgoingAlert {
  /** the value of a field of the output as a text to compare; undefined when the output does not have the field */
  comparable(key: string): string | undefined;
  /** roughly what it takes in memory */
  readonly bytes: number;
  /** the same alert with a remark after its output, and fields that say it to programs */
  remarked(remark: Remark): OutgoingAlert;
}

export interface Remark {
  readonly text: string;
  readonly fields: readonly JsonField[];
}

interface RuleFormat {
  readonly rule: FormattedRule;
  readonly style: AlertStyle;
  readonly render: (values: readonly AlertValue[]) => string;
  readonly fields: (timeNs: bigint, values: readonly AlertValue[]) => readonly JsonField[];
  readonly json: (parts: JsonParts) => string;
}

/** Sinks use names and tags as labels, keys and topics: they are harmless from here on. */
function createRuleFormat(written: FormattedRule, given: AlertStyle): RuleFormat {
  const style = { ...given, hostname: sanitize(given.hostname) };
  const rule = {
    ...written,
    name: sanitize(written.name),
    source: sanitize(written.source),
    tags: written.tags.map(sanitize),
  };
  return {
    rule,
    style,
    render: compileTemplate(rule.output, { base64: style.base64 }),
    fields: createJsonFields(rule.output, style),
    json: createJsonFormat(rule, style),
  };
}

class RenderedAlert implements RuleAlert {
  readonly sequence: bigint;
  readonly timeNs: bigint;
  readonly #format: RuleFormat;
  readonly #values: readonly AlertValue[];
  readonly #remark: Remark | undefined;
  /** as it is: what JSON is made of */
  #output: string | undefined;
  #message: string | undefined;
  #text: string | undefined;
  #json: string | undefined;
  #fields: readonly JsonField[] | undefined;

  constructor(
    format: RuleFormat,
    { timeNs, values }: Pick<Alert, "timeNs" | "values">,
    sequence: bigint,
    remark?: Remark,
  ) {
    this.#format = format;
    this.#values = values;
    this.#remark = remark;
    this.timeNs = timeNs;
    this.sequence = sequence;
  }

  get rule(): string {
    return this.#format.rule.name;
  }
  get priority(): Priority {
    return this.#format.rule.priority;
  }
  get source(): string {
    return this.#format.rule.source;
  }
  get tags(): readonly string[] {
    return this.#format.rule.tags;
  }
  get hostname(): string {
    return this.#format.style.hostname;
  }
  get message(): string {
    return this.#message ??= escapeText(this.#rendered());
  }
  get text(): string {
    return this.#text ??= this.#line(this.message);
  }
  get json(): string {
    const output = this.#rendered();
    return this.#json ??= this.#format.json({
      timeNs: this.timeNs,
      message: output,
      text: this.#line(output),
      fields: this.fields,
    });
  }
  get fields(): readonly JsonField[] {
    return this.#fields ??= withRemark(this.#format.fields(this.timeNs, this.#values), this.#remark);
  }

  #rendered(): string {
    const remark = this.#remark === undefined ? "" : ` ${this.#remark.text}`;
    return this.#output ??= this.#format.render(this.#values) + remark;
  }
  #line(message: string): string {
    return textLine(this.timeNs, this.#format.style.isoTime, this.priority, message);
  }

  comparable(key: string): string | undefined {
    const index = this.#format.rule.output.fields.findIndex((field) => field.key === key);
    const value = this.#values[index];
    return value === undefined ? undefined : comparableText(value);
  }
  get bytes(): number {
    return this.#values.reduce((sum, value) => sum + valueBytes(value), ALERT_BYTES);
  }
  remarked(remark: Remark): OutgoingAlert {
    return new RenderedAlert(
      this.#format,
      { timeNs: this.timeNs, values: this.#values },
      this.sequence,
      remark,
    );
  }
}

function withRemark(fields: readonly JsonField[], remark: Remark | undefined): readonly JsonField[] {
  if (remark === undefined) return fields;
  return [...fields, ...remark.fields].sort(([a], [b]) => a < b ? -1 : 1);
}

/** Values of different kinds are never equal. */
function comparableText(value: AlertValue): string {
  switch (value.kind) {
    case "missing":
      return "";
    case "ip":
    case "bytes":
      return `${value.kind} ${value.value.join(".")}`;
    case "list":
      return JSON.stringify(value.value.map(comparableText));
    default:
      return `${value.kind} ${value.value}`;
  }
}

const ALERT_BYTES = 200;
const VALUE_BYTES = 40;

function valueBytes(value: AlertValue): number {
  switch (value.kind) {
    case "text":
    case "bytes":
    case "ip":
      return VALUE_BYTES + value.value.length;
    case "list":
      return value.value.reduce((sum, item) => sum + valueBytes(item), VALUE_BYTES);
    default:
      return VALUE_BYTES;
  }
}
