// Operands as text, in the one form that Falco gives them: the keys of output_fields, descriptions of rules.
// In: operands of the parser. Out: text.

import type { Operand, OperandList } from "./ast.ts";

export function printOperand(use: Operand | OperandList): string {
  switch (use.kind) {
    case "field":
      return use.name + printArgument(use.arg);
    case "transformer":
      return `${use.name}(${use.operands.map(printOperand).join(",")})${printArgument(use.arg)}`;
    case "operands":
      return `(${use.items.map(printOperand).join(", ")})`;
    case "value":
      return escapeText(use.text);
  }
}

function printArgument(arg: string | undefined): string {
  return arg === undefined ? "" : `[${escapeText(arg)}]`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\\": "\\\\",
  '"': '\\"',
};

/** In double quotes when it could not stand bare. */
export function escapeText(text: string): string {
  if (!/[\b\f\n\r\t "'\\=\0]/.test(text)) return text;
  return `"${text.replace(/[\b\f\n\r\t\\"]/g, (char) => ESCAPES[char]!)}"`;
}
