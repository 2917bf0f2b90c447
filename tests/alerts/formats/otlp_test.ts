import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { otlpFormat } from "../../../alerts/formats/otlp.ts";
import { hostileAlert, outgoing, recordedAlerts, SHELL } from "./alerts.ts";

// opentelemetry/proto/collector/logs/v1 and what it uses, as far as we write it: field → type
const MESSAGES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ExportLogsServiceRequest: { resourceLogs: "ResourceLogs[]" },
  ResourceLogs: { resource: "Resource", scopeLogs: "ScopeLogs[]", schemaUrl: "string" },
  Resource: { attributes: "KeyValue[]" },
  ScopeLogs: { scope: "InstrumentationScope", logRecords: "LogRecord[]", schemaUrl: "string" },
  InstrumentationScope: { name: "string", version: "string" },
  LogRecord: {
    timeUnixNano: "fixed64",
    observedTimeUnixNano: "fixed64",
    severityNumber: "enum",
    severityText: "string",
    body: "AnyValue",
    attributes: "KeyValue[]",
    eventName: "string",
  },
  KeyValue: { key: "string", value: "AnyValue" },
  AnyValue: {
    stringValue: "string",
    boolValue: "bool",
    intValue: "int64",
    doubleValue: "double",
    arrayValue: "ArrayValue",
  },
  ArrayValue: { values: "AnyValue[]" },
};

/** protobuf's mapping to JSON: 64-bit numbers are texts within their range, enumerations numbers. */
const SCALARS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  bool: (value) => typeof value === "boolean",
  double: (value) => typeof value === "number",
  enum: (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 24,
  fixed64: (value) => typeof value === "string" && /^[0-9]+$/.test(value) && BigInt(value) < 2n ** 64n,
  int64: (value) =>
    typeof value === "string" && /^-?[0-9]+$/.test(value) &&
    BigInt.asIntN(64, BigInt(value)) === BigInt(value),
};

function check(value: unknown, type: string, path: string): void {
  if (type.endsWith("[]")) {
    ok(Array.isArray(value), `${path} is no list`);
    value.forEach((item, i) => check(item, type.slice(0, -2), `${path}[${i}]`));
    if (type === "KeyValue[]") {
      const keys = value.map(({ key }) => key);
      equal(new Set(keys).size, keys.length, `${path}: a key is twice`);
    }
    return;
  }
  const scalar = SCALARS[type];
  if (scalar !== undefined) return ok(scalar(value), `${path}: ${JSON.stringify(value)} is not ${type}`);
  const fields = MESSAGES[type]!;
  const entries = Object.entries(value as object);
  if (type === "AnyValue") equal(entries.length, 1, `${path} has ${entries.length} values`);
  for (const [key, below] of entries) {
    ok(fields[key] !== undefined, `${path}.${key} is not in ${type}`);
    check(below, fields[key], `${path}.${key}`);
  }
}

Deno.test("OTLP: recorded and hostile alerts follow the mapping of the protocol to JSON", () => {
  for (const alert of [SHELL, ...recordedAlerts()]) {
    check(JSON.parse(otlpFormat(alert)), "ExportLogsServiceRequest", "");
  }
  fc.assert(fc.property(hostileAlert, (alert) => {
    check(JSON.parse(otlpFormat(alert)), "ExportLogsServiceRequest", "");
  }));
});

Deno.test("OTLP: time, severity, body and typed attributes of an alert", () => {
  const request = JSON.parse(otlpFormat(outgoing({
    "proc.name": '"bash"',
    "proc.pid": "42",
    "proc.is_exe_upper_layer": "true",
    "thread.cpu": "1.0",
    "inode": "18446744073709551615",
    "start": "1781092931123456789",
    "proc.aname[2]": "null",
    "fd.types": '["ipv4",3]',
  })));
  const [record] = request.resourceLogs[0].scopeLogs[0].logRecords;
  equal(record.timeUnixNano, "1781092931123456789");
  deepEqual([record.severityNumber, record.severityText], [13, "Warning"]);
  deepEqual(record.body, { stringValue: SHELL.text });
  const values = Object.fromEntries(
    record.attributes.map((a: { key: string; value: object }) => [a.key, a.value]),
  );
  deepEqual(values["proc.name"], { stringValue: "bash" });
  deepEqual(values["proc.pid"], { intValue: "42" });
  deepEqual(values["proc.is_exe_upper_layer"], { boolValue: true });
  deepEqual(values["thread.cpu"], { doubleValue: 1 });
  deepEqual(values["inode"], { stringValue: "18446744073709551615" });
  deepEqual(values["start"], { intValue: "1781092931123456789" });
  deepEqual(values["fd.types"], { arrayValue: { values: [{ stringValue: "ipv4" }, { intValue: "3" }] } });
  equal(values["proc.aname[2]"], undefined);
  deepEqual(values["falco.rule"], { stringValue: "Shell in container" });
});
