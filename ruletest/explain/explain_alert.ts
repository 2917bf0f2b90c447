// What an alert, as falco printed it, says about its rule's condition: the rule matched, so what has to hold together held.
// In: the JSON of an alert, loaded rules. Out: the condition with what is known of each check.
// Elsewhere: what a recording tells exactly (explain_rule.ts): an alert has no events, only the values of its output.

import { parseJsonBytes, UsageError } from "../../base/mod.ts";
import { type ConditionTree, conditionTree, placeOf } from "../../rules/mod.ts";
import { type ExplainOptions, ruleNamed } from "./explain_rule.ts";

export interface AlertText {
  readonly rule: string;
  readonly time?: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A part of a condition that was true as a whole; `unknown`: the alert does not tell. */
export type KnownPart =
  & { readonly holds: boolean | "unknown" }
  & (
    | { readonly kind: "and" | "or" | "not"; readonly parts: readonly KnownPart[] }
    | { readonly kind: "macro" | "exception"; readonly name: string; readonly parts: readonly KnownPart[] }
    | {
      readonly kind: "check";
      readonly text: string;
      readonly file: string;
      readonly line: number;
      /** those that the alert's output has */
      readonly values: Readonly<Record<string, string>>;
    }
  );

export interface AlertExplanation {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly time?: string;
  readonly condition: KnownPart;
}

const LIMITS = { bytes: 1 << 20, depth: 32, values: 20_000 };

/** @param text one alert as JSON, on one line or on several; of several alerts the first */
export function readAlertText(text: string): AlertText {
  const object = objectIn(text.trim()) ?? objectIn(text.trim().split("\n", 1)[0]!);
  if (object === undefined) {
    throw new UsageError(["cannot read the alert: it has to be JSON, as with -o json_output=true"]);
  }
  if (typeof object["rule"] !== "string") {
    throw new UsageError(["this is no alert of falco: it has no `rule`"]);
  }
  const fields = object["output_fields"];
  return {
    rule: object["rule"],
    ...typeof object["time"] === "string" ? { time: object["time"] } : {},
    fields: typeof fields === "object" && fields !== null ? fields as Record<string, unknown> : {},
  };
}

function objectIn(text: string): Record<string, unknown> | undefined {
  const value = parseJsonBytes(new TextEncoder().encode(text), LIMITS);
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Record<string, unknown>
    : undefined;
}

export function explainAlert(loaded: ExplainOptions["loaded"], alert: AlertText): AlertExplanation {
  const rule = ruleNamed(loaded, alert.rule);
  return {
    rule: rule.name,
    ...placeOf(rule.span),
    ...alert.time === undefined ? {} : { time: alert.time },
    condition: known(conditionTree(loaded, rule), true, alert.fields),
  };
}

function known(tree: ConditionTree, holds: boolean | "unknown", fields: AlertText["fields"]): KnownPart {
  switch (tree.kind) {
    case "check":
      return {
        kind: "check",
        holds,
        text: tree.text,
        ...placeOf(tree.span),
        values: valuesIn(tree.text, fields),
      };
    case "not":
      return {
        kind: "not",
        holds,
        parts: [known(tree.operand, holds === "unknown" ? holds : !holds, fields)],
      };
    case "macro":
    case "exception":
      return { kind: tree.kind, name: tree.name, holds, parts: [known(tree.body, holds, fields)] };
    default: {
      // all of an `and` that holds, none of an `or` that does not; of the others one at least
      const each = holds === (tree.kind === "and") ? holds : "unknown";
      return { kind: tree.kind, holds, parts: tree.operands.map((operand) => known(operand, each, fields)) };
    }
  }
}

/** Fields of the output that the check names. */
function valuesIn(text: string, fields: AlertText["fields"]): Record<string, string> {
  const words = new Set(text.split(/[\s(),]+/));
  return Object.fromEntries(
    Object.entries(fields).filter(([name]) => words.has(name)).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
