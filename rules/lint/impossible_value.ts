// Values that a field never has: a name of more characters than the kernel keeps, a flag that there is not, upper case
// where everything is made lower case.
// In: checks. Out: a warning for each such value, once for all checks that use it through a list.
// Elsewhere: what is known of fields (field_values.ts) and flags (flag_values.ts); names of events that there are not,
// which are errors (check/check.ts).

import type { Check, Value } from "../syntax/ast.ts";
import type { CheckedCheck, CheckedTransformer } from "../check/checked.ts";
import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import { printOperand } from "../syntax/print_operand.ts";
import { SpanSet } from "../text/span_set.ts";
import { short } from "../yaml/decode.ts";
import { type Verdict, verdictOfField } from "./field_values.ts";
import { type Impossible, impossibleFlag } from "./flag_values.ts";

/** Values that are looked at: a long list can be used by thousands of checks. */
const MAX_LOOKS = 200_000;

export class ImpossibleValues {
  readonly #told = new SpanSet();
  #looks = 0;

  take({ values, find }: Looks): Diagnostic[] {
    this.#looks += values;
    return this.#looks > MAX_LOOKS ? [] : find().filter(({ span }) => this.#told.add(span!));
  }
}

/** How many values have to be looked at, and what is found when somebody does. */
interface Looks {
  readonly values: number;
  readonly find: () => readonly Diagnostic[];
}

export function impossibleValues(check: Check, checked: CheckedCheck): Looks {
  const { right } = check;
  const verdict = right?.kind === "value" || right?.kind === "list" ? verdictOf(checked) : undefined;
  if (verdict === undefined) return { values: 0, find: () => [] };
  const values = right?.kind === "list" ? right.items : [right as Value];
  let found: readonly Diagnostic[] | undefined;
  const find = () =>
    values.flatMap((value) => {
      const impossible = value.text === "" ? undefined : verdict(value.text, values);
      return impossible === undefined ? [] : [warning(check, value, impossible)];
    });
  return { values: values.length, find: () => found ??= find() };
}

function warning(check: Check, { span, text }: Value, { why, hint }: Impossible): Diagnostic {
  const inside = span.source === check.span.source && span.start >= check.span.start &&
    span.end <= check.span.end;
  const equality = ["=", "==", "!=", "in", "intersects"].includes(check.operator);
  const never = equality ? "is never" : `never ${VERBS[check.operator] ?? check.operator}`;
  const message = `\`${printOperand(check.left)}\` ${never} \`${short(text)}\`: ${why}`;
  return makeDiagnostic("impossible-value", span, message, {
    hint,
    labels: inside ? [] : [{ span: check.span, message: "compared here" }],
  });
}

const VERBS: Readonly<Record<string, string>> = {
  startswith: "starts with",
  endswith: "ends with",
  contains: "contains",
  icontains: "contains",
  glob: "matches",
};

/** What says of a value why it never is; nothing where all can be. */
function verdictOf({ left, operator }: CheckedCheck): Verdict | undefined {
  if (left.kind === "transformer") return (value) => whyNeverMade(left, operator, value);
  if (left.kind !== "field") return undefined;
  const { field, arg } = left;
  if (field.name !== "evt.arg") return verdictOfField(field.name, operator);
  return typeof arg === "string" ? (value) => impossibleFlag(arg, operator, value) : undefined;
}

/** Operators that see the letters of the value as they are. */
const LITERAL: readonly CheckedCheck["operator"][] = [
  ...["=", "!=", "in", "intersects", "startswith", "endswith", "contains", "glob"] as const,
];

function whyNeverMade(
  { name }: CheckedTransformer,
  operator: CheckedCheck["operator"],
  value: string,
): Impossible | undefined {
  if (!LITERAL.includes(operator)) return undefined;
  if (name === "tolower" && /[A-Z]/.test(value)) {
    return {
      why: "all its letters are lower case",
      hint: `write \`${short(value.replace(/[A-Z]/g, (letter) => letter.toLowerCase()))}\``,
    };
  }
  if (name === "toupper" && /[a-z]/.test(value)) {
    return {
      why: "all its letters are upper case",
      hint: `write \`${short(value.replace(/[a-z]/g, (letter) => letter.toUpperCase()))}\``,
    };
  }
  if (name === "basename" && value.includes("/")) {
    return { why: "it is what follows the last slash", hint: "compare the path itself" };
  }
  return undefined;
}
