// Binds the operands of a check: fields to the catalogue, transformers to what they make of a type.
// In: FieldUse, TransformerUse and Value of the parser. Out: CheckedOperand with its type, or problems.
// Elsewhere: names of fields (catalogue.ts), constants on the right (values.ts), operators (check.ts).

import type { FieldType } from "../../schema/mod.ts";
import type { FieldUse, Operand, OperandList, TransformerUse } from "../syntax/ast.ts";
import type { FieldCatalogue } from "./catalogue.ts";
import type { CheckedOperand, CheckedTransformer } from "./checked.ts";
import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import { TYPE_NAMES } from "./operators.ts";
import type { Span } from "../text/span.ts";
import { bytesOf } from "./values.ts";

export interface TypedOperand<T extends CheckedOperand = CheckedOperand> {
  readonly operand: T;
  readonly type: FieldType;
  readonly bits: number;
  readonly list: boolean;
  /** can stand on either side of a comparison of two fields */
  readonly comparable: boolean;
}

export type OperandResult = TypedOperand | { readonly problem: Diagnostic };

export function bindOperand(use: Operand, fields: FieldCatalogue): OperandResult {
  switch (use.kind) {
    case "field":
      return bindField(use, fields);
    case "transformer":
      return bindTransformer(use, fields);
    case "value":
      return {
        operand: { kind: "text", bytes: bytesOf(use) },
        type: "string",
        bits: 0,
        list: false,
        comparable: true,
      };
  }
}

function bindField(use: FieldUse, fields: FieldCatalogue): OperandResult {
  const found = fields.resolve(use.name, use.arg);
  if ("code" in found) {
    return {
      problem: makeDiagnostic(found.code, use.span, found.message, {
        notes: found.notes ?? [],
        hint: found.hint?.(),
      }),
    };
  }
  const { field, arg, type } = found;
  return {
    operand: {
      kind: "field",
      field,
      ...(arg === undefined ? {} : { arg }),
      ...(field.type === "dyn" ? { type } : {}),
    },
    type,
    bits: field.type === "dyn" ? 64 : field.bits,
    list: field.list,
    comparable: field.noRightSide !== true,
  };
}

function bindTransformer(use: TransformerUse, fields: FieldCatalogue): OperandResult {
  const operands: TypedOperand[] = [];
  let tuple = false;
  for (const part of use.operands) {
    const parts: readonly Operand[] = part.kind === "operands" ? part.items : [part];
    tuple ||= part.kind === "operands";
    for (const inner of parts) {
      const bound = bindOperand(inner, fields);
      if ("problem" in bound) return bound;
      operands.push(bound);
    }
  }
  switch (use.name) {
    case "join":
      return bindJoin(use, operands);
    case "concat":
      return bindConcat(use, operands, tuple);
    case "getopt":
      return bindGetopt(use, operands);
    default:
      return bindUnary(use, operands, tuple);
  }
}

function bindUnary(use: TransformerUse, operands: readonly TypedOperand[], tuple: boolean): OperandResult {
  if (use.operands.length !== 1 || tuple) return wrong(use, `\`${use.name}(…)\` takes one field or text`);
  if (use.arg !== undefined) return wrong(use, `\`${use.name}(…)\` takes no argument in brackets`);
  const [inner] = operands as [TypedOperand];
  const { operand } = inner;
  if (operand.kind === "field" && operand.field.noTransform) {
    return wrong(use, `\`${operand.field.name}\` cannot stand in a transformer`);
  }
  const accepted: readonly FieldType[] = use.name === "b64" || use.name === "len"
    ? ["string", "bytes"]
    : ["string"];
  const anyList = use.name === "len" && inner.list;
  if (!anyList && !accepted.includes(inner.type)) {
    const what = accepted.includes("bytes") ? "text or bytes" : "text";
    return wrong(
      use,
      `\`${use.name}(…)\` takes ${what}, and its operand is ${TYPE_NAMES[inner.type]}`,
      use.operands[0]!.span,
    );
  }
  const made = transformer(use, operands);
  if (use.name === "len") return { operand: made, type: "uint", bits: 64, list: false, comparable: true };
  return { operand: made, type: inner.type, bits: 0, list: inner.list, comparable: true };
}

