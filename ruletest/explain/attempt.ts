// How far one event has come with the rule that is explained.
// In: a report of the module (rules/compile_explanation.ts). Out: answers of checks and values as text.

import { type Alert, valueText } from "../../alerts/mod.ts";
import type { CompiledExplanation } from "../../rules/mod.ts";

export interface Attempt {
  readonly event: bigint;
  readonly timeNs: bigint;
  /** how many checks would have had to answer otherwise; 0: the condition is true */
  readonly distance: number;
  /** the event has all that the rule asks for, and something that it excludes */
  readonly isExcluded: boolean;
  /** by check, in the order of the condition's text */
  readonly answers: readonly boolean[];
  /** whether each of the earlier rules takes the event */
  readonly taken: readonly boolean[];
  /** by position in `CompiledExplanation.values`; undefined: the event has no such value */
  readonly values: readonly (string | undefined)[];
}

/** Longer values are cut: they are shown in a line. */
const MAX_CHARACTERS = 120;

export function readAttempt(alert: Alert, compiled: CompiledExplanation): Attempt {
  const { checks, earlier, values } = compiled;
  const numbers = alert.values.slice(0, 2 + checks.length + earlier.length)
    .map((value) => value.kind === "uint" ? Number(value.value) : 0);
  const [distance = 0, asked = 0] = numbers;
  const texts = alert.values.slice(numbers.length).map((value, index) => {
    const operand = values[index]?.operand;
    return valueText(value, operand?.kind === "field" ? operand.field : undefined, { base64: false });
  });
  return {
    event: alert.eventNumber,
    timeNs: alert.timeNs,
    distance,
    isExcluded: asked === 0 && distance > 0,
    answers: numbers.slice(2, 2 + checks.length).map(Boolean),
    taken: numbers.slice(2 + checks.length).map(Boolean),
    values: texts.map((text) =>
      text !== undefined && text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text
    ),
  };
}
