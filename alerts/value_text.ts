// One value of an alert as text.
// In: the value and the field that it belongs to. Out: text as it is, hostile or not; undefined when there is no value.
// Elsewhere: making it harmless, which the form around it does (base/sanitize.ts); the JSON form
// (alerts/value_json.ts); `<NA>` and widths (alerts/template.ts).

import { Buffer } from "node:buffer";
import type { AlertValue } from "./alert.ts";
import type { FieldDef } from "../schema/mod.ts";
import { addressText } from "./address_text.ts";
import { localClock, localDate, timeOfDay, utcDateTime } from "./time_text.ts";

export interface ValueStyle {
  /** byte buffers as base64 instead of printable characters */
  readonly base64: boolean;
}

/** What decides how a value is written; absent for the result of a transformer. */
export type FieldStyle = Pick<FieldDef, "name" | "format" | "bits">;

export function valueText(
  value: AlertValue,
  field: FieldStyle | undefined,
  style: ValueStyle,
): string | undefined {
  switch (value.kind) {
    case "missing":
      return undefined;
    case "text":
      return value.value;
    case "int":
    case "uint":
      // Falco has no text for a number whose format is not said
      return field?.format === "na" ? undefined : numberText(value.value, field);
    case "bool":
      return value.value ? "true" : "false";
    case "ip":
      return addressText(value.value);
    case "time":
      return timeText(value.value, field?.name);
    case "bytes":
      return bytesText(value.value, style);
    case "double":
      return value.value.toFixed(1);
    case "list":
      return `(${value.value.map((item) => valueText(item, field, style) ?? "").join(",")})`;
  }
}

/** Hexadecimal is upper case and bare, as Falco has it; its digits show the bits of a negative number. */
export function numberText(value: bigint, field: FieldStyle | undefined): string {
  switch (field?.format) {
    case "hex":
      return BigInt.asUintN(field.bits || 64, value).toString(16).toUpperCase();
    case "oct":
    case "padded oct":
      return BigInt.asUintN(field.bits || 64, value).toString(8);
    case "padded dec":
      return String(value).padStart(9, "0");
    default:
      return String(value);
  }
}

function bytesText(bytes: Uint8Array, style: ValueStyle): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (style.base64) return buffer.toString("base64");
  return buffer.toString("latin1").replace(/[^\x20-\x7e]/g, ".");
}

function timeText(ns: bigint, name: string | undefined): string {
  switch (name) {
    case "evt.time":
    case "evt.outputtime":
      return timeOfDay(ns);
    case "evt.time.s":
      return localClock(ns);
    case "evt.time.iso8601":
      return `${utcDateTime(ns)}+0000`;
    case "evt.datetime":
      return `${localDate(ns)} ${timeOfDay(ns)}`;
    case "evt.datetime.s":
      return `${localDate(ns)} ${localClock(ns)}`;
    default:
      return String(ns);
  }
}
