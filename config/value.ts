// Reads one setting's value from what a user wrote.
// In: the setting's definition and a YAML scalar, list, or text of the command line.
// Out: the value, or a reason why it is none. User mistakes are values, not exceptions.
// Elsewhere: which settings there are (config/settings.ts).

import { readAppendOutput, readRuleSwitches, readStaticFields } from "./rule_settings.ts";
import { shaped } from "./shape.ts";
import type { Definition } from "./settings.ts";

export type Parsed = { readonly value: unknown } | { readonly reason: string };

/** The words that YAML 1.1, which Falco reads, takes for booleans. */
const TRUE = ["true", "yes", "on", "y"];
const FALSE = ["false", "no", "off", "n"];

export function parseValue(definition: Definition, written: unknown): Parsed {
  switch (definition.type) {
    case "bool":
      return parseBool(written);
    case "int":
      return parseInteger(written, definition.min, definition.max);
    case "choice":
      return parseChoice(written, definition.choices);
    case "text":
      return typeof written === "object"
        ? { reason: `must be a text, not ${show(written)}` }
        : { value: String(written) };
    case "paths":
      return parsePaths(written);
    case "rules":
      return shaped(() => readRuleSwitches(written));
    case "append_output":
      return shaped(() => readAppendOutput(written));
    case "static_fields":
      return shaped(() => readStaticFields(written));
  }
}

function parseBool(written: unknown): Parsed {
  if (typeof written === "boolean") return { value: written };
  const word = String(written).trim().toLowerCase();
  if (TRUE.includes(word)) return { value: true };
  if (FALSE.includes(word)) return { value: false };
  return { reason: `must be true or false, not ${show(written)}` };
}

function parseInteger(written: unknown, min: number, max: number): Parsed {
  const number = typeof written === "number"
    ? written
    : /^[+-]?\d+$/.test(String(written))
    ? Number(written)
    : NaN;
  if (Number.isInteger(number) && number >= min && number <= max) return { value: number };
  return { reason: `must be a whole number from ${min} to ${max}, not ${show(written)}` };
}

/** The first letters are enough, as in Falco: `info`, `inform` and `informational` are the same priority. */
function parseChoice(written: unknown, choices: readonly string[]): Parsed {
  const word = String(written).trim().toLowerCase();
  const exact = choices.find((choice) => choice === word);
  const starting = choices.filter((choice) => word.length >= 4 && choice.startsWith(word));
  const value = exact ?? (starting.length === 1 ? starting[0] : undefined);
  if (value !== undefined) return { value };
  return { reason: `must be one of ${choices.join(", ")}, not ${show(written)}` };
}

function parsePaths(written: unknown): Parsed {
  const list = Array.isArray(written) ? written : [written];
  if (list.every((item) => typeof item === "string" && item !== "")) return { value: list };
  return { reason: `must be a path or a list of paths, not ${show(written)}` };
}

function show(written: unknown): string {
  const text = typeof written === "string" ? written : JSON.stringify(written) ?? String(written);
  return `"${text.length > 60 ? text.slice(0, 60) + "…" : text}"`;
}
