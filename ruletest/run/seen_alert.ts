// An alert as expectations and reports look at it: texts.
// In: alerts of the engine. Out: the rule, the rendered output, each field as a text.

import { type Alert, type AlertValue, compileTemplate, valueText } from "../../alerts/mod.ts";
import type { Priority } from "../../base/mod.ts";
import type { CompiledRules, OutputField } from "../../rules/mod.ts";
import type { Step } from "../scenario/step.ts";

export interface SeenAlert {
  readonly rule: string;
  readonly timeNs: bigint;
  readonly priority: Priority;
  readonly output: string;
  /** of the output and those that expectations name; undefined: no value */
  readonly fields: ReadonlyMap<string, string | undefined>;
  /** what happened; none for events of a recording */
  readonly step: Step | undefined;
}

const STYLE = { base64: false };

export class AlertReader {
  readonly #render: readonly ((values: readonly AlertValue[]) => string)[];

  constructor(readonly compiled: CompiledRules) {
    this.#render = compiled.rules.map(({ output }) => compileTemplate(output, STYLE));
  }

  read({ rule: number, timeNs, values }: Alert, step: Step | undefined): SeenAlert {
    const { name, priority, output } = this.compiled.rules[number]!;
    return {
      rule: name,
      timeNs,
      priority,
      output: this.#render[number]!(values),
      fields: new Map(output.fields.map((field, at) => [field.key, textOf(field, values[at]!)])),
      step,
    };
  }
}

function textOf({ operand }: OutputField, value: AlertValue): string | undefined {
  return valueText(value, operand.kind === "field" ? operand.field : undefined, STYLE);
}
