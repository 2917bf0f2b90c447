// The condition language as written: what the parser makes of one condition, before macros are expanded and
// fields are looked up. Next stage: rules/check/checked.ts.

import type { Span } from "../text/span.ts";

/** Stages after the expansion of macros see no `Unread`: a condition with one has been refused. */
export type Expr = Logic | Not | MacroUse | Check | Unread;

/** What cannot be read, up to where reading goes on. */
export interface Unread {
  readonly kind: "unread";
  readonly span: Span;
}

/** `a and b and c`; two operands or more. */
export interface Logic {
  readonly kind: "and" | "or";
  readonly operands: readonly Expr[];
  readonly span: Span;
}

export interface Not {
  readonly kind: "not";
  readonly operand: Expr;
  readonly span: Span;
}

/** A bare identifier. */
export interface MacroUse {
  readonly kind: "macro";
  readonly name: string;
  /** the name of the list in whose place it stands */
  readonly list?: Span;
  readonly span: Span;
}

export interface Check {
  readonly kind: "check";
  readonly left: FieldUse | TransformerUse;
  readonly operator: Operator;
  readonly operatorSpan: Span;
  readonly modifier?: Modifier;
  /** absent for `exists` */
  readonly right?: Value | ValueList | FieldUse | TransformerUse;
  readonly span: Span;
}

/** `fd.name`, `proc.aname[2]`, `evt.arg.flags`; on the right side it was written `val(fd.name)`. */
export interface FieldUse {
  readonly kind: "field";
  /** all up to the bracket: `evt.arg.flags` is one name here */
  readonly name: string;
  /** text between the brackets */
  readonly arg?: string;
  readonly span: Span;
}

/** `tolower(proc.name)`; `arg` only for `getopt(…)[x]`. */
export interface TransformerUse {
  readonly kind: "transformer";
  readonly name: string;
  readonly operands: readonly (Operand | OperandList)[];
  readonly arg?: string;
  readonly span: Span;
}

export type Operand = FieldUse | TransformerUse | Value;

/** `(proc.name, "-", proc.exe)` within a transformer. */
export interface OperandList {
  readonly kind: "operands";
  readonly items: readonly Operand[];
  readonly span: Span;
}

export interface Value {
  readonly kind: "value";
  /** unescaped */
  readonly text: string;
  /** where escapes such as \xff made bytes that are no text: all bytes of the value */
  readonly bytes?: Uint8Array;
  readonly quoted: boolean;
  readonly span: Span;
}

export interface ValueList {
  readonly kind: "list";
  readonly items: readonly Value[];
  readonly span: Span;
}

export const OPERATORS = [
  "exists",
  "=",
  "==",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "contains",
  "icontains",
  "bcontains",
  "startswith",
  "bstartswith",
  "endswith",
  "glob",
  "iglob",
  "regex",
  "in",
  "intersects",
  "pmatch",
] as const;
export type Operator = typeof OPERATORS[number];

export const TRANSFORMERS = [
  "tolower",
  "toupper",
  "b64",
  "basename",
  "len",
  "join",
  "concat",
  "getopt",
] as const;

export const MODIFIERS = ["oneof", "anyof", "allof"] as const;
export type Modifier = typeof MODIFIERS[number];
