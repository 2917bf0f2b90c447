// Small makers of fields, templates and rules for the tests of outputs/.

import type { LineStyle } from "../../alerts/alert_formatter.ts";
import type { FormattedRule } from "../../alerts/formatted_rule.ts";
import type { Alert, AlertValue } from "../../alerts/alert.ts";
import type { OutputField, OutputTemplate } from "../../rules/check/checked.ts";
import type { FieldDef, FieldType } from "../../schema/types.ts";

export const STYLE: LineStyle = {
  json: false,
  includeOutput: true,
  includeMessage: false,
  includeOutputFields: true,
  includeTags: true,
  isoTime: false,
  base64: false,
  hostname: "node1",
};

export function fieldDef(name: string, type: FieldType = "string", more: Partial<FieldDef> = {}): FieldDef {
  return {
    name,
    class: "evt",
    type,
    bits: 64,
    list: false,
    arg: "none",
    sources: ["syscall"],
    summary: "",
    cost: 1,
    eventTypes: "all",
    ...more,
  };
}

export function outputField(key: string, more: Partial<FieldDef> = {}, width?: number): OutputField {
  const [, name = key, arg] = /^([^[]+)(?:\[(.*)\])?$/.exec(key) ?? [];
  const operand = { kind: "field" as const, field: fieldDef(name, "string", more), ...(arg ? { arg } : {}) };
  return { key, operand, ...(width === undefined ? {} : { width }) };
}

/** `"user=%user.name %10proc.name"` with every field a plain one. */
export function template(text: string): OutputTemplate {
  const parts: (string | OutputField)[] = [];
  const fields: OutputField[] = [];
  let at = 0;
  for (const match of text.matchAll(/%(\d*)([a-z0-9_.]+(?:\[[^\]]*\])?)/g)) {
    if (match.index > at) parts.push(text.slice(at, match.index));
    const field = outputField(match[2] ?? "", {}, match[1] ? Number(match[1]) : undefined);
    parts.push(field);
    if (!fields.some((other) => other.key === field.key)) fields.push(field);
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push(text.slice(at));
  return { parts, fields };
}

export function rule(output: OutputTemplate, more: Partial<FormattedRule> = {}): FormattedRule {
  return { name: "R", priority: "Warning", source: "syscall", tags: [], output, ...more };
}

export function alert(values: readonly AlertValue[], timeNs = 0n): Alert {
  return { rule: 0, eventType: 0, timeNs, eventNumber: 1n, tid: 1n, values };
}

export const text = (value: string): AlertValue => ({ kind: "text", value });
export const int = (value: bigint): AlertValue => ({ kind: "int", value });
export const MISSING: AlertValue = { kind: "missing" };
