// One value of an alert as JSON.
// In: the value and the field that it belongs to. Out: a JSON fragment; numbers keep all their digits.
// Elsewhere: the object around it (alerts/json_format.ts).

import type { AlertValue } from "./alert.ts";
import { isElapsedTime } from "../rules/mod.ts";
import { jsonText } from "../base/mod.ts";
import { ELAPSED_JSON } from "./elapsed_time.ts";
import { type FieldStyle, numberText, type ValueStyle, valueText } from "./value_text.ts";

export function valueJson(value: AlertValue, field: FieldStyle, style: ValueStyle): string {
  switch (value.kind) {
    case "missing":
      return "null";
    case "int":
    case "uint": {
      // Falco has no JSON for a number whose format is not said
      if (field.format === "na") return "null";
      // zeros in front are for texts: JSON forbids them
      const decimal = field.format === undefined || ["dec", "id", "padded dec"].includes(field.format);
      return decimal ? String(value.value) : JSON.stringify(numberText(value.value, field));
    }
    case "bool":
      return String(value.value);
    case "time": // a point in time is its nanoseconds, whatever its text form
      return isElapsedTime(field) ? ELAPSED_JSON : String(value.value);
    case "double":
      return doubleJson(value.value);
    case "list":
      // Falco has no JSON for a list without elements
      if (value.value.length === 0) return "null";
      return `[${value.value.map((item) => valueJson(item, field, style)).join(",")}]`;
    default:
      return jsonText(valueText(value, field, style) ?? "");
  }
}

/** A whole number has a fraction too, so that readers take it for what it is. */
function doubleJson(value: number): string {
  if (!Number.isFinite(value)) return "null";
  const text = JSON.stringify(value);
  return /^-?[0-9]+$/.test(text) ? `${text}.0` : text;
}
