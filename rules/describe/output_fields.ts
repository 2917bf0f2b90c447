// The fields that one part of an output prints, as Falco tells them: those within transformers, then the transformer itself; of
// transformers within each other only the outermost.
// In: the part as text. Out: its names, in order. Elsewhere: the part itself (output/output_template.ts).

import type { Operand, OperandList } from "../syntax/ast.ts";
import { MappedText } from "../text/mapped_text.ts";
import { parseOperandAt } from "../syntax/parser.ts";
import { printOperand } from "../syntax/print_operand.ts";

export function outputFieldsOf(part: string): string[] {
  const span = { source: { path: "", text: part }, start: 0, end: part.length };
  const parsed = parseOperandAt(MappedText.synthetic(part, span), 0);
  if (parsed === undefined) return [part];
  const fields = fieldsIn(parsed.operand);
  return parsed.operand.kind === "transformer" ? [...fields, part] : [part];
}

function fieldsIn(operand: Operand | OperandList): string[] {
  switch (operand.kind) {
    case "field":
      return [printOperand(operand)];
    case "transformer":
      return operand.operands.flatMap(fieldsIn);
    case "operands":
      return operand.items.flatMap(fieldsIn);
    case "value":
      return [];
  }
}
