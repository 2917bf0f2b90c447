// What a Sigma rule asks for, as a tree of checks on Sigma's fields, and the problem that stops a conversion.

export type Tree =
  | { readonly kind: "and" | "or"; readonly parts: readonly Tree[] }
  | { readonly kind: "not"; readonly part: Tree }
  | Item;

/** One comparison of a field, or of the whole record where there is no field. */
export interface Item {
  readonly kind: "item";
  readonly field?: string;
  readonly modifiers: readonly string[];
  /** one of them is enough */
  readonly value: string | number | boolean | null;
}

export function all(parts: readonly Tree[]): Tree {
  return parts.length === 1 ? parts[0]! : { kind: "and", parts };
}

export function any(parts: readonly Tree[]): Tree {
  return parts.length === 1 ? parts[0]! : { kind: "or", parts };
}

/** Why a rule is not converted; never leaves convertRule. */
export class CannotConvert extends Error {}
