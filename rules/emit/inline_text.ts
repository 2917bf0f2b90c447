// Comparison of a view with short constants without a call: length first, then the bytes in one or two loads.
// A call into the matcher costs several ns, and most comparisons end at the length or at the first bytes.
// Loads never leave the text: its end may be the end of the memory.

import type { CodeBuilder, FunctionRef } from "../wasm/code.ts";
import { OP } from "../wasm/opcodes.ts";
import type { Scope } from "./scope.ts";

/** Texts up to here are compared wholly in place. */
const INLINE_BYTES = 16;

const LOADS = {
  8: { load: OP.i64Load, equal: OP.i64Eq },
  4: { load: OP.i32Load, equal: OP.i32Eq },
  2: { load: OP.i32Load16U, equal: OP.i32Eq },
  1: { load: OP.i32Load8U, equal: OP.i32Eq },
} as const;

type LoadBytes = keyof typeof LOADS;

export type TextTest = "str_eq" | "str_startswith" | "str_endswith";

/** Primitives with an inline form, and that form: addresses are equal when their bytes are. */
const INLINE_FORMS: Readonly<Record<string, TextTest>> = {
  str_eq: "str_eq",
  str_ne: "str_eq",
  ip_eq: "str_eq",
  str_startswith: "str_startswith",
  str_endswith: "str_endswith",
};

export function inlineForm(fn: string): TextTest | undefined {
  return INLINE_FORMS[fn];
}

/** Whether the comparison with this constant needs no call at all. */
export function isInlineText(fn: string, text: Uint8Array): boolean {
  return inlineForm(fn) !== undefined && text.length <= INLINE_BYTES;
}

/** Which loads cover `length` bytes, from the start; they may overlap. */
function cover(length: number): { at: number; bytes: LoadBytes }[] {
  if (length === 0) return [];
  if (length > INLINE_BYTES) return [{ at: 0, bytes: 8 }];
  const bytes: LoadBytes = length >= 8 ? 8 : length >= 4 ? 4 : length >= 2 ? 2 : 1;
  if (length === bytes) return [{ at: 0, bytes }];
  return [{ at: 0, bytes }, { at: length - bytes, bytes }];
}

function constantWord(code: CodeBuilder, text: Uint8Array, at: number, bytes: LoadBytes): void {
  let word = 0n;
  for (let i = bytes - 1; i >= 0; i--) word = (word << 8n) | BigInt(text[at + i]!);
  if (bytes === 8) code.i64(word);
  else code.i32(Number(BigInt.asIntN(32, word)));
}

/** Pushes whether the bytes at the address in `left` (from its end when `fromEnd`) are those of `text`. */
function sameBytes(scope: Scope, text: Uint8Array, fromEnd: boolean): void {
  const { code } = scope;
  const parts = cover(text.length);
  for (const [index, { at, bytes }] of parts.entries()) {
    code.indexed(OP.localGet, scope.scratch("left"));
    code.op(OP.i32WrapI64);
    if (fromEnd) {
      code.indexed(OP.localGet, scope.scratch("bytes"));
      code.op(OP.i32Add);
      code.i32(text.length);
      code.op(OP.i32Sub);
    }
    code.load(LOADS[bytes].load, { align: 0, offset: at });
    constantWord(code, text, at, bytes);
    code.op(LOADS[bytes].equal);
    if (index > 0) code.op(OP.i32And);
  }
  if (parts.length === 0) code.i32(1);
}

/** Stores the length of the view in `left` into `bytes`. */
export function takeLength(scope: Scope): void {
  const { code } = scope;
  code.indexed(OP.localGet, scope.scratch("left"));
  code.i64(32n);
  code.op(OP.i64ShrU);
  code.op(OP.i32WrapI64);
  code.indexed(OP.localSet, scope.scratch("bytes"));
}

function pushLengthFits(scope: Scope, kind: TextTest, length: number): void {
  const { code } = scope;
  if (length === 0) {
    // only here a missing value, whose length is 0 too, has to be told apart
    code.indexed(OP.localGet, scope.scratch("left"));
    code.i64(0n);
    code.op(OP.i64Ne);
    if (kind !== "str_eq") return;
  }
  code.indexed(OP.localGet, scope.scratch("bytes"));
  code.i32(length);
  code.op(kind === "str_eq" ? OP.i32Eq : OP.i32GeS);
  if (length === 0) code.op(OP.i32And);
}

/**
 * Pushes the answer of one comparison. The view is in `left`, its length in `bytes`.
 * @param pushText pushes the view of the constant
 */
export function textTest(
  scope: Scope,
  kind: TextTest,
  text: Uint8Array,
  primitive: FunctionRef | undefined,
  pushText: () => void,
): void {
  const { code } = scope;
  pushLengthFits(scope, kind, text.length);
  if (text.length === 0) return;
  code.open(OP.if, "i32");
  sameBytes(scope, text, kind === "str_endswith");
  if (text.length > INLINE_BYTES && primitive !== undefined) {
    code.open(OP.if, "i32");
    code.indexed(OP.localGet, scope.scratch("left"));
    pushText();
    code.call(primitive);
    code.op(OP.else);
    code.i32(0);
    code.end();
  }
  code.op(OP.else);
  code.i32(0);
  code.end();
}

/** Whether a set of these texts is compared in place. */
export function isInlineSet(items: readonly Uint8Array[]): boolean {
  return items.length <= INLINE_ITEMS && items.every((item) => item.length <= INLINE_BYTES);
}

/** Sets up to here become a chain of comparisons. */
const INLINE_ITEMS = 6;

/** Pushes whether the view in `left` (its length in `bytes`) is one of a few short texts. */
export function inlineSet(scope: Scope, items: readonly Uint8Array[]): void {
  const { code } = scope;
  const done = code.open(OP.block, "i32");
  const hit = code.open(OP.block);
  const byLength = Map.groupBy(items, (item) => item.length);
  for (const [length, group] of byLength) {
    const next = code.open(OP.block);
    pushLengthFits(scope, "str_eq", length);
    code.op(OP.i32Eqz);
    code.branch(OP.brIf, next);
    if (length === 0) code.branch(OP.br, hit);
    else {
      for (const item of group) {
        sameBytes(scope, item, false);
        code.branch(OP.brIf, hit);
      }
      code.i32(0);
      code.branch(OP.br, done);
    }
    code.end();
  }
  code.i32(0);
  code.branch(OP.br, done);
  code.end();
  code.i32(1);
  code.end();
}
