// One `-o key=value` of the command line.
// In: the text. Out: the key and its value, or a problem that says what to write instead.
// Elsewhere: putting settings together (config/load.ts).

import { didYouMean } from "../rules/diagnostics/suggest.ts";
import { parse } from "yaml";
import { parsePath, type SettingPath } from "./path.ts";
import { type Definition, definitionOf, SETTINGS } from "./settings.ts";
import { type Parsed, parseValue } from "./value.ts";

export type Override =
  | { readonly key: string; readonly value: unknown }
  /** into a list or mapping: see path.ts */
  | { readonly key: string; readonly steps: SettingPath["steps"]; readonly part: unknown }
  | { readonly problem: string };

export function parseOverride(text: string): Override {
  const equals = text.indexOf("=");
  if (equals <= 0) return { problem: `option "${text}": expected key=value` };
  const key = text.slice(0, equals).trim();
  const written = text.slice(equals + 1).trim();
  const definition = definitionOf(key);
  const path = definition === undefined ? parsePath(key) : undefined;
  const outer = path === undefined ? undefined : definitionOf(path.key);
  if (path !== undefined && outer !== undefined && isStructure(outer)) {
    const part = parseStructure(written);
    return "reason" in part
      ? { problem: `option "${text}": ${part.reason}` }
      : { key: path.key, steps: path.steps, part: part.value };
  }
  if (definition === undefined) return { problem: `option "${text}": ${unknownKey(key)}` };
  const raw = isStructure(definition) ? parseStructure(written) : { value: written };
  const parsed = "reason" in raw ? raw : parseValue(definition, raw.value);
  if ("reason" in parsed) return { problem: `option "${text}": ${key} ${parsed.reason}` };
  return { key, value: parsed.value };
}

export function isStructure({ type }: Definition): boolean {
  return type === "rules" || type === "append_output" || type === "static_fields";
}

/** `{…}` and `[…]` are YAML, as Falco takes them; anything else is a text. */
function parseStructure(written: string): Parsed {
  if (!/^[{[]/.test(written)) return { value: written };
  try {
    return { value: parse(written, { maxAliasCount: 100 }) };
  } catch (error) {
    return {
      reason: `is not valid YAML: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`,
    };
  }
}

export function unknownKey(key: string): string {
  const keys = Object.keys(SETTINGS);
  // a key may also have been written without its section: buf_size_preset
  const whole = keys.find((known) => known.endsWith(`.${key}`));
  const hint = whole === undefined ? didYouMean(key, keys) : `did you mean \`${whole}\`?`;
  return `unknown setting ${key}` + (hint === undefined ? "" : `; ${hint}`);
}
