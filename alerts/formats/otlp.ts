// An alert as a log of the OpenTelemetry protocol: the body of a POST to /v1/logs, JSON in one line.
// In: an alert. Out: an ExportLogsServiceRequest with one record, by the mapping of protobuf to JSON: names in
// lowerCamelCase, 64-bit numbers as texts, enumerations as numbers.
// Fields become attributes under Falco's names; many (container.id, k8s.pod.name, user.name) are OpenTelemetry's too.
// Elsewhere: sending them, many in one request (outputs/sinks/otlp.ts).

import { jsonLine, parseExactJson, type Priority, sanitize } from "../../base/mod.ts";
import type { OutgoingAlert } from "../alert_facts.ts";
import { alertId } from "../alert_id.ts";
import { PRODUCT, PRODUCT_VERSION } from "./product.ts";

/** As OpenTelemetry maps the severities of syslog. */
const SEVERITIES: Readonly<Record<Priority, number>> = {
  Emergency: 21,
  Alert: 19,
  Critical: 18,
  Error: 17,
  Warning: 13,
  Notice: 10,
  Informational: 9,
  Debug: 5,
};

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

type AnyValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly arrayValue: { readonly values: readonly AnyValue[] } };

interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}

export function otlpFormat(alert: OutgoingAlert): string {
  const resource = {
    attributes: [
      attribute("service.name", PRODUCT),
      attribute("service.version", PRODUCT_VERSION),
      attribute("host.name", alert.hostname),
    ],
  };
  const scope = { name: PRODUCT, version: PRODUCT_VERSION };
  return jsonLine({
    resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: [logRecord(alert)] }] }],
  });
}

function logRecord(alert: OutgoingAlert): object {
  const time = String(alert.timeNs < 0n ? 0n : alert.timeNs);
  const attributes = [
    attribute("falco.rule", alert.rule),
    attribute("falco.priority", alert.priority),
    attribute("falco.source", alert.source),
    attribute("falco.alert_id", alertId(alert)),
    { key: "falco.tags", value: { arrayValue: { values: alert.tags.map((tag) => ({ stringValue: tag })) } } },
  ];
  // a name may stand only once in a record
  const taken = new Set(attributes.map(({ key }) => key));
  for (const [name, json] of alert.fields) {
    // two names may be one when they have been made harmless
    const key = sanitize(name);
    if (taken.has(key)) continue;
    taken.add(key);
    const value = anyValue(json);
    if (value !== undefined) attributes.push({ key, value });
  }
  return {
    timeUnixNano: time,
    observedTimeUnixNano: time,
    severityNumber: SEVERITIES[alert.priority],
    severityText: alert.priority,
    eventName: "falco.alert",
    body: { stringValue: alert.text },
    attributes,
  };
}

function attribute(key: string, text: string): KeyValue {
  return { key, value: { stringValue: text } };
}

/** Nothing for null: an attribute that is not there says the same. */
function anyValue(json: string): AnyValue | undefined {
  return typedValue(parseExactJson(json));
}

function typedValue(value: unknown): AnyValue | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (Array.isArray(value)) {
    return { arrayValue: { values: value.flatMap((item) => typedValue(item) ?? []) } };
  }
  // a number, or one that keeps its digits
  const text = JSON.stringify(value);
  if (/^-?[0-9]+$/.test(text)) return intValue(text);
  return /^-?[0-9]/.test(text) ? { doubleValue: Number(text) } : { stringValue: text };
}

/** What 64 bits do not hold goes as text. */
function intValue(digits: string): AnyValue {
  const number = BigInt(digits);
  return number < INT64_MIN || number > INT64_MAX ? { stringValue: digits } : { intValue: String(number) };
}
