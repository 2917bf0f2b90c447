// Parsed and checked rules as text, one node a line, for golden files and for people who look for a fault.
// In: Expr, CheckedExpr, CheckedRule. Out: text. Not a format: nothing reads it back.

import type { Check, Expr, Operand, OperandList, ValueList } from "./syntax/ast.ts";
import type { CheckedExpr, CheckedOperand, CheckedRule, OutputField } from "./check/checked.ts";
import { positionAt } from "./text/source.ts";
import type { Span } from "./text/span.ts";

/** An expression as parsed; with `places`, where each node stands. */
export function dumpExpr(expr: Expr, places = false, indent = ""): string {
  const at = places ? ` @${dumpSpan(expr.span)}` : "";
  switch (expr.kind) {
    case "and":
    case "or": {
      const operands = expr.operands.map((operand) => dumpExpr(operand, places, indent + "  "));
      return `${indent}${expr.kind}${at}\n${operands.join("")}`;
    }
    case "not":
      return `${indent}not${at}\n${dumpExpr(expr.operand, places, indent + "  ")}`;
    case "unread":
      return `${indent}unread${at}\n`;
    case "macro":
      return `${indent}macro ${expr.name}${at}\n`;
    case "check":
      return `${indent}${dumpCheck(expr, places)}${at}\n`;
  }
}

function dumpCheck(check: Check, places: boolean): string {
  const words = [dumpUse(check.left, places), check.operator];
  if (check.modifier !== undefined) words.push(check.modifier);
  if (check.right !== undefined) words.push(dumpUse(check.right, places));
  return words.join(" ");
}

function dumpUse(use: Operand | OperandList | ValueList, places: boolean): string {
  const at = places ? `@${dumpSpan(use.span)}` : "";
  const arg = "arg" in use && use.arg !== undefined ? `[${JSON.stringify(use.arg)}]` : "";
  switch (use.kind) {
    case "field":
      return `${use.name}${arg}${at}`;
    case "transformer":
      return `${use.name}(${use.operands.map((operand) => dumpUse(operand, places)).join(", ")})${arg}${at}`;
    case "operands":
    case "list":
      return `(${use.items.map((item) => dumpUse(item, places)).join(", ")})`;
    case "value":
      return (use.bytes === undefined ? JSON.stringify(use.text) : dumpBytes(use.bytes)) + at;
  }
}

/** `line:column-column`, with the file where that is not clear. */
function dumpSpan(span: Span): string {
  const start = positionAt(span.source, span.start);
  const end = positionAt(span.source, span.end);
  const until = start.line === end.line ? `${end.column}` : `${end.line}:${end.column}`;
  return `${start.line}:${start.column}-${until}`;
}

function dumpChecked(expr: CheckedExpr, indent = ""): string {
  switch (expr.kind) {
    case "and":
    case "or": {
      const operands = expr.operands.map((operand) => dumpChecked(operand, indent + "  "));
      return `${indent}${expr.kind}\n${operands.join("")}`;
    }
    case "not":
      return `${indent}not\n${dumpChecked(expr.operand, indent + "  ")}`;
    case "check": {
      const words = [dumpOperand(expr.left), expr.operator];
      if (expr.modifier !== undefined) words.push(expr.modifier);
      const right = expr.right.map(dumpOperand);
      const several = expr.modifier !== undefined || ["in", "intersects", "pmatch"].includes(expr.operator);
      if (expr.operator !== "exists") words.push(several ? `(${right.join(", ")})` : right.join(", "));
      return `${indent}${words.join(" ")}\n`;
    }
  }
}

function dumpOperand(operand: CheckedOperand): string {
  const arg = "arg" in operand && operand.arg !== undefined ? `[${JSON.stringify(operand.arg)}]` : "";
  switch (operand.kind) {
    case "field":
      return `${operand.field.name}${arg}:${operand.type ?? operand.field.type}${
        operand.field.list ? "*" : ""
      }`;
    case "transformer":
      return `${operand.name}(${operand.operands.map(dumpOperand).join(", ")})${arg}`;
    case "text":
      return dumpBytes(operand.bytes);
    case "number":
    case "bool":
      return String(operand.value);
    case "ip":
      return `ip ${dumpHex(operand.bytes)}`;
    case "net":
      return `net ${dumpHex(operand.bytes)}/${operand.prefixBits}`;
  }
}

/** As text where it is text. */
function dumpBytes(bytes: Uint8Array): string {
  try {
    return JSON.stringify(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return `hex ${dumpHex(bytes)}`;
  }
}

function dumpHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function dumpParts(parts: readonly (string | OutputField)[]): string {
  return parts.map((part) => {
    if (typeof part === "string") return JSON.stringify(part);
    return `${part.key}${part.width === undefined ? "" : ` width ${part.width}`} = ${
      dumpOperand(part.operand)
    }`;
  }).map((line) => `    ${line}\n`).join("");
}

export function dumpRule(rule: CheckedRule): string {
  const marks = [
    rule.enabled ? "" : " disabled",
    rule.capture ? ` capture ${rule.captureDurationMs} ms` : "",
    rule.tags.length > 0 ? ` [${rule.tags.join(" ")}]` : "",
  ];
  const extra = rule.output.extra?.map(({ key, parts }) => `  extra ${key}\n${dumpParts(parts)}`).join("") ??
    "";
  return `rule ${JSON.stringify(rule.name)} ${rule.priority} ${rule.source}${marks.join("")}\n` +
    `  desc ${JSON.stringify(rule.desc)}\n  condition\n${dumpChecked(rule.condition, "    ")}` +
    `  output\n${dumpParts(rule.output.parts)}` +
    `  fields ${rule.output.fields.map((field) => field.key).join(" ")}\n${extra}`;
}