function bindJoin(use: TransformerUse, operands: readonly TypedOperand[]): OperandResult {
  const [separator, list] = use.operands;
  if (use.arg !== undefined) return wrong(use, "`join(…)` takes no argument in brackets");
  if (use.operands.length !== 2 || separator === undefined || list === undefined) {
    return wrong(use, "`join(…)` takes a separator and a list");
  }
  const [first, ...rest] = operands;
  if (separator.kind === "operands" || first === undefined || first.list || first.type !== "string") {
    return wrong(use, "the separator of `join(…)` is one text", separator.span);
  }
  if (list.kind !== "operands" && !rest.every((operand) => operand.list)) {
    return wrong(
      use,
      "`join(…)` joins a list: a field with several values, or texts in parentheses",
      list.span,
    );
  }
  const inParentheses = list.kind === "operands";
  const bad = rest.find(({ type, list }) => inParentheses ? list || !isPrintable(type) : type !== "string");
  if (bad !== undefined) return wrong(use, "`join(…)` joins texts only", list.span);
  return text(transformer(use, operands));
}

function bindConcat(use: TransformerUse, operands: readonly TypedOperand[], tuple: boolean): OperandResult {
  if (use.arg !== undefined) return wrong(use, "`concat(…)` takes no argument in brackets");
  if (operands.length < 2 || tuple) return wrong(use, "`concat(…)` takes two texts or more");
  const bad = operands.findIndex((operand) => operand.type !== "string" || operand.list);
  if (bad >= 0) return wrong(use, "`concat(…)` takes texts only", use.operands[bad]!.span);
  return text(transformer(use, operands));
}

function bindGetopt(use: TransformerUse, operands: readonly TypedOperand[]): OperandResult {
  const [args, options] = use.operands;
  const typed = operands.at(-1);
  if (use.operands.length !== 2 || args === undefined || options === undefined || typed === undefined) {
    return wrong(use, "`getopt(…)` takes a list of arguments and a text with the options");
  }
  const items = operands.slice(0, -1);
  const isList = args.kind === "operands"
    ? items.every((item) => !item.list && isPrintable(item.type))
    : items.every((item) => item.list && item.type === "string");
  if (!isList) return wrong(use, "the first operand of `getopt(…)` is a list of texts", args.span);
  if (options.kind === "operands" || typed.list || typed.type !== "string") {
    return wrong(use, "the second operand of `getopt(…)` is one text", options.span);
  }
  if (use.arg !== undefined && new TextEncoder().encode(use.arg).length !== 1) {
    return wrong(use, "what is in the brackets of `getopt(…)` is one option of one character");
  }
  const made = transformer(use, operands);
  return { operand: made, type: "string", bits: 0, list: use.arg === undefined, comparable: true };
}

/** In parentheses numbers become texts. */
function isPrintable(type: FieldType): boolean {
  return type === "string" || NUMBERS.includes(type);
}

const NUMBERS: readonly FieldType[] = ["int", "uint", "port"];

function transformer(use: TransformerUse, operands: readonly TypedOperand[]): CheckedTransformer {
  return {
    kind: "transformer",
    name: use.name as CheckedTransformer["name"],
    operands: operands.map((typed) => typed.operand),
    ...(use.arg === undefined ? {} : { arg: use.arg }),
  };
}

function text(operand: CheckedTransformer): TypedOperand {
  return { operand, type: "string", bits: 0, list: false, comparable: true };
}

function wrong(use: TransformerUse, message: string, span: Span = use.span): OperandResult {
  return { problem: makeDiagnostic("transformer-type", span, message) };
}

/** Every plain field within an operand, for warnings about them. */
export function fieldsOf(use: Operand | OperandList, into: FieldUse[] = []): FieldUse[] {
  if (use.kind === "field") into.push(use);
  else if (use.kind === "transformer") { for (const inner of use.operands) fieldsOf(inner, into); }
  else if (use.kind === "operands") { for (const inner of use.items) fieldsOf(inner, into); }
  return into;
}
