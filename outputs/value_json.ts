// One value of an alert as JSON.
// In: the value and the field that it belongs to. Out: a JSON fragment; numbers keep all their digits.
// Elsewhere: the object around it (outputs/json_format.ts).

import type { AlertValue } from "../engine/alert.ts";
import { type FieldStyle, numberText, type ValueStyle, valueText } from "./value_text.ts";

export function valueJson(value: AlertValue, field: FieldStyle, style: ValueStyle): string {
  switch (value.kind) {
    case "missing":
      return "null";
    case "int":
    case "uint": {
      const text = numberText(value.value, field);
      const decimal = field.format === undefined || field.format === "dec" || field.format === "id";
      return decimal || field.format === "na" ? text : JSON.stringify(text);
    }
    case "bool":
      return String(value.value);
    case "time": // a point in time is its nanoseconds, whatever its text form
      return String(value.value);
    case "double":
      return Number.isFinite(value.value) ? JSON.stringify(value.value) : "null";
    case "list":
      return `[${value.value.map((item) => valueJson(item, field, style)).join(",")}]`;
    default:
      return JSON.stringify(valueText(value, field, style) ?? "");
  }
}
