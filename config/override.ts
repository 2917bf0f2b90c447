// One `-o key=value` of the command line.
// In: the text. Out: the key and its value, or a problem that says what to write instead.
// Elsewhere: putting settings together (config/load.ts).

import { didYouMean } from "../rules/diagnostics/suggest.ts";
import { definitionOf, SETTINGS } from "./settings.ts";
import { parseValue } from "./value.ts";

export type Override = { readonly key: string; readonly value: unknown } | { readonly problem: string };

export function parseOverride(text: string): Override {
  const equals = text.indexOf("=");
  if (equals <= 0) return { problem: `option "${text}": expected key=value` };
  const key = text.slice(0, equals).trim();
  const definition = definitionOf(key);
  if (definition === undefined) return { problem: `option "${text}": ${unknownKey(key)}` };
  const parsed = parseValue(definition, text.slice(equals + 1).trim());
  if ("reason" in parsed) return { problem: `option "${text}": ${key} ${parsed.reason}` };
  return { key, value: parsed.value };
}

export function unknownKey(key: string): string {
  const keys = Object.keys(SETTINGS);
  // a key may also have been written without its section: buf_size_preset
  const whole = keys.find((known) => known.endsWith(`.${key}`));
  const hint = whole === undefined ? didYouMean(key, keys) : `did you mean \`${whole}\`?`;
  return `unknown setting ${key}` + (hint === undefined ? "" : `; ${hint}`);
}
