// Leaf predicates: presence, number comparisons, the matcher's primitives and their inline forms.
// Each pushes 0 or 1, and 0 when a value is missing.

import type {
  CompareNode,
  Comparison,
  PredicateNode,
  PresentNode,
  TestNode,
  ValueNode,
} from "../lower/ir.ts";
import { OP } from "../wasm/opcodes.ts";
import { inlineForm, inlineSet, isInlineSet, isInlineText, takeLength, textTest } from "./inline_text.ts";
import type { Scope } from "./scope.ts";
import { lengthBits } from "./structures.ts";
import { missingOf, NO_NUMBER, type ValueEmitter } from "./values.ts";

const SIGNED: Readonly<Record<Comparison, number>> = {
  "=": OP.i64Eq,
  "!=": OP.i64Ne,
  "<": OP.i64LtS,
  "<=": OP.i64LeS,
  ">": OP.i64GtS,
  ">=": OP.i64GeS,
};
const UNSIGNED: Readonly<Record<Comparison, number>> = {
  "=": OP.i64Eq,
  "!=": OP.i64Ne,
  "<": OP.i64LtU,
  "<=": OP.i64LeU,
  ">": OP.i64GtU,
  ">=": OP.i64GeU,
};
const FLOAT: Readonly<Record<Comparison, number>> = {
  "=": OP.f64Eq,
  "!=": OP.f64Ne,
  "<": OP.f64Lt,
  "<=": OP.f64Le,
  ">": OP.f64Gt,
  ">=": OP.f64Ge,
};
const ORDER: Readonly<Record<Comparison, number>> = {
  "=": OP.i32Eq,
  "!=": OP.i32Ne,
  "<": OP.i32LtS,
  "<=": OP.i32LeS,
  ">": OP.i32GtS,
  ">=": OP.i32GeS,
};

type LeafNode = Extract<PredicateNode, PresentNode | CompareNode | TestNode>;

export function pushLeaf(scope: Scope, values: ValueEmitter, node: LeafNode): void {
  switch (node.kind) {
    case "present":
      values.push(scope, node.value);
      return pushDiffers(scope, missingOf(node.value.form));
    case "compare":
      return pushCompare(scope, values, node);
    case "test":
      return pushTest(scope, values, node);
  }
}

function pushDiffers({ code }: Scope, from: bigint): void {
  code.i64(from);
  code.op(OP.i64Ne);
}

/** Puts a value into a scratch local. */
function keep(scope: Scope, values: ValueEmitter, node: ValueNode, name: "left" | "right"): void {
  values.push(scope, node);
  scope.code.indexed(OP.localSet, scope.scratch(name));
}

function pushKept({ code }: Scope, local: number, form: ValueNode["form"], asFloat: boolean): void {
  code.indexed(OP.localGet, local);
  if (asFloat) code.op(form === "double" ? OP.f64ReinterpretI64 : OP.f64ConvertI64S);
}

function pushCompare(scope: Scope, values: ValueEmitter, { operator, left, right }: CompareNode): void {
  const { code } = scope;
  const float = left.form === "double";
  if (operator === "=" && right.kind === "number" && !float) {
    values.push(scope, left);
    values.push(scope, right);
    return code.op(OP.i64Eq);
  }
  keep(scope, values, left, "left");
  if (right.kind !== "number") keep(scope, values, right, "right");
  pushKept(scope, scope.scratch("left"), left.form, float);
  if (right.kind === "number") {
    code.i64(right.value);
    if (float) code.op(OP.f64ConvertI64S);
  } else pushKept(scope, scope.scratch("right"), right.form, float);
  const signed = left.form === "int" && right.form === "int";
  code.op((float ? FLOAT : signed ? SIGNED : UNSIGNED)[operator]);
  for (const [node, name] of [[left, "left"], [right, "right"]] as const) {
    if (node.kind === "number") continue;
    code.indexed(OP.localGet, scope.scratch(name));
    pushDiffers(scope, NO_NUMBER);
    code.op(OP.i32And);
  }
}

function pushTest(scope: Scope, values: ValueEmitter, node: TestNode): void {
  const { fn, left, right } = node;
  if (right.kind === "text" && inlineForm(fn) !== undefined) {
    return pushTextTest(scope, values, left, fn, right.bytes);
  }
  if (right.kind === "texts" && (fn === "str_in" || fn === "ip_in")) {
    return pushMembership(scope, values, node, right.items);
  }
  if (node.operator !== undefined) return pushOrder(scope, values, node, node.operator);
  values.push(scope, left);
  pushRight(scope, values, right);
  callTest(scope, values, node);
}

function pushRight(scope: Scope, values: ValueEmitter, right: TestNode["right"]): void {
  if ("id" in right) values.push(scope, right);
  else values.pushAddress(scope, values.pool.structure(right));
}

function callTest({ code }: Scope, values: ValueEmitter, { fn, right }: TestNode): void {
  code.call(values.import(fn, ["i64", "id" in right ? "i64" : "i32"], ["i32"]));
}

function pushTextTest(
  scope: Scope,
  values: ValueEmitter,
  left: ValueNode,
  fn: string,
  text: Uint8Array,
): void {
  const { code } = scope;
  const form = inlineForm(fn)!;
  keep(scope, values, left, "left");
  takeLength(scope);
  const primitive = isInlineText(fn, text) ? undefined : values.import(form, ["i64", "i64"], ["i32"]);
  textTest(scope, form, text, primitive, () => values.pushText(scope, text));
  if (fn !== "str_ne") return;
  code.op(OP.i32Eqz);
  code.indexed(OP.localGet, scope.scratch("left"));
  pushDiffers(scope, 0n);
  code.op(OP.i32And);
}

/** A few short texts are compared in place; a larger set is only asked when one of its items has the length. */
function pushMembership(
  scope: Scope,
  values: ValueEmitter,
  node: TestNode,
  items: readonly Uint8Array[],
): void {
  const { code } = scope;
  if (isInlineSet(items)) {
    keep(scope, values, node.left, "left");
    takeLength(scope);
    return inlineSet(scope, items);
  }
  const bits = lengthBits(items);
  const left = scope.scratch("left");
  if (bits >> 63n !== 0n) {
    // lengths from 63 on share a bit, and a shift by 64 and more would look at the wrong one
    values.push(scope, node.left);
    pushRight(scope, values, node.right);
    return callTest(scope, values, node);
  }
  keep(scope, values, node.left, "left");
  code.i64(bits);
  code.indexed(OP.localGet, left);
  code.i64(32n);
  code.op(OP.i64ShrU);
  code.op(OP.i64ShrU);
  code.i64(1n);
  code.op(OP.i64And);
  code.op(OP.i32WrapI64);
  code.open(OP.if, "i32");
  code.indexed(OP.localGet, left);
  pushRight(scope, values, node.right);
  callTest(scope, values, node);
  code.op(OP.else);
  code.i32(0);
  code.end();
}

/** strcmp's answer against 0; the primitive wants both texts, so a missing one is told apart here. */
function pushOrder(scope: Scope, values: ValueEmitter, node: TestNode, operator: Comparison): void {
  const { code } = scope;
  keep(scope, values, node.left, "left");
  code.indexed(OP.localGet, scope.scratch("left"));
  pushRight(scope, values, node.right);
  callTest(scope, values, node);
  code.i32(0);
  code.op(ORDER[operator]);
  code.indexed(OP.localGet, scope.scratch("left"));
  pushDiffers(scope, 0n);
  code.op(OP.i32And);
}
