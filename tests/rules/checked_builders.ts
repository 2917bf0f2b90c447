// Builds checked rules by hand, for tests of the stages after the checker.

import { fieldByName } from "../../schema/fields.ts";
import type {
  CheckedCheck,
  CheckedExpr,
  CheckedField,
  CheckedOperand,
  CheckedRule,
  CheckedValue,
  OutputField,
} from "../../rules/check/checked.ts";
import type { Modifier } from "../../rules/syntax/ast.ts";

const SPAN = { source: { path: "test", text: "" }, start: 0, end: 0 };

/** `proc.name`, `evt.arg.flags`, `evt.rawarg.fd`, `proc.aname[2]`, `proc.env[HOME]` */
export function field(written: string): CheckedField {
  const param = /^(evt\.(?:raw)?arg|evt\.type\.is)\.(.+)$/.exec(written);
  const bracket = /^(.+)\[(.+)\]$/.exec(written);
  const [, name = written, arg] = param ?? bracket ?? [];
  const found = fieldByName(name);
  if (found === undefined) throw new Error(`no field ${name}`);
  if (arg === undefined) return { kind: "field", field: found };
  return { kind: "field", field: found, arg: /^\d+$/.test(arg) ? Number(arg) : arg };
}

export function text(value: string): CheckedValue {
  return { kind: "text", bytes: Uint8Array.from(value, (char) => char.charCodeAt(0)) };
}

export function number(value: bigint | number): CheckedValue {
  return { kind: "number", value: BigInt(value) };
}

export function check(
  left: string | CheckedOperand,
  operator: CheckedCheck["operator"],
  right: readonly (CheckedOperand | string | number)[] = [],
  modifier?: Modifier,
): CheckedCheck {
  return {
    kind: "check",
    left: typeof left === "string" ? field(left) : left,
    operator,
    ...(modifier === undefined ? {} : { modifier }),
    right: right.map((item) =>
      typeof item === "string" ? text(item) : typeof item === "number" ? number(item) : item
    ),
    span: SPAN,
  };
}

export const and = (...operands: CheckedExpr[]): CheckedExpr => ({ kind: "and", operands });
export const or = (...operands: CheckedExpr[]): CheckedExpr => ({ kind: "or", operands });
export const not = (operand: CheckedExpr): CheckedExpr => ({ kind: "not", operand });

export function rule(name: string, condition: CheckedExpr, outputs: readonly string[] = []): CheckedRule {
  const fields = outputs.map((key): OutputField => ({ key, operand: field(key) }));
  return {
    name,
    desc: "",
    priority: "Warning",
    source: "syscall",
    tags: [],
    condition,
    output: { parts: fields, fields },
    enabled: true,
    capture: false,
    captureDurationMs: 0,
    warnEventTypes: true,
    span: SPAN,
  };
}
