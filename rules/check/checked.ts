// What the front half of the compiler (read, parse, resolve, check) hands to the back half (lower, emit): rules
// whose macros are expanded, whose fields are bound to the catalogue and whose values have their field's type.

import type { Priority } from "../../base/mod.ts";
import type { FieldDef, FieldType } from "../../schema/mod.ts";
import type { Modifier, Operator } from "../syntax/ast.ts";
import type { Span } from "../text/span.ts";

export type CheckedExpr =
  | { readonly kind: "and" | "or"; readonly operands: readonly CheckedExpr[] }
  | { readonly kind: "not"; readonly operand: CheckedExpr }
  | CheckedCheck;

export interface CheckedCheck {
  readonly kind: "check";
  readonly left: CheckedOperand;
  /** `==` has become `=` */
  readonly operator: Exclude<Operator, "==">;
  readonly modifier?: Modifier;
  /** none for `exists`; one for scalar operators; a list for `in`, `intersects`, `pmatch` and modifiers */
  readonly right: readonly CheckedOperand[];
  readonly span: Span;
}

export type CheckedOperand = CheckedField | CheckedTransformer | CheckedValue;

export interface CheckedField {
  readonly kind: "field";
  readonly field: FieldDef;
  /** text of the argument; a number when the field's argument is an index */
  readonly arg?: string | number;
  /** the type of a field whose own is "dyn": what the parameter of evt.rawarg has */
  readonly type?: FieldType;
}

export interface CheckedTransformer {
  readonly kind: "transformer";
  readonly name: "tolower" | "toupper" | "b64" | "basename" | "len" | "join" | "concat" | "getopt";
  /** join: the separator, then a list field or the texts to join */
  readonly operands: readonly CheckedOperand[];
  readonly arg?: string;
}

export type CheckedValue =
  | { readonly kind: "text"; readonly bytes: Uint8Array }
  | { readonly kind: "number"; readonly value: bigint }
  | { readonly kind: "bool"; readonly value: boolean }
  /** 4 or 16 bytes in network order */
  | { readonly kind: "ip"; readonly bytes: Uint8Array }
  | { readonly kind: "net"; readonly bytes: Uint8Array; readonly prefixBits: number };

/** One rule without errors. */
export interface CheckedRule {
  readonly name: string;
  readonly desc: string;
  readonly priority: Priority;
  readonly source: string;
  readonly tags: readonly string[];
  readonly condition: CheckedExpr;
  readonly output: OutputTemplate;
  readonly enabled: boolean;
  /** record what happens after a match */
  readonly capture: boolean;
  readonly captureDurationMs: number;
  /** whether a condition that runs on every event is worth a warning */
  readonly warnEventTypes: boolean;
  readonly span: Span;
}

/** An output format cut into text and fields. */
export interface OutputTemplate {
  readonly parts: readonly (string | OutputField)[];
  /**
   * Distinct fields in the order of their first use: what the matcher renders at a match. A field within a transformer
   * is one of them, before the transformer; `extra` fields come last. Transformers have no place in output_fields.
   */
  readonly fields: readonly OutputField[];
  /** entries of output_fields that are texts of their own, from append_output */
  readonly extra?: readonly { readonly key: string; readonly parts: readonly (string | OutputField)[] }[];
}

export interface OutputField {
  /** as written, argument included: the key in `output_fields` */
  readonly key: string;
  readonly operand: CheckedField | CheckedTransformer;
  /** pads and truncates the text */
  readonly width?: number;
}
