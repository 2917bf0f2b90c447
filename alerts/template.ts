// An output template, filled in: `Shell opened (user=%user.name)` → `Shell opened (user=root)`.
// In: the template of a rule, prepared once, then the values of each alert. Out: text as it is, hostile or not.
// Elsewhere: making it harmless (base/sanitize.ts), parsing templates and applying transformers (rules/, in generated code), the text of one value
// (alerts/value_text.ts).

import type { AlertValue } from "./alert.ts";
import { isElapsedTime, type OutputField, type OutputTemplate } from "../rules/mod.ts";
import { joinLines } from "../base/mod.ts";
import { createElapsedText } from "./elapsed_time.ts";
import { type ValueStyle, valueText } from "./value_text.ts";

const NOT_AVAILABLE = "<NA>";
const MISSING: AlertValue = { kind: "missing" };

type Values = readonly AlertValue[];

export function compileTemplate(template: OutputTemplate, style: ValueStyle): (values: Values) => string {
  const position = new Map(template.fields.map((field, index) => [field.key, index]));
  const parts = template.parts.map((part) =>
    typeof part === "string"
      ? constant(joinLines(part))
      : fieldPart(part, position.get(part.key) ?? -1, style)
  );
  return (values) => {
    let text = "";
    for (const part of parts) text += part(values);
    return text;
  };
}

function constant(text: string): () => string {
  return () => text;
}

function fieldPart(part: OutputField, index: number, style: ValueStyle): (values: Values) => string {
  const field = part.operand.kind === "field" ? part.operand.field : undefined;
  if (field !== undefined && isElapsedTime(field)) {
    const elapsed = createElapsedText(field);
    return (values) => {
      const value = values[index];
      return fit(value?.kind === "time" ? elapsed(value.value) : NOT_AVAILABLE, part.width);
    };
  }
  return (values) => fit(valueText(values[index] ?? MISSING, field, style) ?? NOT_AVAILABLE, part.width);
}

/** A width pads and truncates; it counts characters, so that none is cut apart. */
function fit(text: string, width: number | undefined): string {
  if (width === undefined || width === 0) return text;
  const characters = [...text];
  return characters.length >= width
    ? characters.slice(0, width).join("")
    : text.padEnd(text.length + width - characters.length);
}
